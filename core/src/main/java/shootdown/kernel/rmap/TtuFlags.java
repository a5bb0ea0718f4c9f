package shootdown.kernel.rmap;

/// How a folio is unmapped: the combinations of `enum ttu_flags` that callers use.
public enum TtuFlags {
  /// each entry is flushed as it is taken
  FLUSH_NOW,
  /// TTU_BATCH_FLUSH: the caller flushes
  BATCH_FLUSH,
  /// TTU_BATCH_FLUSH, TTU_IGNORE_MLOCK: locked VMAs make no difference
  COLLAPSE,
  /// TTU_RMAP_LOCKED, TTU_SPLIT_HUGE_PMD, and TTU_SYNC where [UnmapSync] says so: for a split of
  /// the folio, whose anon_vma the caller has locked; each entry is flushed as it is taken
  SPLIT
}
