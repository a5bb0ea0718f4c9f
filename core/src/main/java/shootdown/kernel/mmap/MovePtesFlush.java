package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;

/// When `move_ptes()` flushes the old addresses of the entries that it moved. As long as a CPU may
/// use an old translation, `page_mkclean()` or truncation may find the new entry, which the
/// destination's lock protects, and believe that it has stopped everybody.
///
/// ```text
/// release   | an entry forces a flush if     | the forced flush comes        | else
/// ----------+--------------------------------+-------------------------------+-------------------
/// v3.1      | it is present, as it was taken | with both locks, one by one   | never
/// v3.2-rc1  | never                          |                               | at the end
/// v4.9-rc5  | never                          |                               | at the end
/// v4.9-rc6  | it is dirty, before it is taken| after the destination's lock, | at the end
///           |                                | before the source's           |
/// v4.9-rc8  | it is dirty, as it was taken   | likewise                      | at the end
/// v4.19-rc8 | it is present, as it was taken | before both locks are dropped | never
/// ```
///
/// Where one page-table page maps both places there is one lock for both; so there is for two PMD
/// entries. 5d1904204c99 looks at a PMD entry as it was taken; `move_ptes()` learned that later.
public interface MovePtesFlush extends Decision {
  /// Whether an entry forces a flush, as it stands before it is taken out of the old place.
  default boolean forces(Ptep old) {
    return false;
  }

  /// Whether an entry forces a flush, as it was taken out of the old place.
  default boolean forces(Pte taken) {
    return false;
  }

  /// Whether a PMD entry that mapped a huge page, as it was taken out of the old place, forces a
  /// flush: `move_huge_pmd()`.
  default boolean forcesHuge(Pte taken) {
    return forces(taken);
  }

  /// Where the forced flush happens.
  When when();

  /// Whether what was not flushed under the locks is flushed when all entries are moved
  /// (`need_flush`).
  boolean flushesAtEnd();

  /// Places for a forced flush.
  enum When {
    /// right when the entry is moved, that page alone
    ENTRY_BY_ENTRY,
    /// the range, between dropping the destination's lock and the source's
    AFTER_NEW_UNLOCK,
    /// the range, before either lock is dropped
    BEFORE_BOTH_UNLOCKS
  }

  /// `ptep_clear_flush()`.
  MovePtesFlush EACH =
      new Rule(When.ENTRY_BY_ENTRY, false) {
        @Override
        public boolean forces(Pte taken) {
          return VmPageProt.ptePresent(taken);
        }
      };

  /// 7b6efc2bc4f1: nothing is flushed until all entries are moved and no lock is held.
  MovePtesFlush AT_END = new Rule(When.AFTER_NEW_UNLOCK, true) {};

  /// 5d1904204c99: looks at the dirty bit, then takes the entry.
  MovePtesFlush IF_SEEN_DIRTY =
      new Rule(When.AFTER_NEW_UNLOCK, true) {
        @Override
        public boolean forces(Ptep old) {
          return isDirty(old.get());
        }

        @Override
        public boolean forcesHuge(Pte taken) {
          return isDirty(taken);
        }
      };

  /// a2ce2666aa87: looks at the dirty bit that it took.
  MovePtesFlush IF_TAKEN_DIRTY =
      new Rule(When.AFTER_NEW_UNLOCK, true) {
        @Override
        public boolean forces(Pte taken) {
          return isDirty(taken);
        }
      };

  /// eb66ae030829: every present entry.
  MovePtesFlush ALWAYS =
      new Rule(When.BEFORE_BOTH_UNLOCKS, false) {
        @Override
        public boolean forces(Pte taken) {
          return VmPageProt.ptePresent(taken);
        }
      };

  /// The alternative that the message of 5d1904204c99 weighs: the dirty sub-ranges one by one.
  MovePtesFlush DIRTY_RANGES =
      new Rule(When.ENTRY_BY_ENTRY, true) {
        @Override
        public boolean forces(Pte taken) {
          return isDirty(taken);
        }
      };

  History<MovePtesFlush> HISTORY =
      History.of(MovePtesFlush.class, EACH)
          .then(
              Fix.merged(
                  "7b6efc2bc4f1",
                  "mremap: avoid sending one IPI per page",
                  "v3.2-rc1",
                  AT_END))
          .then(
              Fix.merged(
                  "5d1904204c99",
                  "mremap: fix race between mremap() and page cleanning",
                  "v4.9-rc6",
                  IF_SEEN_DIRTY))
          .then(
              Fix.merged(
                  "a2ce2666aa87",
                  "mremap: move_ptes: check pte dirty after its removal",
                  "v4.9-rc8",
                  IF_TAKEN_DIRTY))
          .then(
              Fix.merged(
                  "eb66ae030829",
                  "mremap: properly flush TLB before releasing the page",
                  "v4.19-rc8",
                  ALWAYS))
          .then(
              Fix.variant(
                  "5d1904204c99~ranges",
                  "mremap: flush dirty sub-ranges one by one",
                  DIRTY_RANGES));

  /// What the rules that Linux had share.
  abstract class Rule implements MovePtesFlush {
    private final When when;
    private final boolean atEnd;

    private Rule(When when, boolean atEnd) {
      this.when = when;
      this.atEnd = atEnd;
    }

    @Override
    public When when() {
      return when;
    }

    @Override
    public boolean flushesAtEnd() {
      return atEnd;
    }

    static boolean isDirty(Pte pte) {
      return VmPageProt.ptePresent(pte) && pte.dirty();
    }
  }
}
