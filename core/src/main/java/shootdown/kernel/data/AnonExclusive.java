package shootdown.kernel.data;

import shootdown.sched.Steps;
import shootdown.sched.Violation;

/// Marks a page as one address space's alone: [Folio#ANON_EXCLUSIVE].
public final class AnonExclusive {
  private AnonExclusive() {}

  /// A KSM page is never marked: VM_BUG_ON_PGFLAGS(!PageAnonNotKsm()), since v5.19, with which the
  /// mark came.
  @Models(file = "include/linux/page-flags.h", function = "SetPageAnonExclusive")
  public static void set(Steps steps, Folio page) {
    steps.forget(
        () -> {
          if (page.isKsm()) {
            throw steps.fail(
                new Violation("kernel bug", page + " is marked exclusive, and shared by KSM"));
          }
        });
    page.pageFlags().set(Folio.ANON_EXCLUSIVE);
  }
}
