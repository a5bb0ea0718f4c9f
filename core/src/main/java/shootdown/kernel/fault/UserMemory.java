package shootdown.kernel.fault;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.vmalock.VmaLocks;
import shootdown.machine.Access;
import shootdown.machine.AccessResult;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Mmu;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// User code's instructions that access memory, and the kernel's own that do it for user code. A
/// fault enters the kernel, and the instruction is tried again until it is done or there is a
/// signal. User code notices on the way back that it was killed, or is interrupted for that.
public final class UserMemory {
  private final KernelData data;
  private final Steps steps;
  private final Mmu mmu;
  private final MmFault faults;
  private final VmaLocks locks;
  private final WriteOnly writeOnly;

  public UserMemory(KernelData data, Decisions decisions, MmFault faults) {
    this.locks = new VmaLocks(data, decisions);
    this.writeOnly = decisions.get(WriteOnly.class);
    this.data = data;
    this.steps = data.steps();
    this.mmu = data.machine().mmu();
    this.faults = faults;
  }

  /// User code loads the word at byte address `va`, a multiple of the word size.
  public UserResult userLoad(Current me, long va) {
    return userMode(me, () -> instruction(me, va, Access.Kind.LOAD, mmu::load, Mode.USER));
  }

  /// User code stores to the word at byte address `va`.
  public UserResult userStore(Current me, long va, long value) {
    return userMode(
        me,
        () ->
            instruction(
                me, va, Access.Kind.STORE, access -> mmu.store(access, value), Mode.USER));
  }

  /// Where a signal has been sent to user code, its interrupt comes before the instruction or
  /// later.
  private UserResult userMode(Current me, Supplier<UserResult> instruction) {
    return steps.scope(() -> isKilled(me) && steps.choose(2) == 1)
        ? new UserResult.Signal(UserResult.Kind.SIGKILL)
        : instruction.get();
  }

  /// `fatal_signal_pending()`: whether the thread ends as it comes back to user mode.
  public boolean isKilled(Current me) {
    return steps.scope(() -> data.mm(me.mm()).killed().is(1));
  }

  private enum Mode {
    USER,
    KERNEL
  }

  /// Loads the word at byte address `va`, a multiple of the word size.
  public UserResult load(Current me, long va) {
    return instruction(me, va, Access.Kind.LOAD, mmu::load, Mode.KERNEL);
  }

  /// Loads a word with page faults disabled; empty if it is not mapped just now.
  public OptionalLong loadInatomic(Current me, long va) {
    if (va < 0 || page(va) >= data.layout().pages()) {
      return OptionalLong.empty();
    }
    var access = access(me, va, Access.Kind.LOAD);
    return attempt(access, mmu::load);
  }

  /// What an access told; empty if it needs a page fault. Why it does is forgotten: the handler
  /// looks for itself.
  private OptionalLong attempt(Access access, Function<Access, AccessResult> attempt) {
    return steps.scope(
        () ->
            switch (attempt.apply(access)) {
              case AccessResult.Done(long value) -> OptionalLong.of(value);
              case AccessResult.PageFault _ -> OptionalLong.empty();
            });
  }

  /// Stores to the word at byte address `va`.
  public UserResult store(Current me, long va, long value) {
    return instruction(
        me, va, Access.Kind.STORE, access -> mmu.store(access, value), Mode.KERNEL);
  }

  /// Changes the word at byte address `va` in one atomic instruction; tells what it held before.
  public UserResult update(Current me, long va, LongUnaryOperator newValue) {
    return instruction(
        me, va, Access.Kind.UPDATE, access -> mmu.update(access, newValue), Mode.KERNEL);
  }

  /// What is stored so far is in memory: what a copy to user memory is followed by, folio_put() for
  /// example, is an atomic operation, and so the kernel's own loads see it.
  public void drainStores(Current me) {
    data.machine().storeBuffers().drain(me.cpu());
  }

  /// The byte of the file that is mapped at byte address `va`; empty if none is.
  public OptionalLong fileOffset(Current me, long va, FileData file) {
    return offset(mapping(me, va, file), va);
  }

  /// As [#fileOffset], if it is mapped shared.
  public OptionalLong sharedFileOffset(Current me, long va, FileData file) {
    return offset(mapping(me, va, file).filter(Vma::shared), va);
  }

  private static OptionalLong offset(Optional<Vma> mapping, long va) {
    return mapping.stream()
        .mapToLong(
            vma ->
                (long) vma.pageIndex((int) page(va)) * Layout.PAGE_SIZE + va % Layout.PAGE_SIZE)
        .findFirst();
  }

  private Optional<Vma> mapping(Current me, long va, FileData file) {
    if (va < 0 || page(va) >= data.layout().pages()) {
      return Optional.empty();
    }
    var mm = data.mm(me.mm());
    return steps.scope(
        () -> {
          mm.mmapLock().readLock();
          var vma = mm.vmaAt((int) page(va));
          mm.mmapLock().readUnlock();
          return vma.map(slot -> slot.vma()).filter(v -> v.file() == file.number());
        });
  }

  private static long page(long va) {
    return va / Layout.PAGE_SIZE;
  }

  private UserResult instruction(
      Current me,
      long va,
      Access.Kind kind,
      Function<Access, AccessResult> attempt,
      Mode mode) {
    if (va < 0 || va / Layout.PAGE_SIZE >= data.layout().pages()) {
      return new UserResult.Signal(UserResult.Kind.SIGSEGV);
    }
    var access = access(me, va, kind);
    return steps.retry(
        "instruction",
        () -> {
          var told = attempt(access, attempt);
          if (told.isPresent()) {
            return Turn.done(new UserResult.Value(told.getAsLong()));
          }
          return doUserAddrFault(me, access, mode)
              .<Turn<Boolean, UserResult>>map(signal -> Turn.done(new UserResult.Signal(signal)))
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
      leavesOut = "protection keys, stack growth")
  private Optional<UserResult.Kind> doUserAddrFault(
      Current me, Access access, Mode mode) {
    return steps.call(
        "page_fault",
        () -> {
          data.machine().storeBuffers().drain(me.cpu());
          var fault = steps.scope(() -> fault(me, access, mode));
          if (mode == Mode.USER && isKilled(me)) {
            return Optional.of(UserResult.Kind.SIGKILL);
          }
          return switch (fault) {
            case SIGSEGV -> Optional.of(UserResult.Kind.SIGSEGV);
            case SIGBUS -> Optional.of(UserResult.Kind.SIGBUS);
            case DONE, WRITE, NOPAGE, RETRY, UNLOCKED -> Optional.<UserResult.Kind>empty();
          };
        });
  }

  private VmFault fault(Current me, Access access, Mode mode) {
    var fault = mode == Mode.USER ? underVmaLock(me, access) : VmFault.RETRY;
    return fault == VmFault.RETRY ? underMmapLock(me, access, mode) : fault;
  }

  /// Handles the fault with nothing but the lock of its VMA. Which VMA forbids the access is told
  /// at once, as of v6.10: to take mmap_lock and look again tells the same, or what a later access
  /// would find.
  private VmFault underVmaLock(Current me, Access access) {
    return steps.scope(
        () -> {
          var mm = data.mm(me.mm());
          var vma = locks.lockVmaUnderRcu(mm, access.vpn(), access.kind().writes());
          if (vma.isEmpty()) {
            return VmFault.RETRY;
          }
          var fault = handle(me, mm, vma.get(), access, Mode.USER);
          if (fault != VmFault.UNLOCKED) {
            locks.vmaEndRead(mm, access.vpn());
          }
          return fault;
        });
  }

  private VmFault underMmapLock(Current me, Access access, Mode mode) {
    return steps.scope(
        () -> {
          var mm = data.mm(me.mm());
          mm.mmapLock().readLock();
          var fault =
              mm.vmaAt(access.vpn())
                  .map(vma -> handle(me, mm, vma, access, mode))
                  .orElse(VmFault.SIGSEGV);
          if (fault != VmFault.UNLOCKED) {
            mm.mmapLock().readUnlock();
          }
          return fault;
        });
  }

  private VmFault handle(Current me, Mm mm, VmaSlot vma, Access access, Mode mode) {
    boolean writes = access.kind().writes();
    return accessError(vma.vma(), writes)
        ? VmFault.SIGSEGV
        : faults.handleMmFault(
            me, mm, vma, access.vpn(), flags(writes, mode));
  }

  private static FaultFlags flags(boolean writes, Mode mode) {
    return switch (mode) {
      case USER -> writes ? FaultFlags.USER_WRITE : FaultFlags.USER_READ;
      case KERNEL -> writes ? FaultFlags.WRITE : FaultFlags.READ;
    };
  }

  @Models(file = "arch/x86/mm/fault.c", function = "access_error")
  private boolean accessError(Vma vma, boolean writes) {
    return writes
        ? !vma.writable()
        : !vma.has(writeOnly.readable(data.machine().profile()));
  }
}
