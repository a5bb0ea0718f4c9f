package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When write() faults its buffer in.
///
/// | release | |
/// |---|---|
/// | before v6.15-rc1 | before it takes a page of the file: a buffer that faults changes nothing |
/// | since | when copying has failed; by then a file that ends earlier has grown to the offset |
public interface WriteFaultIn extends Decision {
  /// Whether it does so first.
  boolean first();

  WriteFaultIn FIRST = () -> true;

  /// 665575cff098.
  WriteFaultIn LATER = () -> false;

  History<WriteFaultIn> HISTORY =
      History.of(WriteFaultIn.class, FIRST)
          .then(
              Fix.merged(
                  "665575cff098",
                  "filemap: move prefaulting out of hot write path",
                  "v6.15-rc1",
                  LATER));
}
