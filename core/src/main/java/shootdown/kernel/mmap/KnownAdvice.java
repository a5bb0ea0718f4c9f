package shootdown.kernel.mmap;

import java.util.Set;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// Which of the advice that is modelled madvise() takes, besides NORMAL to DONTNEED.
public interface KnownAdvice extends Decision {
  boolean isKnown(long advice);

  KnownAdvice OLD = new Rule(Set.of());

  /// f6b3ec238d12.
  KnownAdvice WITH_REMOVE = with(OLD, MmanConstants.MADV_REMOVE);

  /// f822566165dd.
  KnownAdvice WITH_DONTFORK =
      with(with(WITH_REMOVE, MmanConstants.MADV_DONTFORK), MmanConstants.MADV_DOFORK);

  /// f8af4da3b4c1.
  KnownAdvice WITH_MERGEABLE =
      with(with(WITH_DONTFORK, MmanConstants.MADV_MERGEABLE), MmanConstants.MADV_UNMERGEABLE);

  /// 0af4e98b6b09 and a664b2d8555c.
  KnownAdvice WITH_HUGEPAGE =
      with(with(WITH_MERGEABLE, MmanConstants.MADV_HUGEPAGE), MmanConstants.MADV_NOHUGEPAGE);

  /// 854e9ed09ded.
  KnownAdvice WITH_FREE = with(WITH_HUGEPAGE, MmanConstants.MADV_FREE);

  /// d2cd9ede6e19.
  KnownAdvice WITH_WIPEONFORK =
      with(with(WITH_FREE, MmanConstants.MADV_WIPEONFORK), MmanConstants.MADV_KEEPONFORK);

  /// 9c276cc65a58.
  KnownAdvice WITH_COLD = with(WITH_WIPEONFORK, MmanConstants.MADV_COLD);

  /// 1a4e58cce84e.
  KnownAdvice WITH_PAGEOUT = with(WITH_COLD, MmanConstants.MADV_PAGEOUT);

  /// 4ca9b3859dac.
  KnownAdvice WITH_POPULATE =
      with(
          with(WITH_PAGEOUT, MmanConstants.MADV_POPULATE_READ),
          MmanConstants.MADV_POPULATE_WRITE);

  /// 9457056ac426.
  KnownAdvice WITH_DONTNEED_LOCKED = with(WITH_POPULATE, MmanConstants.MADV_DONTNEED_LOCKED);

  /// 7d8faaf15545.
  KnownAdvice WITH_COLLAPSE = with(WITH_DONTNEED_LOCKED, MmanConstants.MADV_COLLAPSE);

  History<KnownAdvice> HISTORY =
      History.of(KnownAdvice.class, OLD)
          .then(
              Fix.merged(
                  "f6b3ec238d12",
                  "[PATCH] madvise(MADV_REMOVE): remove pages from tmpfs shm backing store",
                  "v2.6.16-rc1",
                  WITH_REMOVE))
          .then(
              Fix.merged(
                  "f822566165dd",
                  "[PATCH] madvise MADV_DONTFORK/MADV_DOFORK",
                  "v2.6.16-rc4",
                  WITH_DONTFORK))
          .then(
              Fix.merged(
                  "f8af4da3b4c1", "ksm: the mm interface to ksm", "v2.6.32-rc1", WITH_MERGEABLE))
          .then(
              Fix.merged(
                  "0af4e98b6b09",
                  "thp: madvise(MADV_HUGEPAGE)",
                  "v2.6.38-rc1",
                  WITH_HUGEPAGE))
          .then(
              Fix.merged(
                  "854e9ed09ded", "mm: support madvise(MADV_FREE)", "v4.5-rc1", WITH_FREE))
          .then(
              Fix.merged(
                  "d2cd9ede6e19",
                  "mm,fork: introduce MADV_WIPEONFORK",
                  "v4.14-rc1",
                  WITH_WIPEONFORK))
          .then(Fix.merged("9c276cc65a58", "mm: introduce MADV_COLD", "v5.4-rc1", WITH_COLD))
          .then(
              Fix.merged(
                  "1a4e58cce84e", "mm: introduce MADV_PAGEOUT", "v5.4-rc1", WITH_PAGEOUT))
          .then(
              Fix.merged(
                  "4ca9b3859dac",
                  "mm/madvise: introduce MADV_POPULATE_(READ|WRITE) to prefault page tables",
                  "v5.14-rc1",
                  WITH_POPULATE))
          .then(
              Fix.merged(
                  "9457056ac426",
                  "mm: madvise: MADV_DONTNEED_LOCKED",
                  "v5.18-rc1",
                  WITH_DONTNEED_LOCKED))
          .then(
              Fix.merged(
                  "7d8faaf15545",
                  "mm/madvise: introduce MADV_COLLAPSE sync hugepage collapse",
                  "v6.1-rc1",
                  WITH_COLLAPSE));

  private static KnownAdvice with(KnownAdvice before, long advice) {
    return asked -> asked == advice || before.isKnown(asked);
  }

  /// @param more what is known besides the old advice
  record Rule(Set<Long> more) implements KnownAdvice {
    @Override
    public boolean isKnown(long advice) {
      return more.contains(advice);
    }
  }
}
