package shootdown.model.time;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import shootdown.sched.Cost;
import shootdown.sched.Timing.Interruption;

/// `costs.txt`: how long things take, with the sources of that.
final class CostTable {
  private static final String TABLE = "costs.txt";
  private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms)");
  private static final Pattern RATE = Pattern.compile("(\\d+)/s");
  private static final Pattern SHARE = Pattern.compile("(\\d+)%");
  private static final Map<String, Double> UNITS = Map.of("ns", 1.0, "us", 1e3, "ms", 1e6);

  /// The table that is part of the program.
  static final CostTable KNOWN = load();

  /// Kinds of what takes time; the table has a line for each.
  enum Kind {
    ACCESS,
    ATOMIC,
    HAND_OVER,
    WAKE_UP,
    SYSTEM_CALL,
    PAGE_FAULT,
    LOCAL_FLUSH,
    IPI,
    TLBI,
    DISK,
    PAGE,
    STORE_BUFFER;

    boolean sleeps() {
      return switch (this) {
        case WAKE_UP, DISK -> true;
        case ACCESS, ATOMIC, HAND_OVER, SYSTEM_CALL, PAGE_FAULT, LOCAL_FLUSH, IPI, TLBI, PAGE,
            STORE_BUFFER -> false;
      };
    }
  }

  private final Map<Kind, Cost> costs = new EnumMap<>(Kind.class);
  private final Map<String, Kind> named = new HashMap<>();
  private final List<Interruption> interruptions = new ArrayList<>();
  private double stale = -1;

  /// A line of the table that says nothing: a bug of our own.
  static final class TableError extends Error {
    private static final long serialVersionUID = 1;

    TableError(String message) {
      super(TABLE + ": " + message);
    }
  }

  private CostTable() {}

  private static CostTable load() {
    var stream = Objects.requireNonNull(CostTable.class.getResourceAsStream(TABLE), TABLE);
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return parse(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws TableError if a line says nothing, or something is not said
  static CostTable parse(List<String> lines) {
    var table = new CostTable();
    lines.stream().filter(l -> !l.isBlank() && !l.startsWith("#")).forEach(table::line);
    for (var kind : Kind.values()) {
      if (!table.costs.containsKey(kind)) {
        throw new TableError("nothing about " + kind);
      }
    }
    if (table.stale < 0) {
      throw new TableError("nothing about stale translations");
    }
    return table;
  }

  private void line(String line) {
    var parts = line.strip().split("\\s+", 4);
    if (parts.length == 2 && parts[0].equals("stale")) {
      stale = number(SHARE, parts[1], line) / 100;
    } else if (parts.length == 4 && RATE.matcher(parts[1]).matches()) {
      interruptions.add(
          new Interruption(
              number(RATE, parts[1], line),
              cost(parts[2], parts[3], false, line),
              parts[0].equals("preemption")));
    } else if (parts.length >= 3) {
      kind(parts, line);
    } else {
      throw new TableError("what is this? " + line);
    }
  }

  private void kind(String[] parts, String line) {
    Kind kind;
    try {
      kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new TableError("what is " + parts[0] + "?");
    }
    costs.put(kind, cost(parts[1], parts[2], kind.sleeps(), line));
    if (parts.length > 3) {
      for (var name : parts[3].split(",")) {
        named.put(name.strip(), kind);
      }
    }
  }

  private static Cost cost(String median, String ninetieth, boolean sleeps, String line) {
    return new Cost.Typical(nanos(median, line), nanos(ninetieth, line), sleeps);
  }

  private static double nanos(String text, String line) {
    var match = TIME.matcher(text);
    if (!match.matches()) {
      throw new TableError(text + " is no time: " + line);
    }
    return Double.parseDouble(match.group(1)) * UNITS.get(match.group(2));
  }

  private static double number(Pattern form, String text, String line) {
    var match = form.matcher(text);
    if (!match.matches()) {
      throw new TableError(text + "? " + line);
    }
    return Double.parseDouble(match.group(1));
  }

  Cost of(Kind kind) {
    return costs.get(kind);
  }

  /// What a kernel function or an atomic block takes when it begins.
  Optional<Kind> named(String name) {
    return Optional.ofNullable(named.get(name));
  }

  List<Interruption> interruptions() {
    return List.copyOf(interruptions);
  }

  /// How likely a CPU uses a translation that it may still have.
  double stale() {
    return stale;
  }
}
