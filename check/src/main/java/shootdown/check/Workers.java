package shootdown.check;

/// How many threads search.
///
/// @param count at least 1
/// @param from a search of fewer states than this is left to one thread: it is over before others
///     have begun
public record Workers(int count, long from) {
  public static final Workers ONE = new Workers(1, 0);

  private static final long WORTHWHILE = 30_000;

  public Workers {
    if (count < 1) {
      throw new IllegalArgumentException("no search without a worker: " + count);
    }
  }

  /// So many where they are worthwhile.
  public static Workers of(int count) {
    return new Workers(count, WORTHWHILE);
  }
}
