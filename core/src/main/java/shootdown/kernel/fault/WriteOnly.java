package shootdown.kernel.fault;

import shootdown.kernel.data.Vma;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// What a mapping with PROT_WRITE alone is on riscv64, whose entries cannot be writable and not
/// readable. On the other ports one may read what one may write.
///
/// ```text
/// release  | mmap() says           | a load of what has no entry yet | ... of what has one
/// ---------+-----------------------+---------------------------------+--------------------
/// v5.19    | -EINVAL, if PROT_EXEC | SIGSEGV                         | reads
/// v6.0-rc1 | -EINVAL               | SIGSEGV (after mprotect())      | reads
/// v6.1-rc1 |                       | reads                           | reads
/// ```
///
/// The functions are `access_error()` of arch/riscv/mm/fault.c and `riscv_sys_mmap()` of
/// arch/riscv/kernel/sys_riscv.c. v6.1-rc1 allowed the mapping (9e2e6042a7ec) with the load.
public enum WriteOnly implements Decision {
  UNREADABLE,
  /// 2139619bcad7
  INVALID,
  /// 7ab72c597356
  READABLE;

  /// The decision in time.
  public static final History<WriteOnly> HISTORY =
      History.of(WriteOnly.class, UNREADABLE)
          .then(
              Fix.merged(
                  "2139619bcad7",
                  "riscv: mmap with PROT_WRITE but no PROT_READ is invalid",
                  "v6.0-rc1",
                  INVALID))
          .then(
              Fix.merged(
                  "7ab72c597356", "riscv: Make VM_WRITE imply VM_READ", "v6.1-rc1", READABLE));

  /// Whether mmap() refuses PROT_WRITE without PROT_READ.
  ///
  /// @param executable PROT_EXEC, too
  public boolean isRefused(MachineProfile machine, boolean executable) {
    return machine.isOf("riscv64") && (this == INVALID || this == UNREADABLE && executable);
  }

  /// What a VMA must allow, any of it, for a load that faults.
  long readable(MachineProfile machine) {
    return this != READABLE && machine.isOf("riscv64")
        ? Vma.VM_READ
        : Vma.VM_READ | Vma.VM_WRITE;
  }
}
