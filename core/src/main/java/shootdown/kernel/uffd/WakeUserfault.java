package shootdown.kernel.uffd;

import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.history.Decisions;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Waking those whose faults are handled.
public final class WakeUserfault {
  private final Steps steps;
  private final RefileSeq refileSeq;

  public WakeUserfault(KernelData data, Decisions decisions) {
    this.steps = data.steps();
    this.refileSeq = decisions.get(RefileSeq.class);
  }

  /// Wakes the faults of pages `from` … `to`-1. The lock is taken only if there seem to be any.
  @Models(file = "fs/userfaultfd.c", function = "wake_userfault")
  @Models(file = "fs/userfaultfd.c", function = "__wake_userfault")
  @Models(file = "fs/userfaultfd.c", function = "userfaultfd_wake_function")
  public void wakeUserfault(Userfaultfd ctx, int from, int to) {
    steps.run(
        "wake_userfault",
        () -> {
          if (steps.scope(() -> needWakeup(ctx))) {
            ctx.lock().lock();
            ctx.wake(from, to);
            ctx.lock().unlock();
          }
        });
  }

  private boolean needWakeup(Userfaultfd ctx) {
    return refileSeq == RefileSeq.IGNORED
        ? isActive(ctx)
        : steps.retry(
            "refile_seq",
            () -> {
              long seq = ctx.refileSeq().read();
              if (seq % 2 != 0) {
                return Turn.again(true);
              }
              boolean active = isActive(ctx);
              return steps.recheck("read_seqcount_retry", () -> ctx.refileSeq().is(seq))
                  ? Turn.done(active)
                  : Turn.again(true);
            });
  }

  private boolean isActive(Userfaultfd ctx) {
    return steps.scope(() -> ctx.isPending() || ctx.isRead());
  }
}
