package shootdown.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import shootdown.check.Schedule;

/// Readers of what options take.
final class Values {
  private Values() {}

  /// `500ms`, `60s`, `5m`, `2h`.
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
      var match = FORM.matcher(text);
      if (!match.matches() || Long.parseLong(match.group(1)) == 0) {
        throw new TypeConversionException(
            "'" + text + "' is no time: expected like 500ms, 60s, 5m or 2h");
      }
      long amount = Long.parseLong(match.group(1));
      return switch (match.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
  }

  /// As [Time], and a number alone counts seconds.
  static final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return new Time().convert(text.matches("\\d{1,9}") ? text + "s" : text);
    }
  }

  /// `5000000`, `5_000_000`, `500k`, `5M`, `1G`.
  static final class Count implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d[\\d_]{0,17})([kMG]?)");
    private static final Map<String, Long> UNITS =
        Map.of("", 1L, "k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L);

    @Override
    public Long convert(String text) {
      var match = FORM.matcher(text);
      if (match.matches()) {
        try {
          long count =
              Math.multiplyExact(
                  Long.parseLong(match.group(1).replace("_", "")), UNITS.get(match.group(2)));
          if (count > 0) {
            return count;
          }
        } catch (ArithmeticException e) {
          throw new TypeConversionException("'" + text + "' is too large");
        }
      }
      throw new TypeConversionException(
          "'" + text + "' is no number: expected like 5000000, 500k or 5M");
    }
  }

  /// `512M`, `4G`: binary units of bytes, at least a mebibyte.
  static final class Memory implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})([MGmg])");

    @Override
    public Long convert(String text) {
      var match = FORM.matcher(text);
      if (!match.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no amount of memory: expected like 512M or 4G");
      }
      return Long.parseLong(match.group(1)) << (match.group(2).equalsIgnoreCase("M") ? 20 : 30);
    }
  }

  /// What `--schedule` takes, as it was written.
  static final class Interleaving implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      Schedule schedule;
      try {
        schedule = Schedule.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
      if (schedule.isEmpty()) {
        throw new TypeConversionException("the schedule is empty");
      }
      return text;
    }
  }

  /// How results are written.
  enum Output {
    TEXT,
    HERD,
    JSON
  }

  /// What `--format` takes.
  static final class OutputName implements ITypeConverter<Output> {
    @Override
    public Output convert(String text) {
      return switch (text) {
        case "text" -> Output.TEXT;
        case "herd" -> Output.HERD;
        case "json" -> Output.JSON;
        default ->
            throw new TypeConversionException(
                "there is no format '" + text + "': text, herd or json");
      };
    }
  }

  /// What `-j` takes: 1 to 256.
  static final class Width implements ITypeConverter<Integer> {
    private static final int MOST = 256;

    @Override
    public Integer convert(String text) {
      if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) >= 1
          && Integer.parseInt(text) <= MOST) {
        return Integer.parseInt(text);
      }
      throw new TypeConversionException("expected a number from 1 to " + MOST);
    }
  }
}
