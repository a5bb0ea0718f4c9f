package shootdown.host.x86;

/// The general registers, in the order of their encoding.
public enum Reg {
  RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15;

  /// The bits that go into ModRM.
  int low() {
    return ordinal() & 7;
  }

  /// The bit that goes into REX.
  int high() {
    return ordinal() >> 3;
  }
}
