package shootdown.kernel.futex;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.gup.Gup;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// How a futex operation mends the fault of an access that was made with page faults disabled:
/// today's `fault_in_user_writeable()`. With mmap_lock held for reading; 0 or -EFAULT.
///
/// ```text
/// release     | what is done                      | and so, for ever
/// ------------+-----------------------------------+------------------------------------------
/// v2.6.29     | a fault for writing               |
/// v2.6.30-rc1 | the word is read                  | an entry that is read-only stays so
/// v2.6.31-rc1 | get_user_pages(), for writing     | an entry that is old, or clean, stays so
/// v3.1-rc1    | a fault for writing               |
/// ```
@FunctionalInterface
public interface FutexFaultIn extends Decision {
  long faultIn(KernelData data, Gup gup, Current me, Mm mm, int vpn);

  /// `futex_handle_fault()`. It gives up after some attempts, which is not modelled.
  FutexFaultIn HANDLE_FAULT =
      (_, gup, me, mm, vpn) ->
          mm.vmaAt(vpn).filter(at -> at.vma().writable()).isPresent()
              ? gup.fixupUserFault(me, mm, vpn, Gup.FOLL_WRITE)
              : Errno.EFAULT.result();

  /// `get_user()`, which takes mmap_lock itself if it faults: [FutexMemory] does it.
  FutexFaultIn GET_USER = (_, _, _, _, _) -> 0;

  /// `get_user_pages()`: does nothing if the PTE is present and writable. A clean or an old PTE
  /// stays as it is, and so does a stale TLB entry.
  FutexFaultIn GET_USER_PAGES =
      (_, gup, me, mm, vpn) ->
          failure(gup.getUserPages(me, mm, vpn, Gup.FOLL_WRITE | Gup.FOLL_TOUCH));

  /// `fixup_user_fault()`: always as a page fault would.
  FutexFaultIn FIXUP_USER_FAULT =
      (_, gup, me, mm, vpn) -> gup.fixupUserFault(me, mm, vpn, Gup.FOLL_WRITE);

  /// As [#FIXUP_USER_FAULT], but a fault that finds nothing to change in the PTE, a spurious one,
  /// is not told to the architecture, which would flush the TLB entry that caused it.
  FutexFaultIn NO_FLUSH =
      (data, gup, me, mm, vpn) ->
          allowsWrite(data, mm, vpn) ? 0 : gup.fixupUserFault(me, mm, vpn, Gup.FOLL_WRITE);

  /// As [#GET_USER_PAGES], which also sets the bits in the PTE.
  FutexFaultIn GET_USER_PAGES_DIRTY_PTE =
      (_, gup, me, mm, vpn) ->
          failure(
              gup.getUserPages(
                  me, mm, vpn, Gup.FOLL_WRITE | Gup.FOLL_TOUCH | Gup.FOLL_TOUCH_PTE));

  History<FutexFaultIn> HISTORY =
      History.of(FutexFaultIn.class, HANDLE_FAULT)
          .then(
              Fix.merged(
                  "e4dc5b7a36a4", "futex: clean up fault logic", "v2.6.30-rc1", GET_USER))
          .then(
              Fix.merged(
                  "d0725992c8a6",
                  "futex: Fix the write access fault problem for real",
                  "v2.6.31-rc1",
                  GET_USER_PAGES))
          .then(
              Fix.merged(
                  "2efaca927f5c",
                  "mm/futex: fix futex writes on archs with SW tracking of dirty & young",
                  "v3.1-rc1",
                  FIXUP_USER_FAULT))
          .then(
              Fix.variant(
                  "2efaca927f5c~noflush",
                  "fixup_user_fault() that leaves a stale read-only TLB entry alone",
                  NO_FLUSH))
          .then(
              Fix.variant(
                  "2efaca927f5c~gupdirty",
                  "get_user_pages() that sets dirty and young in the PTE, by a plain store",
                  GET_USER_PAGES_DIRTY_PTE));

  private static long failure(long result) {
    return Math.min(result, 0);
  }

  private static boolean allowsWrite(KernelData data, Mm mm, int vpn) {
    return data.steps()
        .scope(
            () -> {
              var table = data.table(mm.number(), vpn);
              if (table.isEmpty()) {
                return data.isHuge(mm.number(), vpn)
                    && allowsWrite(data.pmdp(mm.number(), vpn).get().pte());
              }
              table.get().ptl().lock();
              var pte = table.get().pte(vpn).get();
              table.get().ptl().unlock();
              return allowsWrite(pte);
            });
  }

  private static boolean allowsWrite(Pte pte) {
    return pte.present() && pte.writable() && pte.dirty() && pte.young();
  }
}
