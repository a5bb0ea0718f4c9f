package shootdown.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import shootdown.machine.MachineProfile;
import shootdown.machine.MachineTable;

/// Machines of the user's own: the text files that `--machine` names, each with one line of the
/// form of `machines.txt`.
final class OwnMachines {
  private static final String SUFFIX = ".txt";

  private OwnMachines() {}

  /// Those that are named, each called like its file.
  ///
  /// @throws BadInput with all that is wrong with any of them
  static List<MachineProfile> of(List<String> machines) throws BadInput {
    var found = new ArrayList<MachineProfile>();
    var wrong = new ArrayList<String>();
    for (String name : machines) {
      if (name.endsWith(SUFFIX)) {
        try {
          found.add(read(name));
        } catch (BadInput bad) {
          wrong.add(bad.getMessage());
        }
      }
    }
    if (!wrong.isEmpty()) {
      throw new BadInput(wrong);
    }
    return found;
  }

  private static MachineProfile read(String file) throws BadInput {
    try {
      var machines = MachineTable.parse(Files.readAllLines(Path.of(file)));
      if (machines.size() != 1) {
        throw new BadInput(file + ": holds " + machines.size() + " machines, not one");
      }
      return machines.getFirst().named(file);
    } catch (MachineTable.Malformed malformed) {
      throw new BadInput(file + ":" + malformed.line() + ": error: " + malformed.getMessage());
    } catch (NoSuchFileException e) {
      throw new BadInput(file + ": no such file");
    } catch (IOException | InvalidPathException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage());
    }
  }
}
