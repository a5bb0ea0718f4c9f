package shootdown.kernel.gup;

import java.util.Optional;
import java.util.function.Consumer;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.pgtable.HugePmds;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;
import shootdown.sched.Violation;

/// `get_user_pages()` through a PMD entry that maps a huge page.
final class FollowHugePmd {
  private final KernelData data;
  private final HugePmds huge;
  private final ForcedWrite forcedWrite;
  private final TouchPmd touchPmd;

  FollowHugePmd(KernelData data, ForcedWrite forcedWrite, TouchPmd touchPmd) {
    this.data = data;
    this.touchPmd = touchPmd;
    this.huge = new HugePmds(data);
    this.forcedWrite = forcedWrite;
  }

  /// The page that the PMD entry maps at `vpn`, if it may be used as `flags` say; empty if not, or
  /// if the entry maps no huge page any more.
  ///
  /// @param grab takes the reference
  @Models(
      file = "mm/gup.c",
      function = "follow_huge_pmd",
      leavesOut = "PROT_NONE entries but for FOLL_FORCE; going on to a page-table page that is"
          + " there by now: the caller looks again")
  Optional<Integer> follow(Mm mm, Vma vma, int vpn, int flags, Consumer<Folio> grab) {
    return huge.ifTransHuge(
        mm.number(),
        vpn,
        Optional.<Integer>empty(),
        () -> {
          mm.pageTableLock().assertLocked(); // assert_spin_locked(), since v2.6.38
          var pmdp = data.pmdp(mm.number(), vpn);
          var entry = pmdp.get();
          if (!entry.isHuge()) { // VM_BUG_ON_PAGE(!PageHead()) in follow_trans_huge_pmd(), v6.1
            throw data.steps()
                .fail(new Violation("kernel bug", "gup takes a PMD entry for that of a huge page"));
          }
          var pte = entry.pteAt(vpn - pmdp.vpn());
          boolean there =
              (flags & Gup.FOLL_FORCE) != 0 ? VmPageProt.ptePresent(pte) : pte.present();
          if (!there || !mayFollow(pte, vma, flags)) {
            return Optional.empty();
          }
          if (Gup.grabs(flags)) {
            grab.accept(data.folios().huge(pte.pfn()));
          }
          if ((flags & Gup.FOLL_TOUCH) != 0) {
            touchPmd(mm, vpn, flags);
          }
          return Optional.of(pte.pfn());
        });
  }

  private boolean mayFollow(Pte pte, Vma vma, int flags) {
    return !Gup.writes(flags)
        || pte.writable()
        || forcedWrite.mayFollowHuge(pte, data.folios().huge(pte.pfn()), vma, flags);
  }

  @Models(file = "mm/huge_memory.c", function = "touch_pmd")
  private void touchPmd(Mm mm, int vpn, int flags) {
    huge.pmdpSetAccessFlags(data.pmdp(mm.number(), vpn), touchPmd.bits(flags));
  }
}
