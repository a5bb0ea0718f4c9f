package shootdown.litmus;

import java.util.Collection;
import java.util.Locale;

/// "did you mean": the known word nearest to a mistyped one.
public final class Suggestion {
  private static final int LONGEST = 40;
  private static final int MOST = 1_000;

  private Suggestion() {}

  /// `; did you mean 'munmap'?`, or nothing where no candidate is near.
  public static String of(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return "";
    }
    String lower = word.toLowerCase(Locale.ROOT);
    // A short word is near to too many others: there only small or capital letters may differ.
    int best = word.length() < 3 ? 1 : Math.max(1, word.length() / 3) + 1;
    String nearest = "";
    for (String candidate : candidates.stream().limit(MOST).toList()) {
      int distance = distance(lower, candidate.toLowerCase(Locale.ROOT), best);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?";
  }

  /// Insertions, deletions, replacements and swaps of neighbours; `limit` if it is no smaller.
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int replaced = d[i - 1][j - 1] + (same ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
