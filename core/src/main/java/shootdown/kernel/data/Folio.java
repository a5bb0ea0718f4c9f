package shootdown.kernel.data;

import shootdown.sched.Lock;
import shootdown.sched.Word;

/// A page frame with what the kernel knows of it: `struct page`, `struct folio`. A view of a few
/// words; equal if the frame is the same.
///
/// A frame of a huge page has the words of the first frame, the head, but for those of the page.
///
/// @param pfn frame number
/// @param head frame number of the first page of the folio
/// @param pages how many pages the folio has
/// @param refcount `_refcount` of the folio: 0 while the frame is free
/// @param mapcount number of PTEs that map the page
/// @param flags PG_* bits of the folio, atomic
/// @param pageFlags those of the page: [#ANON_EXCLUSIVE]
/// @param mapping what it belongs to: 0 nothing, [#ANON] and the root of its anon_vma, [#ANON] and
///     [#KSM], or number of the file + 1
/// @param index page of the file, or anonymous index, of the first page
/// @param swap the swap slot, while it is [#SWAPCACHE]
/// @param isolated 1 while reclaim has it in hand, off the LRU: PG_lru is clear
/// @param lock `folio_lock()`
public record Folio(
    int pfn,
    int head,
    int pages,
    Word refcount,
    Word mapcount,
    Word flags,
    Word pageFlags,
    Word mapping,
    Word index,
    Word swap,
    Word isolated,
    Lock lock) {
  public static final long DIRTY = 1;
  public static final long WRITEBACK = 1 << 1;
  public static final long UPTODATE = 1 << 2;
  public static final long REFERENCED = 1 << 3;
  /// an anonymous page without it is lazily free (MADV_FREE): it may be dropped while clean
  public static final long SWAPBACKED = 1 << 4;
  /// PG_anon_exclusive: an anonymous page that only one address space maps
  public static final long ANON_EXCLUSIVE = 1 << 5;
  /// in the swap cache; changes with the folio locked
  public static final long SWAPCACHE = 1 << 6;
  /// a page of a file whose buffer heads name blocks that were freed since
  public static final long FREED_BLOCKS = 1 << 7;
  /// PG_waiters: somebody waits for the end of a writeback, and does not look at it again
  public static final long WAITERS = 1 << 8;

  /// Value of `mapping` for an anonymous page (PAGE_MAPPING_ANON).
  public static final long ANON = 1L << 32;
  /// besides [#ANON]: the page may be mapped at several addresses, and nobody may write to it
  /// (PAGE_MAPPING_KSM)
  public static final long KSM = 1L << 33;
  /// besides [#KSM]: `mapping` points to a node of the stable tree, see [StableNode]
  public static final long STABLE = 1L << 34;

  /// What a pin counts for in `refcount`: GUP_PIN_COUNTING_BIAS.
  public static final long PIN = 1 << 10;

  /// `folio_maybe_dma_pinned()`: as many references as a pin counts for.
  public boolean maybeDmaPinned() {
    return refcount.test(-PIN);
  }

  /// `folio_test_anon()`: also of a page that [#isKsm].
  public boolean isAnon() {
    return mapping.test(ANON);
  }

  /// `folio_test_ksm()`.
  public boolean isKsm() {
    return mapping.test(KSM);
  }

  /// Value of `mapping` for an anonymous page of a VMA: its anon_vma.
  public static long anon(Vma vma) {
    return ANON | vma.anonVma();
  }

  /// The root of the anon_vma that a value of `mapping` names, which [#isAnon], and not [#KSM].
  public static int anonVma(long mapping) {
    return (int) mapping & AnonVmas.MOST - 1;
  }

  /// As [#isAnon], of a value of `mapping`.
  public static boolean isAnon(long mapping) {
    return (mapping & ANON) != 0;
  }

  /// Which page of its file the first page of the folio is, where this one is page `own` of it:
  /// from where the page lies in the folio, and not from `index`, which may be gone.
  public int firstIndex(int own) {
    return own - (pfn - head);
  }

  /// Whether it has more than one page.
  public boolean isLarge() {
    return pages > 1;
  }

  /// Page of the file, or anonymous index, of this page.
  public int pageIndex() {
    return (int) index.read() + pfn - head;
  }

  /// Takes a reference; the caller knows that there is one already.
  public void get() {
    refcount.add(1);
  }

  /// `folio_try_get()`: takes a reference unless the frame is free or frozen.
  public boolean tryGet() {
    return refcount.addUnlessZero(1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Folio folio && folio.pfn == pfn && folio.pages == pages;
  }

  @Override
  public int hashCode() {
    return pfn;
  }

  @Override
  public String toString() {
    return "F" + pfn;
  }

  static String showFlags(long flags) {
    var text = new StringBuilder();
    String[] names = {
      "dirty", "writeback", "uptodate", "referenced", "swapbacked", "exclusive", "swapcache",
      "freed-blocks", "waiters"
    };
    for (int i = 0; i < names.length; i++) {
      if ((flags >>> i & 1) != 0) {
        text.append(text.isEmpty() ? "" : " ").append(names[i]);
      }
    }
    return text.isEmpty() ? "-" : text.toString();
  }
}
