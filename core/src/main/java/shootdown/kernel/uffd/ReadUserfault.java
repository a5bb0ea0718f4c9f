package shootdown.kernel.uffd;

import java.util.List;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.filemap.UserBuffer;
import shootdown.machine.Layout;
import shootdown.machine.Machine;
import shootdown.sched.Steps;
import shootdown.sched.Turn;
import shootdown.sched.Violation;

/// read(2) of a userfaultfd.
public final class ReadUserfault {
  private final Steps steps;

  public ReadUserfault(KernelData data) {
    this.steps = data.steps();
  }

  /// Tells the address of the page of the oldest fault that was not read: a word, where Linux has a
  /// `struct uffd_msg`. Sleeps until there is one.
  ///
  /// @return the number of bytes, or -EFAULT
  @Models(
      file = "fs/userfaultfd.c",
      function = "userfaultfd_read",
      leavesOut = "several messages at once, which a test reads one by one; O_NONBLOCK; what else"
          + " is in a message")
  public long read(Userfaultfd ctx, long count, UserBuffer to) {
    if (count != Layout.WORD_SIZE) {
      throw steps.fail(
          new Violation(Machine.LIMIT, "a read of a userfaultfd of other than one word"));
    }
    return steps.call(
        "userfaultfd_read",
        () -> {
          long address = steps.scope(() -> userfaultfdCtxRead(ctx));
          return to.copyTo(0, List.of(address), count) < count
              ? Errno.EFAULT.result()
              : count;
        });
  }

  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_ctx_read", leavesOut = "events")
  @Models(file = "fs/userfaultfd.c", function = "find_userfault")
  private long userfaultfdCtxRead(Userfaultfd ctx) {
    return steps.retry(
        "fd_wqh",
        () -> {
          ctx.lock().lock();
          var found = ctx.firstPending();
          if (found.isEmpty()) {
            ctx.clearPollin();
            ctx.lock().unlock();
            ctx.awaitPollin();
            return Turn.again(true);
          }
          refile(ctx, found.getAsInt());
          long address = (long) ctx.page(found.getAsInt()) * Layout.PAGE_SIZE;
          ctx.lock().unlock();
          return Turn.done(address);
        });
  }

  /// In between, the fault is in neither list.
  private void refile(Userfaultfd ctx, int tid) {
    steps.forget(
        () -> {
          ctx.countRefile();
          ctx.removePending(tid);
          ctx.addRead(tid);
          ctx.countRefile();
        });
  }
}
