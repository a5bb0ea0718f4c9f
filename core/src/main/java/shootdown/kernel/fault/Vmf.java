package shootdown.kernel.fault;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Vma;

/// One fault: `struct vm_fault`.
///
/// @param me who handles it
/// @param mm number of the address space: not always that of `me`
/// @param vma where it is
/// @param vpn the page
/// @param flags what is wanted
record Vmf(Current me, int mm, Vma vma, int vpn, FaultFlags flags) {
  boolean write() {
    return flags.write();
  }
}
