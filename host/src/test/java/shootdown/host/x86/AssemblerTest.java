package shootdown.host.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shootdown.host.x86.Assembler.Operation;
import shootdown.host.x86.Assembler.Shift;

/// What is written is what a disassembler reads.
class AssemblerTest {
  private static final Map<String, Consumer<Assembler>> INSTRUCTIONS = instructions();

  private static Map<String, Consumer<Assembler>> instructions() {
    Map<String, Consumer<Assembler>> all = new LinkedHashMap<>();
    for (var a : List.of(Reg.RAX, Reg.RSP, Reg.RDI, Reg.R8, Reg.R12, Reg.R13)) {
      String name = a.name().toLowerCase();
      for (var b : List.of(Reg.RCX, Reg.RBP, Reg.R12, Reg.R15)) {
        String other = b.name().toLowerCase();
        all.put("mov " + name + "," + other, code -> code.move(a, b));
        all.put("imul " + name + "," + other, code -> code.multiply(a, b));
        all.put("mov " + name + ",QWORD PTR [" + other + "+0x12]", code -> code.load(a, b, 0x12));
        all.put("mov QWORD PTR [" + other + "-0x8]," + name, code -> code.store(b, -8, a));
        all.put("test " + name + "," + other, code -> code.test(a, b));
        all.put("prefetcht0 BYTE PTR [" + name + "+0x40]", code -> code.prefetch(a, 0x40));
        for (var operation : Operation.values()) {
          all.put(
              operation.name().toLowerCase() + " " + name + "," + other,
              code -> code.apply(operation, a, b));
        }
      }
      for (var operation : Operation.values()) {
        all.put(
            operation.name().toLowerCase() + " " + name + ",0x1234",
            code -> code.apply(operation, a, 0x1234));
        all.put(
            operation.name().toLowerCase() + " " + name + ",QWORD PTR ds:0x10000040",
            code -> code.applyWord(operation, a, 0x1000_0040L));
      }
      all.put("movabs " + name + ",0x123456789abc", code -> code.move(a, 0x1234_5678_9abcL));
      all.put("mov " + name + ",0xfffffffffffffffe", code -> code.move(a, -2));
      all.put("mov " + name + ",QWORD PTR ds:0x10000040", code -> code.load(a, 0x1000_0040L));
      all.put("mov QWORD PTR ds:0x10000040," + name, code -> code.store(0x1000_0040L, a));
      all.put("xchg QWORD PTR ds:0x10000040," + name, code -> code.exchange(0x1000_0040L, a));
      all.put(
          "lock xadd QWORD PTR ds:0x10000040," + name,
          code -> code.lockExchangeAdd(0x1000_0040L, a));
      all.put("mov QWORD PTR [" + name + "+0x0],0x7", code -> code.store(a, 0, 7));
      all.put("push " + name, code -> code.push(a));
      all.put("pop " + name, code -> code.pop(a));
      all.put("neg " + name, code -> code.negate(a));
      all.put("not " + name, code -> code.not(a));
      all.put("div " + name, code -> code.divideUnsigned(a));
      all.put("jmp " + name, code -> code.jump(a));
      all.put("shl " + name + ",cl", code -> code.shift(Shift.LEFT, a));
      all.put("sar " + name + ",cl", code -> code.shift(Shift.ARITHMETIC_RIGHT, a));
      all.put("shr " + name + ",0x7", code -> code.shift(Shift.LOGICAL_RIGHT, a, 7));
    }
    all.put("mov eax,0x10000000", code -> code.move(Reg.RAX, 0x1000_0000L));
    all.put("mov r9d,0xffffffff", code -> code.move(Reg.R9, 0xffff_ffffL));
    all.put("mov QWORD PTR ds:0x10000040,0x5", code -> code.store(0x1000_0040L, 5));
    all.put("add QWORD PTR ds:0x10000040,0x1", code -> code.addTo(0x1000_0040L, 1));
    all.put("syscall", Assembler::syscall);
    all.put("pause", Assembler::pause);
    all.put("ret", Assembler::ret);
    return all;
  }

  /// Bytes and text of each instruction, as a disassembler read them once: where there is none.
  @Test
  void theBytesAreThoseThatADisassemblerRead() throws Exception {
    var lines = new ArrayList<String>();
    INSTRUCTIONS.forEach(
        (text, instruction) -> {
          var code = new Assembler(0);
          instruction.accept(code);
          lines.add(HexFormat.of().formatHex(code.finish()) + " " + text);
        });
    if (Boolean.getBoolean("golden.update")) {
      Files.write(Path.of("src/test/resources/shootdown/host/x86/instructions.txt"), lines);
    }
    try (var golden = AssemblerTest.class.getResourceAsStream("instructions.txt")) {
      assertEquals(
          new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip(),
          String.join("\n", lines));
    }
  }

  @Test
  void aDisassemblerReadsWhatWasMeant(@TempDir Path folder) throws Exception {
    var code = new Assembler(0);
    INSTRUCTIONS.values().forEach(instruction -> instruction.accept(code));
    var file = Files.write(folder.resolve("code"), code.finish());
    assertEquals(
        String.join("\n", INSTRUCTIONS.keySet()), String.join("\n", disassembled(file)));
  }

  private static List<String> disassembled(Path file) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel",
                  "--no-show-raw-insn", file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "objdump is not installed (package binutils)");
      throw e;
    }
    var lines = new ArrayList<String>();
    for (var line : new String(process.getInputStream().readAllBytes()).lines().toList()) {
      if (line.matches("\\s+[0-9a-f]+:\\t.*")) {
        lines.add(line.replaceFirst("\\s+[0-9a-f]+:\\t", "").replaceAll("\\s+", " ").strip());
      }
    }
    assertEquals(0, process.waitFor());
    return lines;
  }

  @Test
  void jumpsLeadToTheirLabels() {
    var code = new Assembler(0x1000);
    var end = code.label();
    var start = code.here();
    code.jump(Condition.EQUAL, end);
    code.jump(start);
    code.bind(end);
    assertEquals(0x1000, code.address(start));
    assertEquals(0x1000 + 11, code.address(end));
    byte[] bytes = code.finish();
    assertEquals(5, bytes[2]); // over the second jump
    assertEquals(-11, bytes[7]); // back to the start
  }

  @Test
  void aJumpToNowhereIsAMistake() {
    var code = new Assembler(0);
    code.jump(code.label());
    assertThrows(IllegalStateException.class, code::finish);
  }

  @Test
  void anAddressAbove2GigabytesHasNoForm() {
    var code = new Assembler(0);
    assertThrows(
        IllegalArgumentException.class, () -> code.load(Reg.RAX, 0x1_0000_0000L));
  }
}
