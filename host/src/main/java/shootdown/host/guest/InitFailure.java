package shootdown.host.guest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a guest's first process failed at: its exit code is in the words of the kernel's panic.
final class InitFailure {
  private static final Pattern EXIT_CODE = Pattern.compile("exitcode=0x([0-9a-f]{8})");
  private static final int CODE_SHIFT = 8;

  private InitFailure() {}

  /// @param steps what exit codes 1, 2, … stand for
  static Optional<String> in(String console, List<String> steps) {
    var found = EXIT_CODE.matcher(console);
    if (!found.find()) {
      return Optional.empty();
    }
    int code = Integer.parseUnsignedInt(found.group(1), 16);
    int step = (code >> CODE_SHIFT) - 1;
    return Optional.of(
        step >= 0 && step < steps.size()
            ? steps.get(step)
            : "exit code 0x%x".formatted(code));
  }
}
