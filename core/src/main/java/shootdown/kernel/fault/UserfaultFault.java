package shootdown.kernel.fault;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.uffd.HandleUserfault;
import shootdown.machine.Machine;
import shootdown.machine.Pte;
import shootdown.sched.Violation;

/// Faults that a userfaultfd has to handle.
final class UserfaultFault {
  private final KernelData data;
  private final HandleUserfault userfault;

  UserfaultFault(KernelData data, Decisions decisions) {
    this.data = data;
    this.userfault = new HandleUserfault(data, decisions);
  }

  /// `userfaultfd_missing()`: whether it handles faults at pages of the VMA that are not there.
  static boolean isMissing(Vma vma) {
    return vma.has(Vma.VM_UFFD_MISSING);
  }

  /// `userfaultfd_wp()`: whether it may have write-protected pages of the VMA.
  static boolean isWp(Vma vma) {
    return vma.has(Vma.VM_UFFD_WP);
  }

  /// `userfaultfd_pte_wp()`: whether it has write-protected the page of an entry.
  static boolean isWp(Vma vma, Pte pte) {
    return isWp(vma) && pte.has(Pte.UFFD_WP);
  }

  /// Waits until it is handled. Entered without the page-table lock; the lock that the fault came
  /// with is released.
  VmFault handle(Vmf vmf, HandleUserfault.Reason reason) {
    if (!vmf.flags().isUser()) {
      throw data.steps()
          .fail(
              new Violation(Machine.LIMIT, "a fault of the kernel itself where userfaultfd waits"));
    }
    userfault.handleUserfault(
        new HandleUserfault.Fault(vmf.me(), vmf.mm(), vmf.vpn(), reason));
    return VmFault.UNLOCKED;
  }
}
