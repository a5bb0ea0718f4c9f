package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When write() faults its buffer in, and how much it then copies at once.
///
/// | release | |
/// |---|---|
/// | before v6.15-rc1 | before it takes a page of the file: a buffer that faults changes nothing |
/// | v4.3-rc1 to v4.3-rc4 | as since v6.15-rc1 |
/// | since v6.15-rc1 | when copying failed; a file that ends earlier has grown to the offset then |
/// | since v6.16-rc1 | so many pages of a file as fit into a large folio are one copy |
public interface WriteFaultIn extends Decision {
  /// Whether it does so first.
  boolean first();

  /// Whether several pages that are not in the cache yet may be one folio.
  boolean large();

  WriteFaultIn FIRST = new Rule(true, false);

  /// 665575cff098.
  WriteFaultIn LATER = new Rule(false, false);

  /// 7ac67301e82f.
  WriteFaultIn LATER_AND_LARGE = new Rule(false, true);

  History<WriteFaultIn> HISTORY =
      History.of(WriteFaultIn.class, FIRST)
          .then(
              Fix.merged(
                  "998ef75ddb57",
                  "fs: do not prefault sys_write() user buffer pages",
                  "v4.3-rc1",
                  LATER))
          .then(
              Fix.merged(
                  "00a3d660cbac",
                  "Revert \"fs: do not prefault sys_write() user buffer pages\"",
                  "v4.3-rc5",
                  FIRST))
          .then(
              Fix.merged(
                  "665575cff098",
                  "filemap: move prefaulting out of hot write path",
                  "v6.15-rc1",
                  LATER))
          .then(
              Fix.merged(
                  "7ac67301e82f",
                  "ext4: enable large folio for regular file",
                  "v6.16-rc1",
                  LATER_AND_LARGE));

  /// @param first see [WriteFaultIn#first()]
  /// @param large see [WriteFaultIn#large()]
  record Rule(boolean first, boolean large) implements WriteFaultIn {}
}
