package shootdown.litmus;

import java.util.EnumSet;
import java.util.Set;

/// A parameter of a system call.
///
/// @param name as the man page calls it
public record Parameter(String name, Kind kind) {
  /// What a parameter takes, and which constants may stand in it.
  public enum Kind {
    ADDRESS("an address", Family.POINTER, Family.SIZE),
    LENGTH("a number of bytes", Family.SIZE),
    OFFSET("an offset in bytes", Family.SIZE),
    PROT("PROT_*", Family.PROT),
    MAP_FLAGS("MAP_*", Family.MAP),
    MREMAP_FLAGS("MREMAP_*", Family.MREMAP),
    MSYNC_FLAGS("MS_*", Family.MSYNC),
    MADVISE_ADVICE("MADV_*", Family.MADVISE),
    FADVISE_ADVICE("POSIX_FADV_*", Family.FADVISE),
    SYNC_RANGE_FLAGS("SYNC_FILE_RANGE_*", Family.SYNC_RANGE),
    /// A descriptor that `file()` or `open()` returned, or -1.
    DESCRIPTOR("a file descriptor"),
    /// Likewise, or one of /proc/self/mem.
    FILE_OR_MEMORY("a file descriptor"),
    /// What `pipe()` returned, or -1.
    PIPE_END("a pipe"),
    /// Likewise, or what `userfaultfd()` returned.
    READABLE("a pipe or a userfaultfd"),
    /// What `userfaultfd()` returned, or -1.
    UFFD("a userfaultfd"),
    UFFD_FLAGS("UFFD_USER_MODE_ONLY or 0", Family.UFFD),
    UFFD_REQUEST("a request UFFDIO_*", Family.UFFD_REQUEST),
    /// A field of a request's struct: a length, a source, a mode.
    UFFD_FIELD("a number, an address or UFFDIO_*_MODE_*",
        Family.POINTER, Family.SIZE, Family.UFFD_MODE),
    /// A file, or PROC_SELF_MEM.
    PATH("a file or PROC_SELF_MEM", Family.PATH),
    OPEN_FLAGS("O_*", Family.OPEN),
    SPLICE_FLAGS("SPLICE_F_*", Family.SPLICE),
    /// `&r1`, or an address.
    BUFFER("a buffer, such as &r1", Family.POINTER, Family.SIZE),
    FUTEX_COMMAND("a futex operation", Family.FUTEX_COMMAND),
    NUMBER("a number", Family.SIZE, Family.FUTEX_BITS),
    /// How many pages there is room for.
    ROOM("a constant from 1 to 64"),
    /// futex's fourth argument: a timeout (NULL: none), or for some operations a number.
    TIMEOUT_OR_NUMBER("a number or NULL", Family.POINTER, Family.SIZE),
    /// futex's last argument: a number, or what `FUTEX_OP()` packs.
    NUMBER_OR_OPERATION("a number or FUTEX_OP(...)", Family.SIZE, Family.FUTEX_BITS),
    /// A thread that is marked `child`.
    CHILD("a child thread, such as P2");

    private final String label;
    private final Set<Family> families;

    Kind(String label, Family... families) {
      this.label = label;
      this.families = EnumSet.noneOf(Family.class);
      this.families.addAll(Set.of(families));
    }

    /// As a message names it.
    String label() {
      return label;
    }

    boolean accepts(Family family) {
      return families.contains(family);
    }
  }
}
