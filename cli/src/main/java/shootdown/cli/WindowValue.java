package shootdown.cli;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import shootdown.check.Window;
import shootdown.litmus.Suggestion;

/// What `--window` takes: `FUNCTION:STEP[:after][=TIME]`.
final class WindowValue implements ITypeConverter<Window> {
  static final String TEXT = "FUNCTION:STEP[:after][=TIME]";
  static final Duration USUAL = Duration.ofMillis(10);

  private static final Pattern FORM =
      Pattern.compile("([a-z_][a-z_0-9]*)[:/]([^:=/\\s]+)(:after)?(?:=(\\d{1,9}(?:ns|us|ms|s)))?");
  private static final Pattern TIME = Pattern.compile("(\\d+)(ns|us|ms|s)");
  private static final int MOST_NAMES = 100;

  @Override
  public Window convert(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no window: expected " + TEXT
              + ", like move_ptes:flush or move_page_tables:flush=10ms");
    }
    var place = match.group(3) == null ? Window.Place.BEFORE : Window.Place.AFTER;
    double nanos = match.group(4) == null ? USUAL.toNanos() : nanos(match.group(4));
    if (nanos == 0) {
      throw new TypeConversionException("'" + text + "': a window of no time is none");
    }
    return new Window(match.group(1) + "/" + match.group(2), place, nanos);
  }

  /// `150ns`, `20us`, `10ms`, `1s`, in nanoseconds.
  static final class Nanos implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      return nanos(text);
    }
  }

  private static double nanos(String text) {
    var match = TIME.matcher(text);
    if (!match.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no time: expected like 500ns, 20us, 10ms or 1s");
    }
    double amount = Double.parseDouble(match.group(1));
    return switch (match.group(2)) {
      case "ns" -> amount;
      case "us" -> amount * 1e3;
      case "ms" -> amount * 1e6;
      default -> amount * 1e9;
    };
  }

  /// All windows must be where the test comes by.
  ///
  /// @param sites where it does: `function/what`
  static void check(List<Window> windows, Collection<String> sites) throws BadInput {
    for (var window : windows) {
      if (!sites.contains(window.site())) {
        throw new BadInput(
            "shootdown: the test does not come by " + named(window.site())
                + Suggestion.of(window.site(), sites).replace('/', ':')
                + names(window.site(), sites));
      }
    }
  }

  private static String names(String wanted, Collection<String> sites) {
    var step = wanted.substring(wanted.indexOf('/'));
    var function = wanted.substring(0, wanted.indexOf('/') + 1);
    var nearest =
        sites.stream()
            .sorted(
                Comparator.comparing((String s) -> !s.startsWith(function) && !s.endsWith(step))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(MOST_NAMES)
            .map(WindowValue::named)
            .toList();
    return "\n  it comes by " + String.join("\n              ", nearest);
  }

  private static String named(String site) {
    return site.replace('/', ':');
  }
}
