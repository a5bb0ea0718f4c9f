package shootdown.kernel.mmap;

import static shootdown.kernel.mmap.MmanConstants.MREMAP_DONTUNMAP;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_FIXED;
import static shootdown.kernel.mmap.MmanConstants.MREMAP_MAYMOVE;

import java.util.Optional;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Models;

/// Arguments of mremap(2), lengths in pages.
///
/// @param addr byte address of the old mapping
/// @param oldPages its length; 0 asks for a second mapping of the same shared pages
/// @param newPages the new length
/// @param flags MREMAP_* bits
/// @param newAddr where to, with MREMAP_FIXED
record MremapArguments(long addr, long oldPages, long newPages, long flags, long newAddr) {
  boolean fixed() {
    return has(MREMAP_FIXED);
  }

  boolean mayMove() {
    return has(MREMAP_MAYMOVE);
  }

  boolean dontUnmap() {
    return has(MREMAP_DONTUNMAP);
  }

  private boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /// What is wrong with them, whatever is mapped. The order is today's; a call with one mistake
  /// always got the same errno.
  @Models(file = "mm/mremap.c", function = "check_mremap_params", leavesOut = "the limit of VMAs")
  Optional<Errno> mistake(MremapNewAddress looks) {
    boolean wrong =
        (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0
            || !Pages.isAligned(addr)
            || newPages == 0
            || !Pages.fit(0, newPages)
            || looks == MremapNewAddress.ALWAYS && !isAddress()
            || (fixed() || dontUnmap()) && !isTarget();
    return wrong ? Optional.of(Errno.EINVAL) : Optional.empty();
  }

  private boolean isTarget() {
    return isAddress()
        && mayMove()
        && !(dontUnmap() && oldPages != newPages)
        && !overlaps();
  }

  private boolean isAddress() {
    return Pages.fit(newAddr, newPages) && Pages.isAligned(newAddr);
  }

  private boolean overlaps() {
    return Long.compareUnsigned(addr + Pages.bytes(oldPages), newAddr) > 0
        && Long.compareUnsigned(newAddr + Pages.bytes(newPages), addr) > 0;
  }
}
