package shootdown.kernel.filemap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;

/// When a write that begins beyond the end of a file zeroes what lies between, which a mapping may
/// have stored to.
///
/// ```text
/// before v6.13   never, in Linux; here before i_size changes
/// since          when i_size has changed and the folio is unlocked: what is stored in between is
///                lost
/// ```
///
/// 3f60efd65412 ("ext4: zero post-EOF partial block before appending write"), which is in no
/// release that is modelled, does so first.
public enum AppendZero implements Decision {
  FIRST,
  /// c7fc0366c656
  BEHIND;

  /// The decision in time.
  public static final History<AppendZero> HISTORY =
      History.of(AppendZero.class, FIRST)
          .then(
              Fix.merged(
                  "c7fc0366c656",
                  "ext4: partial zero eof block on unaligned inode size extension",
                  "v6.13-rc1",
                  BEHIND));
}
