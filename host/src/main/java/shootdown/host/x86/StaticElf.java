package shootdown.host.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// An executable file that needs nothing: no libraries, no interpreter, no sections.
///
/// Source: System V Application Binary Interface, chapters 4 and 5, and its AMD64 supplement.
public final class StaticElf {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int PAGE = 4096;
  private static final short EXECUTABLE = 2;
  private static final short X86_64 = 62;
  private static final int LOAD = 1;
  private static final int GNU_STACK = 0x6474e551;

  private StaticElf() {}

  /// What may be done with a segment.
  public enum Rights {
    READ_EXECUTE(5),
    READ_WRITE(6);

    private final int flags;

    Rights(int flags) {
      this.flags = flags;
    }
  }

  /// A part of memory.
  ///
  /// @param address where it lies; on a page's boundary
  /// @param contents its first bytes; the rest is 0
  /// @param size in bytes, at least the length of `contents`
  public record Segment(long address, byte[] contents, long size, Rights rights) {
    public Segment {
      if (address % PAGE != 0 || size < contents.length) {
        throw new IllegalArgumentException("segment at " + address + " of " + size + " bytes");
      }
    }
  }

  /// The file.
  ///
  /// @param entry address of the first instruction
  public static byte[] of(long entry, List<Segment> segments) {
    int headers = HEADER + PROGRAM_HEADER * (segments.size() + 1);
    int length = roundUp(headers);
    for (var segment : segments) {
      length += roundUp(segment.contents().length);
    }
    var file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    file.putShort(EXECUTABLE).putShort(X86_64).putInt(1);
    file.putLong(entry).putLong(HEADER).putLong(0).putInt(0);
    file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER);
    file.putShort((short) (segments.size() + 1));
    file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    int offset = roundUp(headers);
    for (var segment : segments) {
      int inFile = segment.contents().length;
      programHeader(file, LOAD, segment.rights(), offset, segment.address(), inFile,
          segment.size());
      file.put(offset, segment.contents());
      offset += roundUp(inFile);
    }
    programHeader(file, GNU_STACK, Rights.READ_WRITE, 0, 0, 0, 0);
    return file.array();
  }

  private static void programHeader(
      ByteBuffer file, int type, Rights rights, long offset, long address, long inFile,
      long inMemory) {
    file.putInt(type).putInt(rights.flags).putLong(offset).putLong(address).putLong(address);
    file.putLong(inFile).putLong(inMemory).putLong(type == LOAD ? PAGE : 16);
  }

  private static int roundUp(int length) {
    return (length + PAGE - 1) / PAGE * PAGE;
  }
}
