package shootdown.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Files of the user's own that options name.
final class OwnFiles {
  private OwnFiles() {}

  /// Makes something of a file.
  @FunctionalInterface
  interface Reader<T> {
    T read(String file) throws IOException, BadInput;
  }

  /// What is made of each.
  ///
  /// @throws BadInput with all that is wrong with any of them
  static <T> List<T> read(Collection<String> files, Reader<T> reader) throws BadInput {
    var made = new ArrayList<T>();
    var wrong = new ArrayList<String>();
    for (String file : files) {
      try {
        made.add(reader.read(file));
      } catch (BadInput bad) {
        wrong.add(bad.getMessage());
      } catch (NoSuchFileException e) {
        wrong.add(file + ": no such file");
      } catch (IOException | InvalidPathException e) {
        wrong.add(file + ": cannot be read: " + e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      throw new BadInput(wrong);
    }
    return List.copyOf(made);
  }
}
