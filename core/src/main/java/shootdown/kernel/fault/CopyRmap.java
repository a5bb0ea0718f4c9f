package shootdown.kernel.fault;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When the fault that copies a page drops the old page's mapping count. Who else maps that page
/// may write to it once the count says that he is alone, although it is still mapped, or in a TLB.
///
/// ```text
/// release     | the count is dropped
/// ------------+------------------------------------------------
/// v2.6.26-rc8 | before the old entry is cleared and flushed
/// v2.6.26-rc9 | after the copy is mapped
/// ```
public enum CopyRmap implements Decision {
  FIRST,
  /// 945754a1754f
  LAST;

  /// The decision in time. The patch was discussed on 22 and 23 June 2008, just before -rc8. Which
  /// of -rc8 and -rc9 has it was not found.
  public static final History<CopyRmap> HISTORY =
      History.of(CopyRmap.class, FIRST)
          .then(
              Fix.merged("945754a1754f", "mm: fix race in COW logic", "v2.6.26-rc9", LAST));
}
