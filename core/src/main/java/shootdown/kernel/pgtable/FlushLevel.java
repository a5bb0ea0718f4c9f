package shootdown.kernel.pgtable;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// Whether `tlb_get_level()` tells the hardware (TTL, Armv8.4) the level of the leaf entries where
/// page-table pages were freed. Where no PTE was cleared it told the level above: a CPU that
/// knows of the hint need not drop what its walk caches hold of the page-table page.
public enum FlushLevel implements Decision {
  NONE,
  /// c4ab2cbc1d87
  HINTED,
  /// 52218fcd61cb
  NOT_OF_TABLES;

  /// The decision in time.
  public static final History<FlushLevel> HISTORY =
      History.of(FlushLevel.class, NONE)
          .then(
              Fix.merged(
                  "c4ab2cbc1d87",
                  "arm64: tlb: Set the TTL field in flush_tlb_range",
                  "v5.9-rc1",
                  HINTED))
          .then(
              Fix.merged(
                  "52218fcd61cb",
                  "arm64: tlb: fix the TTL value in tlb_get_level",
                  "v5.14-rc1",
                  NOT_OF_TABLES));

  /// Whether the flush misses page-table pages that were freed.
  boolean misses(MmuGather.Span span, MachineProfile machine) {
    return this == HINTED
        && machine.port().equals("arm64")
        && span.freedTables()
        && !span.clearedPtes();
  }
}
