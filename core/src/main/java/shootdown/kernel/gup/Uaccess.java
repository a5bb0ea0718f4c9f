package shootdown.kernel.gup;

import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.fault.UserResult;
import shootdown.machine.Access;
import shootdown.machine.AccessResult;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.machine.Mmu;
import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Accesses of the kernel to one word of user memory, through the user's own translation. An empty
/// result is -EFAULT.
public final class Uaccess {
  private final Machine machine;
  private final Steps steps;
  private final UserMemory user;

  public Uaccess(KernelData data, UserMemory user) {
    this.machine = data.machine();
    this.steps = data.steps();
    this.user = user;
  }

  /// Reads a word; a page fault is handled as one of the user is, and the word read again.
  @Models(file = "include/linux/uaccess.h", function = "get_user")
  public OptionalLong getUser(Current me, long addr) {
    return steps.call("get_user", () -> value(user.load(me, addr)));
  }

  /// Writes a word; tells nothing but whether it could.
  @Models(file = "include/linux/uaccess.h", function = "put_user")
  public boolean putUser(Current me, long addr, long value) {
    return steps.call("put_user", () -> value(user.store(me, addr, value)).isPresent());
  }

  /// Reads a word with page faults disabled.
  public OptionalLong getUserInatomic(Current me, long addr) {
    return user.loadInatomic(me, addr);
  }

  /// One atomic read-modify-write with page faults disabled; tells the word before it.
  public OptionalLong updateInatomic(Current me, long addr, LongUnaryOperator newValue) {
    return steps.scope(
        () ->
            inUserSpace(addr)
                ? value(mmu().update(access(me, addr, Access.Kind.UPDATE), newValue))
                : none());
  }

  private static OptionalLong value(UserResult result) {
    return switch (result) {
      case UserResult.Value(long value) -> OptionalLong.of(value);
      case UserResult.Signal _ -> none();
    };
  }

  private static OptionalLong value(AccessResult result) {
    return switch (result) {
      case AccessResult.Done(long value) -> OptionalLong.of(value);
      case AccessResult.PageFault _ -> none();
    };
  }

  private static OptionalLong none() {
    return OptionalLong.empty();
  }

  /// `access_ok()`.
  private boolean inUserSpace(long addr) {
    return addr >= 0 && addr < (long) machine.layout().pages() * Layout.PAGE_SIZE;
  }

  private Access access(Current me, long addr, Access.Kind kind) {
    int word = (int) (addr % Layout.PAGE_SIZE) / Layout.WORD_SIZE;
    if (word >= machine.layout().wordsPerPage()) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "word " + word + " of a page: pages here are smaller"));
    }
    return new Access(me.cpu(), me.mm(), (int) (addr / Layout.PAGE_SIZE), word, kind);
  }

  private Mmu mmu() {
    return machine.mmu();
  }
}
