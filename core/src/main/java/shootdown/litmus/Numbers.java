package shootdown.litmus;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Integer constants: decimal or hexadecimal, with C's suffixes.
final class Numbers {
  private static final Pattern FORM =
      Pattern.compile("(?<hex>0[xX][0-9a-fA-F]+|)(?<decimal>[0-9]*)(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU])");

  private static final int LONGEST = 100;

  private Numbers() {}

  /// The value; 1 after a mistake, which is reported. 2^63 and more wrap around.
  static long value(Token token, Diagnostics diagnostics) {
    String text = token.text();
    Matcher form = FORM.matcher(text.length() <= LONGEST ? text : "");
    if (!form.matches() || form.group("hex").isEmpty() == form.group("decimal").isEmpty()) {
      String message = text.length() <= LONGEST ? "malformed number " : "number too long: ";
      diagnostics.add(token.at(), message + token.quoted());
      return 1;
    }
    boolean hex = form.group("decimal").isEmpty();
    String digits = hex ? form.group("hex").substring(2) : form.group("decimal");
    if (!hex && digits.length() > 1 && digits.startsWith("0")) {
      diagnostics.add(token.at(), "octal numbers are not supported: " + token.quoted());
      return 1;
    }
    BigInteger value = new BigInteger(digits, hex ? 16 : 10);
    if (value.bitLength() > 64) {
      diagnostics.add(token.at(), "the number does not fit into 64 bits");
      return 1;
    }
    return value.longValue();
  }
}
