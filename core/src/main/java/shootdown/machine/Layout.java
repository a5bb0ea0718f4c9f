package shootdown.machine;

/// How large the simulated machine is. Every limit that a test may hit is here and is reported when
/// it is hit.
///
/// Frames for huge pages are apart from the others, at the end, in blocks of [#ptrsPerPte].
///
/// @param cpus number of CPUs, 1 … 16
/// @param spaces number of address spaces (one for each process that a test can have)
/// @param pages pages of each address space, from virtual address 0 on
/// @param frames physical frames, those of huge pages included
/// @param wordsPerPage words of a page that the test uses, 1 … 512: word i lies at byte 8 * i
/// @param tables page-table pages (each maps [#ptrsPerPte] pages)
/// @param ptrsPerPte entries of a page-table page, and pages of a huge page: [#PTRS_PER_PTE], or a
///     smaller power of two
/// @param hugeBlocks blocks of frames that huge pages can have; 0: there are none, and they cost
///     nothing
/// @param zeroPages 1: the last frame of those that are in no block is the zero page, and the last
///     block the huge one; 0: there is none, and it costs nothing
public record Layout(
    int cpus,
    int spaces,
    int pages,
    int frames,
    int wordsPerPage,
    int tables,
    int ptrsPerPte,
    int hugeBlocks,
    int zeroPages) {
  /// Entries of a page-table page on x86-64 and arm64 with 4 KiB pages.
  public static final int PTRS_PER_PTE = 512;

  public static final int PAGE_SIZE = 4096;
  public static final int WORD_SIZE = 8;

  /// A machine without huge pages and the zero page, whose page tables are as large as real ones.
  public Layout(int cpus, int spaces, int pages, int frames, int wordsPerPage, int tables) {
    this(cpus, spaces, pages, frames, wordsPerPage, tables, PTRS_PER_PTE, 0, 0);
  }

  /// Whether a PMD entry may map a huge page.
  public boolean hasHugePages() {
    return hugeBlocks > 0;
  }

  /// Frames that are in no block.
  public int smallFrames() {
    return frames - hugeBlocks * ptrsPerPte;
  }

  /// The first frame of a block.
  public int blockStart(int block) {
    return smallFrames() + block * ptrsPerPte;
  }

  /// The block that a frame is in; -1 if in none.
  public int blockOf(int pfn) {
    return pfn < smallFrames() ? -1 : (pfn - smallFrames()) / ptrsPerPte;
  }

  /// Whether a frame is kept apart for the zero page, or for the huge one.
  public boolean isZero(int pfn) {
    return zeroPages > 0
        && (pfn == zeroFrame() || hugeBlocks > 0 && blockOf(pfn) == hugeBlocks - 1);
  }

  /// The frame of the zero page.
  public int zeroFrame() {
    return smallFrames() - 1;
  }

  /// Number of PMD entries of an address space.
  public int pmds() {
    return (pages + ptrsPerPte - 1) / ptrsPerPte;
  }

  /// Entries of a page-table page that can ever be used.
  public int usedPtes() {
    return Math.min(pages, ptrsPerPte);
  }

  /// The first page that the PMD entry of `vpn` covers: `addr & PMD_MASK`.
  public int pmdStart(int vpn) {
    return vpn / ptrsPerPte * ptrsPerPte;
  }

  /// The first page that the PMD entry of `vpn` does not cover: `pmd_addr_end()`.
  public int pmdEnd(int vpn) {
    return pmdStart(vpn) + ptrsPerPte;
  }

  /// Index of a (cpu, space, page) triple.
  int slot(int cpu, int space, int vpn) {
    return (cpu * spaces + space) * pages + vpn;
  }

  /// Index of the triple of a CPU, a space and the PMD entry of a page.
  int pmdSlot(int cpu, int space, int vpn) {
    return (cpu * spaces + space) * pmds() + vpn / ptrsPerPte;
  }
}
