package shootdown.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Texts, as something short to compare.
final class Digest {
  private static final int SHOWN = 8;

  private Digest() {}

  /// 16 hexadecimal digits of the SHA-256 of lines.
  static String of(List<String> lines) {
    try {
      byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(sum, 0, SHOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
