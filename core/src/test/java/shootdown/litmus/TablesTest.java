package shootdown.litmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tables of functions and constants, and the document that describes them.
final class TablesTest {
  private static final Path DOCUMENT = Path.of("../docs/litmus-language.md");

  @ParameterizedTest
  @CsvSource({
      "PROT_WRITE,0x2", "MAP_FIXED_NOREPLACE,0x100000", "MAP_ANONYMOUS,0x20", "MREMAP_DONTUNMAP,4",
      "MS_SYNC,4", "MADV_FREE,8", "MADV_COLLAPSE,25", "POSIX_FADV_DONTNEED,4", "FUTEX_WAKE_OP,5",
      "FUTEX_LOCK_PI_PRIVATE,134", "FUTEX_WAITERS,0x80000000", "FUTEX_OP_CMP_GE,5",
      "SYNC_FILE_RANGE_WAIT_AFTER,4", "EFAULT,14", "EAGAIN,11", "EDEADLK,35", "ENOTSUP,95",
      "SIGSEGV,11", "SIGBUS,7", "NULL,0", "PAGE,4096", "HPAGE,0x200000", "WORD,8"})
  void constantsAreLinuxs(String name, String value) {
    assertEquals(Long.decode(value), Constants.of(name).orElseThrow().value());
  }

  @Test
  void errorNumbersHaveTheirUsualName() {
    assertEquals(Optional.of("EAGAIN"), Constants.errno(11));
    assertEquals(Optional.of("EDEADLK"), Constants.errno(35));
    assertEquals(Optional.of("EOPNOTSUPP"), Constants.errno(95));
    assertEquals(Optional.empty(), Constants.errno(4096));
  }

  @Test
  void everyConstantLooksLikeOneAndFitsSomewhere() {
    assertTrue(Constants.all().size() > 200);
    for (Constants.Entry constant : Constants.all()) {
      assertTrue(Words.looksLikeConstant(constant.name()), constant.name());
    }
  }

  @Test
  void documentNamesEveryFunctionAndOracle() throws IOException {
    String document = Files.readString(DOCUMENT);
    for (SystemCall function : SystemCall.values()) {
      assertTrue(document.contains(function.functionName() + "("), function::functionName);
    }
    for (Oracle oracle : Oracle.values()) {
      assertTrue(document.contains("`" + oracle.label() + "`"), oracle::label);
    }
  }

  @Test
  void documentsExampleIsRight() throws IOException {
    String document = Files.readString(DOCUMENT);
    int start = document.indexOf("MM mremap+mkclean");
    String example = document.substring(start, document.indexOf("```", start));
    LitmusTest test = Samples.parsed("mremap+mkclean.litmus", example);
    assertEquals(2, test.threads().size());
    String wrong = example.replace("MAP_SHARED", "MAP_SHARD");
    ParseResult.Rejected rejected = assertInstanceOf(
        ParseResult.Rejected.class, Litmus.parse("mremap+mkclean.litmus", wrong));
    assertTrue(document.contains("```\n" + rejected.render() + "\n```"), rejected::render);
  }
}
