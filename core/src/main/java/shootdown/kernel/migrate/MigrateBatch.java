package shootdown.kernel.migrate;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.rmap.TtuFlags;

/// Whether migration flushes each entry as it is taken, or all of them once, before the contents
/// are copied. Only attempts that do not wait for anybody put their flushes off.
public interface MigrateBatch extends Decision {
  /// How an attempt that does not wait unmaps.
  TtuFlags async();

  /// Each entry.
  MigrateBatch EACH = () -> TtuFlags.FLUSH_NOW;

  /// 7e12beb8ca2a: all at once, on ports that can.
  MigrateBatch BATCHED = () -> TtuFlags.BATCH_FLUSH;

  History<MigrateBatch> HISTORY =
      History.of(MigrateBatch.class, EACH)
          .then(
              Fix.merged(
                  "7e12beb8ca2a",
                  "migrate_pages: batch flushing TLB",
                  "v6.3-rc1",
                  BATCHED));
}
