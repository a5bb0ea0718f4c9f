package shootdown.cli;

import java.util.List;
import shootdown.host.run.HostKernel;
import shootdown.model.Checker;
import shootdown.model.Kernels;

/// Which of the model's kernels this machine's is compared with.
final class HostModel {
  private HostModel() {}

  /// What the user asks for, else the release of this machine's kernel, else the newest.
  static String kernel(String asked) throws BadInput {
    if (asked != null) {
      if (!Kernels.isKnown(asked)) {
        throw new BadInput(
            List.of("shootdown: there is no kernel '" + asked + "': see 'shootdown list kernels'"));
      }
      return asked;
    }
    return HostKernel.mainline().filter(Kernels::isKnown).orElse(Checker.DEFAULT_KERNEL);
  }
}
