package shootdown.kernel.fault;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.sched.Steps;

/// Before the first page of its own comes into a private mapping of a file, its VMA gets an
/// anon_vma. Anonymous mappings have one since mmap(), and so have those of files where there are
/// no huge pages: there it makes no difference.
final class AnonVmaPrepare {
  private final KernelData data;
  private final Steps steps;

  AnonVmaPrepare(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// mmap_lock is held for reading at least: the VMA stays, and others may do the same.
  @Models(
      file = "mm/rmap.c",
      function = "__anon_vma_prepare",
      leavesOut = "which anon_vma: they all have the same root here")
  void anonVmaPrepare(Vmf vmf) {
    if (vmf.vma().has(Vma.VM_ANON_VMA)) {
      return;
    }
    steps.run(
        "__anon_vma_prepare",
        () -> {
          var mm = data.mm(vmf.mm());
          data.anonVma().lock();
          mm.pageTableLock().lock();
          var found = mm.vmaAt(vmf.vpn()).orElseThrow();
          if (!found.vma().has(Vma.VM_ANON_VMA)) {
            var now = found.vma().withFlags(found.vma().flags() | Vma.VM_ANON_VMA);
            data.anonVmas()
                .change(
                    () -> {
                      mm.update(found.slot(), now);
                      return true;
                    });
          }
          mm.pageTableLock().unlock();
          data.anonVma().unlock();
        });
  }
}
