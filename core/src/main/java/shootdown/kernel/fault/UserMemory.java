package shootdown.kernel.fault;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.machine.Access;
import shootdown.machine.AccessResult;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Mmu;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// User code's instructions that access memory. A fault enters the kernel, and the instruction is
/// tried again until it is done or the process gets a signal.
public final class UserMemory {
  private final KernelData data;
  private final Steps steps;
  private final Mmu mmu;
  private final MmFault faults;

  public UserMemory(KernelData data, MmFault faults) {
    this.data = data;
    this.steps = data.steps();
    this.mmu = data.machine().mmu();
    this.faults = faults;
  }

  /// Loads the word at byte address `va`, a multiple of the word size.
  public UserResult load(Current me, long va) {
    return instruction(me, va, Access.Kind.LOAD, mmu::load);
  }

  /// Stores to the word at byte address `va`.
  public UserResult store(Current me, long va, long value) {
    return instruction(me, va, Access.Kind.STORE, access -> mmu.store(access, value));
  }

  /// Changes the word at byte address `va` in one atomic instruction; tells what it held before.
  public UserResult update(Current me, long va, LongUnaryOperator newValue) {
    return instruction(me, va, Access.Kind.UPDATE, access -> mmu.update(access, newValue));
  }

  /// Whether a mapping of the file is at byte address `va`.
  public boolean mapsFile(Current me, long va, FileData file) {
    if (va < 0 || va / Layout.PAGE_SIZE >= data.layout().pages()) {
      return false;
    }
    var mm = data.mm(me.mm());
    return steps.scope(
        () -> {
          mm.mmapLock().readLock();
          var vma = mm.vmaAt((int) (va / Layout.PAGE_SIZE));
          mm.mmapLock().readUnlock();
          return vma.filter(slot -> slot.vma().file() == file.number()).isPresent();
        });
  }

  private UserResult instruction(
      Current me, long va, Access.Kind kind, Function<Access, AccessResult> attempt) {
    if (va < 0 || va / Layout.PAGE_SIZE >= data.layout().pages()) {
      return new UserResult.Signal(UserResult.Kind.SIGSEGV);
    }
    var access = access(me, va, kind);
    return steps.retry(
        "instruction",
        () ->
            switch (steps.scope(() -> attempt.apply(access))) {
              case AccessResult.Done(long value) -> Turn.done(new UserResult.Value(value));
              case AccessResult.PageFault _ ->
                  doUserAddrFault(me, access)
                      .<Turn<Boolean, UserResult>>map(
                          signal -> Turn.done(new UserResult.Signal(signal)))
                      .orElse(Turn.again(true));
            });
  }

  private Access access(Current me, long va, Access.Kind kind) {
    int offset = (int) (va % Layout.PAGE_SIZE);
    int word = offset / Layout.WORD_SIZE;
    if (offset % Layout.WORD_SIZE != 0 || word >= data.layout().wordsPerPage()) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "an access to byte " + offset + " of a page"));
    }
    return new Access(me.cpu(), me.mm(), (int) (va / Layout.PAGE_SIZE), word, kind);
  }

  /// Handles a page fault of user code; tells the signal that it ends with, if any.
  @Models(
      file = "arch/x86/mm/fault.c",
      function = "do_user_addr_fault",
      leavesOut = "per-VMA locks, protection keys, stack growth, signals that were pending")
  private Optional<UserResult.Kind> doUserAddrFault(Current me, Access access) {
    return steps.call(
        "page_fault",
        () -> {
          data.machine().storeBuffers().drain(me.cpu());
          var mm = data.mm(me.mm());
          mm.mmapLock().readLock();
          var vma = mm.vmaAt(access.vpn());
          boolean writes = access.kind().writes();
          if (vma.isEmpty() || accessError(vma.get().vma(), writes)) {
            mm.mmapLock().readUnlock();
            return Optional.of(UserResult.Kind.SIGSEGV);
          }
          var fault =
              faults.handleMmFault(
                  me,
                  mm,
                  vma.get(),
                  access.vpn(),
                  writes ? FaultFlags.WRITE : FaultFlags.READ);
          mm.mmapLock().readUnlock();
          return fault.isError()
              ? Optional.of(UserResult.Kind.SIGBUS)
              : Optional.<UserResult.Kind>empty();
        });
  }

  @Models(file = "arch/x86/mm/fault.c", function = "access_error")
  private static boolean accessError(Vma vma, boolean writes) {
    return writes ? !vma.writable() : !vma.has(Vma.VM_READ | Vma.VM_WRITE);
  }
}
