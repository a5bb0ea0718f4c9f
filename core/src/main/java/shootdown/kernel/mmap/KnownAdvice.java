package shootdown.kernel.mmap;

import java.util.Set;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which of the advice that is modelled madvise() takes, besides NORMAL to DONTNEED, DONTFORK
/// and DOFORK.
public interface KnownAdvice extends Decision {
  boolean isKnown(long advice);

  KnownAdvice OLD = new Rule(Set.of());

  /// 854e9ed09ded.
  KnownAdvice WITH_FREE = new Rule(Set.of(MmanConstants.MADV_FREE));

  /// 9c276cc65a58.
  KnownAdvice WITH_COLD =
      new Rule(Set.of(MmanConstants.MADV_FREE, MmanConstants.MADV_COLD));

  /// 1a4e58cce84e.
  KnownAdvice WITH_PAGEOUT =
      new Rule(
          Set.of(
              MmanConstants.MADV_FREE, MmanConstants.MADV_COLD, MmanConstants.MADV_PAGEOUT));

  /// 4ca9b3859dac.
  KnownAdvice WITH_POPULATE =
      new Rule(
          Set.of(
              MmanConstants.MADV_FREE,
              MmanConstants.MADV_COLD,
              MmanConstants.MADV_PAGEOUT,
              MmanConstants.MADV_POPULATE_READ,
              MmanConstants.MADV_POPULATE_WRITE));

  History<KnownAdvice> HISTORY =
      History.of(KnownAdvice.class, OLD)
          .then(
              Fix.merged(
                  "854e9ed09ded", "mm: support madvise(MADV_FREE)", "v4.5-rc1", WITH_FREE))
          .then(Fix.merged("9c276cc65a58", "mm: introduce MADV_COLD", "v5.4-rc1", WITH_COLD))
          .then(
              Fix.merged(
                  "1a4e58cce84e", "mm: introduce MADV_PAGEOUT", "v5.4-rc1", WITH_PAGEOUT))
          .then(
              Fix.merged(
                  "4ca9b3859dac",
                  "mm/madvise: introduce MADV_POPULATE_(READ|WRITE) to prefault page tables",
                  "v5.14-rc1",
                  WITH_POPULATE));

  /// @param more what is known besides the old advice
  record Rule(Set<Long> more) implements KnownAdvice {
    @Override
    public boolean isKnown(long advice) {
      return more.contains(advice);
    }
  }
}
