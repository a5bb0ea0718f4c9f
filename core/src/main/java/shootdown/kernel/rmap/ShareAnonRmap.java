package shootdown.kernel.rmap;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.sched.Steps;

/// Takes the mark of a page that one address space alone has, unless it may be pinned: while it is
/// marked, fork() does not share it. The entry is gone already, so nobody can pin it anew.
/// Releases before v5.19 do not look here: they find the references of the pin later.
public final class ShareAnonRmap {
  private final Steps steps;
  private final SwpExclusive exclusiveMark;

  public ShareAnonRmap(KernelData data, Decisions decisions) {
    this.steps = data.steps();
    this.exclusiveMark = decisions.get(SwpExclusive.class);
  }

  /// Tells whether the mark is gone.
  @Models(file = "include/linux/rmap.h", function = "folio_try_share_anon_rmap_pte")
  public boolean tryShareAnonRmap(Folio page) {
    boolean pinned =
        exclusiveMark.remembers()
            && !steps.recheck("maybe_dma_pinned", () -> !page.maybeDmaPinned());
    if (!pinned) {
      page.pageFlags().clear(Folio.ANON_EXCLUSIVE);
    }
    return !pinned;
  }
}
