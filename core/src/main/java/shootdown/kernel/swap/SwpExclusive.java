package shootdown.kernel.swap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Whether a swap entry remembers that its page was one address space's alone.
public interface SwpExclusive extends Decision {
  boolean remembers();

  SwpExclusive NO = () -> false;

  /// 1493a1913e34.
  SwpExclusive YES = () -> true;

  History<SwpExclusive> HISTORY =
      History.of(SwpExclusive.class, NO)
          .then(
              Fix.merged(
                  "1493a1913e34",
                  "mm/swap: remember PG_anon_exclusive via a swp pte bit",
                  "v5.19-rc1",
                  YES));
}
