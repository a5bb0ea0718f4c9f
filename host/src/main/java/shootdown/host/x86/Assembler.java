package shootdown.host.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes machine code for x86-64. Every operation is one of 64 bits unless it says otherwise;
/// every address is absolute, below 2 GiB, or a register's value and a displacement.
///
/// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
public final class Assembler {
  /// Operations of two operands that have the same forms.
  public enum Operation {
    ADD(0x01, 0),
    OR(0x09, 1),
    AND(0x21, 4),
    SUB(0x29, 5),
    XOR(0x31, 6),
    CMP(0x39, 7);

    private final int opcode;
    private final int extension;

    Operation(int opcode, int extension) {
      this.opcode = opcode;
      this.extension = extension;
    }
  }

  /// Shifts by what is in CL.
  public enum Shift {
    LEFT(4),
    LOGICAL_RIGHT(5),
    ARITHMETIC_RIGHT(7);

    private final int extension;

    Shift(int extension) {
      this.extension = extension;
    }
  }

  private static final int REX_W = 0x48;

  private final long base;
  private final List<Label> labels = new ArrayList<>();
  private ByteBuffer code = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  /// @param base address at which the code will lie
  public Assembler(long base) {
    this.base = base;
  }

  public Label label() {
    var label = new Label();
    labels.add(label);
    return label;
  }

  /// Says that a label is here.
  public void bind(Label label) {
    label.bind(code.position());
  }

  /// A label that is here.
  public Label here() {
    var label = label();
    bind(label);
    return label;
  }

  /// Address of a bound label.
  public long address(Label label) {
    if (!label.isBound()) {
      throw new IllegalStateException("not bound yet");
    }
    return base + label.offset();
  }

  /// The code, with all jumps where they belong.
  ///
  /// @throws IllegalStateException if a label that is jumped to was never bound
  public byte[] finish() {
    for (var label : labels) {
      for (int use : label.uses()) {
        if (!label.isBound()) {
          throw new IllegalStateException("a label is jumped to and never bound");
        }
        code.putInt(use, label.offset() - (use + Integer.BYTES));
      }
    }
    return Arrays.copyOf(code.array(), code.position());
  }

  // -----------------------------------------------------------------------------------------
  // Moves
  // -----------------------------------------------------------------------------------------

  public void move(Reg to, Reg from) {
    registers(0x89, from, to);
  }

  /// In the shortest form: 5, 7 or 10 bytes; leaves the flags alone.
  public void move(Reg to, long value) {
    if (value >>> 32 == 0) {
      if (to.high() != 0) {
        bytes(0x41);
      }
      bytes(0xB8 + to.low());
      int32(value);
    } else if (value == (int) value) {
      bytes(REX_W | to.high(), 0xC7, 0xC0 | to.low());
      int32(value);
    } else {
      bytes(REX_W | to.high(), 0xB8 + to.low());
      room(Long.BYTES).putLong(value);
    }
  }

  /// The label's address, when all is finished; 7 bytes (`lea to, [rip + …]`).
  public void address(Reg to, Label label) {
    bytes(REX_W | to.high() << 2, 0x8D, 0x05 | to.low() << 3);
    use(label);
  }

  public void load(Reg to, long address) {
    absolute(0x8B, to.ordinal(), address);
  }

  public void store(long address, Reg from) {
    absolute(0x89, from.ordinal(), address);
  }

  /// Stores a constant that fits into 32 bits with its sign.
  public void store(long address, int value) {
    absolute(0xC7, 0, address);
    int32(value);
  }

  public void load(Reg to, Reg at, int displacement) {
    based(0x8B, to.ordinal(), at, displacement);
  }

  public void store(Reg at, int displacement, Reg from) {
    based(0x89, from.ordinal(), at, displacement);
  }

  /// Stores a constant that fits into 32 bits with its sign.
  public void store(Reg at, int displacement, int value) {
    based(0xC7, 0, at, displacement);
    int32(value);
  }

  public void push(Reg from) {
    if (from.high() != 0) {
      bytes(0x41);
    }
    bytes(0x50 + from.low());
  }

  public void pop(Reg to) {
    if (to.high() != 0) {
      bytes(0x41);
    }
    bytes(0x58 + to.low());
  }

  // -----------------------------------------------------------------------------------------
  // Arithmetic
  // -----------------------------------------------------------------------------------------

  public void apply(Operation operation, Reg to, Reg operand) {
    registers(operation.opcode, operand, to);
  }

  /// @param operand fits into 32 bits with its sign
  public void apply(Operation operation, Reg to, int operand) {
    bytes(REX_W | to.high(), 0x81, 0xC0 | operation.extension << 3 | to.low());
    int32(operand);
  }

  /// With the word at an address as the operand.
  public void applyWord(Operation operation, Reg to, long address) {
    absolute(operation.opcode + 2, to.ordinal(), address);
  }

  /// Adds a constant to the word at an address, not atomically.
  public void addTo(long address, int value) {
    absolute(0x81, 0, address);
    int32(value);
  }

  public void test(Reg a, Reg b) {
    registers(0x85, b, a);
  }

  public void multiply(Reg to, Reg operand) {
    bytes(REX_W | to.high() << 2 | operand.high(), 0x0F, 0xAF,
        0xC0 | to.low() << 3 | operand.low());
  }

  /// RAX and RDX become quotient and remainder of RAX by an operand, with signs; towards 0.
  public void divide(Reg operand) {
    bytes(REX_W, 0x99); // cqo
    unary(7, operand);
  }

  /// RAX and RDX become quotient and remainder of RDX:RAX by an operand, without signs.
  public void divideUnsigned(Reg operand) {
    unary(6, operand);
  }

  public void negate(Reg operand) {
    unary(3, operand);
  }

  public void not(Reg operand) {
    unary(2, operand);
  }

  public void shift(Shift shift, Reg operand) {
    bytes(REX_W | operand.high(), 0xD3, 0xC0 | shift.extension << 3 | operand.low());
  }

  /// By a constant, 1 to 63.
  public void shift(Shift shift, Reg operand, int by) {
    bytes(REX_W | operand.high(), 0xC1, 0xC0 | shift.extension << 3 | operand.low(), by);
  }

  /// RAX becomes 1 where the condition holds, else 0.
  public void setRax(Condition condition) {
    bytes(0x0F, 0x90 | condition.code(), 0xC0); // setcc al
    bytes(0x0F, 0xB6, 0xC0); // movzx eax, al
  }

  // -----------------------------------------------------------------------------------------
  // Going elsewhere
  // -----------------------------------------------------------------------------------------

  public void jump(Label to) {
    bytes(0xE9);
    use(to);
  }

  public void jump(Condition condition, Label to) {
    bytes(0x0F, 0x80 | condition.code());
    use(to);
  }

  /// To the address in a register.
  public void jump(Reg to) {
    if (to.high() != 0) {
      bytes(0x41);
    }
    bytes(0xFF, 0xE0 | to.low());
  }

  public void call(Label to) {
    bytes(0xE8);
    use(to);
  }

  public void ret() {
    bytes(0xC3);
  }

  /// System call RAX(RDI, RSI, RDX, R10, R8, R9); destroys RCX and R11.
  public void syscall() {
    bytes(0x0F, 0x05);
  }

  // -----------------------------------------------------------------------------------------
  // Among threads
  // -----------------------------------------------------------------------------------------

  /// Atomically adds a register to the word at an address; the register gets the old value.
  public void lockExchangeAdd(long address, Reg operand) {
    bytes(0xF0);
    twoByteAbsolute(0xC1, operand.ordinal(), address);
  }

  /// Atomically exchanges a register with the word at an address: also a full barrier.
  public void exchange(long address, Reg operand) {
    absolute(0x87, operand.ordinal(), address);
  }

  /// Tells the processor that this is a loop that waits.
  public void pause() {
    bytes(0xF3, 0x90);
  }

  /// Asks for the cache line of an address, and for its translation; never faults (`prefetcht0`).
  public void prefetch(Reg at, int displacement) {
    if (at.high() != 0) {
      bytes(0x41);
    }
    bytes(0x0F, 0x18, 0x88 | at.low());
    displacement(at, displacement);
  }

  /// RAX becomes the time-stamp counter; destroys RDX.
  public void timeStamp() {
    bytes(0x0F, 0x31); // rdtsc
    shift(Shift.LEFT, Reg.RDX, 32);
    apply(Operation.OR, Reg.RAX, Reg.RDX);
  }

  /// Puts bytes between the instructions.
  public void bytes(byte[] data) {
    room(data.length);
    code.put(data);
  }

  // -----------------------------------------------------------------------------------------
  // Encodings
  // -----------------------------------------------------------------------------------------

  private void registers(int opcode, Reg reg, Reg rm) {
    bytes(REX_W | reg.high() << 2 | rm.high(), opcode, 0xC0 | reg.low() << 3 | rm.low());
  }

  private void unary(int extension, Reg operand) {
    bytes(REX_W | operand.high(), 0xF7, 0xC0 | extension << 3 | operand.low());
  }

  private void absolute(int opcode, int reg, long address) {
    bytes(REX_W | reg >> 3 << 2, opcode);
    absoluteOperand(reg, address);
  }

  private void twoByteAbsolute(int opcode, int reg, long address) {
    bytes(REX_W | reg >> 3 << 2, 0x0F, opcode);
    absoluteOperand(reg, address);
  }

  private void absoluteOperand(int reg, long address) {
    if (address < 0 || address > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no 31-bit address: " + address);
    }
    bytes((reg & 7) << 3 | 4, 0x25); // no base, no index, 32 bits of displacement
    int32(address);
  }

  private void based(int opcode, int reg, Reg at, int displacement) {
    bytes(REX_W | reg >> 3 << 2 | at.high(), opcode, 0x80 | (reg & 7) << 3 | at.low());
    displacement(at, displacement);
  }

  private void displacement(Reg at, int displacement) {
    if (at.low() == Reg.RSP.low()) {
      bytes(0x24); // RSP and R12 want a SIB byte
    }
    int32(displacement);
  }

  private void use(Label label) {
    label.usedAt(code.position());
    int32(0);
  }

  private void int32(long value) {
    room(Integer.BYTES).putInt((int) value);
  }

  private void bytes(int... values) {
    room(values.length);
    for (int value : values) {
      code.put((byte) value);
    }
  }

  private ByteBuffer room(int length) {
    while (code.remaining() < length) {
      var more = ByteBuffer.allocate(2 * code.capacity()).order(ByteOrder.LITTLE_ENDIAN);
      more.put(code.flip());
      code = more;
    }
    return code;
  }
}
