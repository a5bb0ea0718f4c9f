package shootdown.model;

import shootdown.kernel.Timeline;
import shootdown.kernel.history.KernelSpec;

/// The kernels that there are to check with.
public final class Kernels {
  private Kernels() {}

  /// Whether a spec, such as `v4.9` or `latest`, names one.
  public static boolean isKnown(String spec) {
    try {
      return !KernelSpec.parse(spec, Timeline.all()).text().isEmpty();
    } catch (KernelSpec.SpecException e) {
      return false;
    }
  }
}
