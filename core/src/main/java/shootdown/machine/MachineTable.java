package shootdown.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.machine.MachineProfile.Reach;
import shootdown.machine.MachineProfile.Shootdown;

/// Tables of machines: the form of `machines.txt`. A machine's port is what stands before the
/// hyphen of its name, if there is one.
public final class MachineTable {
  private static final int COLUMNS = 14;

  private MachineTable() {}

  /// A line that does not say what a machine is.
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;

    Malformed(int line, String message) {
      super(message);
      this.line = line;
    }

    /// Its number, from 1 on.
    public int line() {
      return line;
    }
  }

  /// Reads a table.
  ///
  /// @throws Malformed if a line is, or if a name comes twice
  public static List<MachineProfile> parse(List<String> lines) throws Malformed {
    var profiles = new ArrayList<MachineProfile>();
    var names = new HashSet<String>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var profile = new Row(i + 1, line.split("\\s+", COLUMNS)).profile();
      if (!names.add(profile.name())) {
        throw new Malformed(i + 1, "a second machine " + profile.name());
      }
      profiles.add(profile);
    }
    return List.copyOf(profiles);
  }

  private record Row(int line, String[] columns) {
    private static final Map<String, Boolean> BY = Map.of("hw", true, "sw", false);

    MachineProfile profile() throws Malformed {
      if (columns.length != COLUMNS) {
        throw new Malformed(line, columns.length + " columns, not " + COLUMNS);
      }
      return new MachineProfile(
          columns[0],
          columns[0].split("-")[0],
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

    private <T> T oneOf(int column, Map<String, T> meanings) throws Malformed {
      var meaning = meanings.get(columns[column]);
      if (meaning == null) {
        throw new Malformed(
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
