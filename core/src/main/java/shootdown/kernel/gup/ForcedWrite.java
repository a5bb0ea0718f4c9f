package shootdown.kernel.gup;

import shootdown.kernel.data.Folio;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.Pte;

/// How `get_user_pages()` writes to a private mapping that is not writable (FOLL_FORCE): the fault
/// breaks copy-on-write, but it leaves the entry read-only. By what is the copy known afterwards?
///
/// ```text
/// release     | once a fault has broken copy-on-write | a read-only entry may be written through
/// ------------+---------------------------------------+-----------------------------------------
/// v2.6.28     | goes on as if for reading, forced or  | if it is there at all
///             | not                                   |
/// v2.6.29-rc1 | likewise, if the VMA is not writable  | likewise
/// v4.9-rc2    | remembers that (FOLL_COW)             | if it is dirty and that is remembered;
///             |                                       | a PMD entry never
/// v4.10-rc6   | likewise                              | likewise, a PMD entry too
/// v6.0-rc3    | remembers nothing                     | if it maps an exclusive anonymous page
/// ```
///
/// Before v2.6.13-rc6, and by another way since then, the look for the page did not ask for write
/// access, either, once it was forced: the first row is what all releases up to v2.6.28 share.
public interface ForcedWrite extends Decision {
  /// The flags to go on with after a fault broke copy-on-write in a VMA that is not writable.
  int afterCow(int flags);

  /// As [#afterCow], where the VMA is writable: the entry should be, too, if it is there still.
  default int afterPlainCow(int flags) {
    return flags;
  }

  /// Whether a read-only entry will do for a forced write.
  boolean mayFollow(Pte pte, Folio folio, Vma vma, int flags);

  /// As [#mayFollow], for a PMD entry that maps a huge page.
  default boolean mayFollowHuge(Pte pte, Folio folio, Vma vma, int flags) {
    return mayFollow(pte, folio, vma, flags);
  }

  /// Until v2.6.28.
  ForcedWrite ALWAYS_AS_READ =
      new AsRead() {
        @Override
        public int afterPlainCow(int flags) {
          return afterCow(flags);
        }
      };

  /// 878b63ac889d, until v4.9-rc1.
  ForcedWrite AS_READ = new AsRead();

  /// 19be0eaffa3a: FOLL_COW, and the entry must be dirty, as copies are. PMD entries were
  /// forgotten: they must be writable, which they never become.
  ForcedWrite DIRTY_PTE =
      new IfDirty() {
        @Override
        public boolean mayFollowHuge(Pte pte, Folio folio, Vma vma, int flags) {
          return false;
        }
      };

  /// 8310d48b125d: PMD entries likewise.
  ForcedWrite DIRTY = new IfDirty();

  /// 5535be309971: `can_follow_write_pte()`.
  ForcedWrite EXCLUSIVE =
      new ForcedWrite() {
        @Override
        public int afterCow(int flags) {
          return flags;
        }

        @Override
        public boolean mayFollow(Pte pte, Folio folio, Vma vma, int flags) {
          return (flags & Gup.FOLL_FORCE) != 0
              && !vma.shared()
              && !vma.writable()
              && folio.isAnon()
              && folio.pageFlags().test(Folio.ANON_EXCLUSIVE);
        }
      };

  History<ForcedWrite> HISTORY =
      History.of(ForcedWrite.class, ALWAYS_AS_READ)
          .then(
              Fix.merged(
                  "878b63ac889d",
                  "mm: gup persist for write permission",
                  "v2.6.29-rc1",
                  AS_READ))
          .then(
              Fix.merged(
                  "19be0eaffa3a",
                  "mm: remove gup_flags FOLL_WRITE games from __get_user_pages()",
                  "v4.9-rc2",
                  DIRTY_PTE))
          .then(
              Fix.merged(
                  "8310d48b125d",
                  "mm/huge_memory.c: respect FOLL_FORCE/FOLL_COW for thp",
                  "v4.10-rc6",
                  DIRTY))
          .then(
              Fix.merged(
                  "5535be309971",
                  "mm/gup: fix FOLL_FORCE COW security issue and remove FOLL_COW",
                  "v6.0-rc3",
                  EXCLUSIVE));

  /// What the rules before 2016 share.
  class AsRead implements ForcedWrite {
    private AsRead() {}

    @Override
    public int afterCow(int flags) {
      return flags & ~Gup.FOLL_WRITE;
    }

    @Override
    public boolean mayFollow(Pte pte, Folio folio, Vma vma, int flags) {
      return false;
    }
  }

  /// What the rules of 2016 share.
  class IfDirty implements ForcedWrite {
    private IfDirty() {}

    @Override
    public int afterCow(int flags) {
      return flags | Gup.FOLL_COW;
    }

    @Override
    public boolean mayFollow(Pte pte, Folio folio, Vma vma, int flags) {
      return (flags & Gup.FOLL_COW) != 0 && pte.dirty();
    }
  }
}
