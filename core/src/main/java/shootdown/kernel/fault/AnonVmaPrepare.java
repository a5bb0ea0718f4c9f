package shootdown.kernel.fault;

import java.util.Optional;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

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

  /// mmap_lock is held for reading at least: the VMA stays, and others may do the same, each with
  /// an anon_vma of its own. Tells the fault, with the VMA as it is then.
  @Models(file = "mm/rmap.c", function = "__anon_vma_prepare")
  Vmf anonVmaPrepare(Vmf vmf) {
    if (vmf.vma().has(Vma.VM_ANON_VMA)) {
      return vmf;
    }
    var vma =
        steps.call(
            "__anon_vma_prepare",
            () -> {
              var mm = data.mm(vmf.mm());
              var mergeable = findMergeableAnonVma(mm, vmf.vma());
              int root = mergeable.orElseGet(() -> data.anonVmas().alloc());
              data.anonVmas().lock(root).lock();
              mm.pageTableLock().lock();
              var found = mm.vmaAt(vmf.vpn()).orElseThrow();
              boolean first =
                  steps.recheck("no_anon_vma", () -> !found.vma().has(Vma.VM_ANON_VMA));
              if (first) {
                data.anonVmas().tree(root).change(() -> link(mm, found, root));
              }
              mm.pageTableLock().unlock();
              data.anonVmas().lock(root).unlock();
              if (!first && mergeable.isEmpty()) {
                data.anonVmas().put(root);
              }
              return first ? found.vma().withAnonVma(root) : found.vma();
            });
    return new Vmf(vmf.me(), vmf.mm(), vma, vmf.vpn(), vmf.flags());
  }

  /// All anon_vmas of a VMA have one root: lock_anon_vma_root() warns of others when the VMA goes,
  /// since v3.0. Here that is noticed at once.
  @Models(file = "mm/rmap.c", function = "anon_vma_chain_link")
  private boolean link(Mm mm, VmaSlot found, int root) {
    return steps.atomically(
        "anon_vma_chain_link",
        () -> {
          if (mm.now(found.slot()).has(Vma.VM_ANON_VMA)) {
            throw steps.fail(
                new Violation("kernel bug", "a VMA gets anon_vmas of different roots"));
          }
          mm.update(found.slot(), found.vma().withAnonVma(root));
          return true;
        });
  }

  /// The root of a neighbour that the VMA may be merged with one day, but for its rights.
  @Models(
      file = "mm/rmap.c",
      function = "find_mergeable_anon_vma",
      leavesOut = "that a child does not share what it has from its parent with a neighbour")
  private Optional<Integer> findMergeableAnonVma(Mm mm, Vma vma) {
    return steps.scope(
        () ->
            mm.vmaAt(vma.end())
                .filter(next -> isCompatible(vma, next.vma()))
                .or(
                    () ->
                        mm.vmaAt(vma.start() - 1)
                            .filter(previous -> isCompatible(previous.vma(), vma)))
                .map(neighbour -> neighbour.vma().anonVma()));
  }

  /// `anon_vma_compatible()`, and one of them has an anon_vma; the other one, whose fault this is,
  /// had none a moment ago.
  private static boolean isCompatible(Vma left, Vma right) {
    boolean either = left.has(Vma.VM_ANON_VMA) || right.has(Vma.VM_ANON_VMA);
    return either && left.continuesIn(right, Vma.VM_READ | Vma.VM_WRITE | Vma.ANON_VMA);
  }
}
