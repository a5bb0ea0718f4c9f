package shootdown.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.machine.MachineProfile.Reach;
import shootdown.machine.MachineProfile.Shootdown;

/// The machines of `machines.txt`, in the order of that table.
public final class Profiles {
  private static final String TABLE = "machines.txt";
  private static final int COLUMNS = 14;
  private static final List<MachineProfile> ALL = load();

  private Profiles() {}

  /// A line of the table that does not say what a machine is: a bug of our own.
  public static final class TableError extends Error {
    private static final long serialVersionUID = 1;

    TableError(int line, String message) {
      super(TABLE + ":" + line + ": " + message);
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

  /// Reads a table.
  ///
  /// @throws TableError with the line's number, if one is malformed or a name comes twice
  static List<MachineProfile> parse(List<String> lines) {
    var profiles = new ArrayList<MachineProfile>();
    var names = new HashSet<String>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var profile = new Row(i + 1, line.split("\\s+", COLUMNS)).profile();
      if (!names.add(profile.name())) {
        throw new TableError(i + 1, "a second machine " + profile.name());
      }
      profiles.add(profile);
    }
    return List.copyOf(profiles);
  }

  private record Row(int line, String[] columns) {
    private static final Map<String, Boolean> BY = Map.of("hw", true, "sw", false);

    MachineProfile profile() {
      if (columns.length != COLUMNS) {
        throw new TableError(line, columns.length + " columns, not " + COLUMNS);
      }
      return new MachineProfile(
          columns[0],
          oneOf(1, BY),
          oneOf(2, BY),
          oneOf(3, byName(Shootdown.values())),
          oneOf(4, Map.of("drops", true, "keeps", false)),
          oneOf(5, byName(Reach.values())),
          oneOf(6, byName(Reach.values())),
          oneOf(7, byName(Reach.values())),
          oneOf(8, byName(MachineProfile.WalkCache.values())),
          oneOf(9, byName(MachineProfile.TableFree.values())),
          oneOf(10, Map.of("yes", true, "no", false)),
          oneOf(11, Map.of("flush", true, "keep", false)),
          oneOf(12, byName(MachineProfile.MemoryOrder.values())),
          columns[13]);
    }

    private <T> T oneOf(int column, Map<String, T> meanings) {
      var meaning = meanings.get(columns[column]);
      if (meaning == null) {
        throw new TableError(
            line,
            "column " + (column + 1) + " is '" + columns[column] + "', not one of "
                + meanings.keySet().stream().sorted().collect(Collectors.joining(", ")));
      }
      return meaning;
    }

    private static <E extends Enum<E>> Map<String, E> byName(E[] values) {
      return Stream.of(values)
          .collect(Collectors.toMap(v -> v.name().toLowerCase(Locale.ROOT), v -> v));
    }
  }
}
