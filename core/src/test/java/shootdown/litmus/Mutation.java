package shootdown.litmus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A few random changes to a text: of its tokens, then of its bytes.
final class Mutation {
  private static final Pattern TOKEN = Pattern.compile("\\w+|\\s+|[^\\w\\s]");
  private static final List<String> WORDS = List.of(
      "(*", "*)", "//", "/*", "{", "}", "(", ")", ";", "=", "==", "exists", "forall", "~", "/\\",
      "P0", "P9", "K0", "()", "child ", "kthread ", "&", "*", "x", "f", "r1", "sig", "0", "-1",
      "0x", "99999999999999999999", "PAGE", "PROT_READ", "fork", "munmap(", "if", "else", "while",
      "\0", "\r", "\n", "\t", "é", "\uD834\uDD1E", "@cpu ", "Result:", "Fix:", ",", "FUTEX_OP");

  private final List<String> seed;
  private final Random random;

  Mutation(List<String> seed, Random random) {
    this.seed = seed;
    this.random = random;
  }

  static List<String> tokens(String text) {
    return TOKEN.matcher(text).results().map(MatchResult::group).toList();
  }

  byte[] apply() {
    List<String> tokens = new ArrayList<>(seed);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && !tokens.isEmpty(); i++) {
      changeToken(tokens);
    }
    byte[] bytes = String.join("", tokens).getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0 && bytes.length > 0) {
      int at = random.nextInt(bytes.length);
      bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(128) : bytes[at] ^ 1);
    }
    return random.nextInt(20) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  private void changeToken(List<String> tokens) {
    int at = random.nextInt(tokens.size());
    int other = random.nextInt(tokens.size());
    switch (random.nextInt(5)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(other, tokens.get(at));
      case 2 -> Collections.swap(tokens, at, other);
      case 3 -> tokens.set(at, WORDS.get(random.nextInt(WORDS.size())));
      default -> tokens.add(at, WORDS.get(random.nextInt(WORDS.size())));
    }
  }
}
