package shootdown.host.fuzz;

import java.util.List;

/// Arguments of system calls: the usual ones several times, and those at the edges: nothing,
/// unaligned, overlapping, huge.
final class Edges {
  static final List<String> NAMES = List.of("x", "y", "z");
  static final List<String> OFFSETS =
      List.of("", "", "", " + PAGE", " + PAGE", " + 2 * PAGE", " + 1", " + WORD");
  static final List<String> WORD_OFFSETS =
      List.of("", "", "", " + PAGE", " + PAGE", " + 2 * PAGE", " + WORD", " + PAGE - WORD");
  static final List<String> FAR =
      List.of("-PAGE", "1 << 62", "(1 << 47) - PAGE", "1 << 47");
  static final List<String> FAR_BUFFERS =
      List.of("NULL", "-PAGE", "1 << 62", "(1 << 47) - PAGE", "1 << 47");
  static final List<String> LENGTHS =
      List.of("PAGE", "PAGE", "PAGE", "2 * PAGE", "2 * PAGE", "3 * PAGE", "0", "1", "PAGE + 1",
          "PAGE - 1", "-1", "-PAGE", "1 << 62", "1 << 47");
  static final List<String> COUNTS =
      List.of("WORD", "WORD", "WORD", "PAGE", "2 * PAGE", "0", "2 * WORD", "PAGE + WORD");
  static final List<String> BLOCKS =
      List.of("PAGE", "PAGE", "512", "2 * PAGE", "0", "PAGE + 512");
  static final List<String> BLOCK_OFFSETS =
      List.of("0", "0", "PAGE", "PAGE", "512", "2 * PAGE", "3 * PAGE", "-PAGE");
  static final List<String> BLOCK_BUFFERS =
      List.of("", "", " + PAGE", " + 512", " + 2 * PAGE", " + PAGE - 512");
  static final List<String> PROTECTIONS =
      List.of("PROT_READ|PROT_WRITE", "PROT_READ|PROT_WRITE", "PROT_READ|PROT_WRITE",
          "PROT_READ", "PROT_NONE", "PROT_WRITE", "PROT_READ|PROT_EXEC", "64");
  static final List<String> ADVICE =
      List.of("MADV_DONTNEED", "MADV_DONTNEED", "MADV_FREE", "MADV_COLD", "MADV_PAGEOUT",
          "MADV_NORMAL", "MADV_WILLNEED", "MADV_DONTFORK", "MADV_DONTFORK", "MADV_DOFORK",
          "MADV_POPULATE_READ", "MADV_POPULATE_WRITE", "MADV_RANDOM", "77", "MADV_DONTNEED",
          "MADV_FREE", "MADV_PAGEOUT", "MADV_COLD", "MADV_POPULATE_WRITE", "MADV_REMOVE");
  static final List<String> FILE_LENGTHS =
      List.of("PAGE", "PAGE", "2 * PAGE", "3 * PAGE", "0", "WORD", "PAGE + WORD");
  static final List<String> FILE_OFFSETS =
      List.of("0", "0", "0", "WORD", "PAGE", "PAGE", "2 * PAGE", "3 * PAGE", "-1", "-PAGE");
  static final List<String> DESCRIPTORS = List.of("f", "f", "f", "f", "f", "-1");
  static final List<String> FILE_ADVICE =
      List.of("POSIX_FADV_DONTNEED", "POSIX_FADV_DONTNEED", "POSIX_FADV_NORMAL",
          "POSIX_FADV_WILLNEED", "POSIX_FADV_RANDOM", "POSIX_FADV_NOREUSE", "9");
  static final List<String> SYNC_FLAGS =
      List.of("MS_SYNC", "MS_SYNC", "MS_ASYNC", "MS_INVALIDATE", "MS_SYNC|MS_INVALIDATE",
          "MS_SYNC|MS_ASYNC", "0", "8");
  static final List<String> RANGE_FLAGS = List.of("SYNC_FILE_RANGE_WRITE", "7", "0", "8");
  static final List<String> SPLICE_FLAGS =
      List.of("0", "0", "0", "SPLICE_F_NONBLOCK", "SPLICE_F_MORE", "16");
  static final List<String> FUTEX_OFFSETS = List.of("", "", " + PAGE", " + WORD", " + 1", " + 4");

  private Edges() {}
}
