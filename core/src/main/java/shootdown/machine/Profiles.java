package shootdown.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The machines of `machines.txt`, in the order of that table.
public final class Profiles {
  private static final String TABLE = "machines.txt";
  private static final List<MachineProfile> ALL = load();

  private Profiles() {}

  /// Our own table is malformed: a bug of our own.
  public static final class TableError extends Error {
    private static final long serialVersionUID = 1;

    TableError(MachineTable.Malformed malformed) {
      super(TABLE + ":" + malformed.line() + ": " + malformed.getMessage(), malformed);
    }
  }

  public static List<MachineProfile> all() {
    return ALL;
  }

  /// The machine of this name, as users type it.
  public static Optional<MachineProfile> find(String name) {
    return ALL.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private static List<MachineProfile> load() {
    var stream = Objects.requireNonNull(Profiles.class.getResourceAsStream(TABLE), TABLE);
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return parse(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<MachineProfile> parse(List<String> lines) {
    try {
      return MachineTable.parse(lines);
    } catch (MachineTable.Malformed malformed) {
      throw new TableError(malformed);
    }
  }
}
