package shootdown.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scripts that change a kernel's source, on small files that are shaped like it.
class EditsTest {
  private static final Path EDITS = Path.of("../guest/edits").toAbsolutePath();

  private static final String MREMAP =
      """
      #include <a.h>
      #include "b.h"

      static void move_ptes(int other, bool need_rmap_locks);

      static void move_ptes(int from,
      \t\tbool need_rmap_locks)
      {
      \tbool force_flush = false;

      \tfor (;;) {
      \t\tpte = ptep_get_and_clear(from);
      \t\tif (pte_present(pte))
      \t\t\tforce_flush = true;
      \t}
      }

      unsigned long move_page_tables(int from,
      \t\tbool need_rmap_locks)
      {
      \tmove_ptes(from,
      \t\tneed_rmap_locks);
      \tmmu_notifier_invalidate_range_end(&range);
      }
      """;

  private static final String FUTEX =
      """
      #include <a.h>

      int fault_in_user_writeable(u32 *uaddr)
      {
      \tint ret;

      \tmmap_read_lock(mm);
      \treturn ret;
      }

      int other(u32 *uaddr)
      {
      \tmmap_read_lock(mm);
      }
      """;

  private static final String MEMORY =
      """
      #include <a.h>

      #include <b.h>

      void do_set_pte(int entry)
      {
      \tset_pte_at(entry);
      }

      static int handle_pte_fault(int entry)
      {
      \tif (!pte_write(entry))
      \t\treturn 1;
      \tentry = pte_mkdirty(entry);
      }

      #ifdef OTHER
      #include <c.h>
      #endif
      """;

  private static final String GUP =
      """
      #include <a.h>

      static inline bool can_follow_write_pte(int pte)
      {
      \treturn pte_write(pte);
      }
      """;

  private static final String WALK =
      """
      #include <a.h>

      bool page_vma_mapped_walk(int *pvmw)
      {
      \tif (!pmd_present(pmde)) {
      \t\tif ((pvmw->flags & PVMW_SYNC) &&
      \t\t    transhuge_vma_suitable(vma))
      \t\t\tspin_unlock(pmd_lock(mm));
      \t}
      \tif ((pvmw->flags & PVMW_SYNC) && !pvmw->ptl)
      \t\treturn true;
      }
      """;

  private static final String HUGE =
      """
      #include <a.h>

      bool move_huge_pmd(int *old_pmd)
      {
      \t\tpmd = pmdp_huge_get_and_clear(old_pmd);
      \t\tset_pmd_at(new_pmd, pmd);
      }
      """;

  private static final String MIGRATE =
      """
      #include <a.h>

      static int __migrate_folio_move(int src)
      {
      \trc = move_to_new_folio(dst, src, mode);
      }
      """;

  private static final String MADVISE =
      """
      #include <a.h>

      static int madvise_free_pte_range(int *pmd)
      {
      \tif (!page || is_zone_device_page(page))
      \t\tcontinue;
      }
      """;

  @TempDir private Path tree;

  private record Run(int code, String said) {}

  @BeforeEach
  void writeTree() throws IOException {
    write("mm/mremap.c", MREMAP);
    write("mm/memory.c", MEMORY);
    write("mm/gup.c", GUP);
    write("mm/page_vma_mapped.c", WALK);
    write("mm/huge_memory.c", HUGE);
    write("mm/migrate.c", MIGRATE);
    write("mm/madvise.c", MADVISE);
    write("mm/Makefile", "obj-y += a.o\n");
    write("kernel/futex/core.c", FUTEX);
  }

  @Test
  void allScriptsFitTheTree() throws Exception {
    try (var scripts = Files.list(EDITS)) {
      var all = scripts.filter(file -> file.toString().endsWith(".pl")).toList();
      assertTrue(all.size() >= 5, all::toString);
      for (var script : all) {
        assertEquals(new Run(0, ""), edit(script.getFileName().toString()));
      }
    }
  }

  @Test
  void madviseFreePassesKsmPagesByIfItIsToldTo() throws Exception {
    edit("ksm.pl");
    var text = read("mm/madvise.c");
    String asks = "is_zone_device_page(page) || (shootdown_spares_ksm() && PageKsm(page)))";
    assertTrue(text.contains(asks), text);
  }

  @Test
  void mremapAsksWhenToFlushAndWaitsBeforeALateFlush() throws Exception {
    edit("mremap.pl");
    var text = read("mm/mremap.c");
    assertTrue(text.contains("#include \"b.h\"\n\n#include <linux/shootdown.h>\n"), text);
    assertTrue(text.contains("move_ptes(int other, bool need_rmap_locks);"), text);
    assertTrue(text.contains("move_ptes(from,\n\t\tneed_rmap_locks, &shootdown_late);"), text);
    int asks = text.indexOf("shootdown_dirty = pte_dirty(*old_pte);");
    assertTrue(asks > 0 && asks < text.indexOf("ptep_get_and_clear"), text);
    int waits = text.indexOf("shootdown_window(SHOOTDOWN_MREMAP);");
    int flushes = text.indexOf("if (shootdown_late)");
    assertTrue(waits > 0 && waits < flushes, text);
    assertTrue(flushes < text.indexOf("mmu_notifier_invalidate_range_end"), text);
  }

  @Test
  void aWalkAsksWhetherToWaitAndBothWindowsAreInPlace() throws Exception {
    edit("migrate.pl");
    var walk = read("mm/page_vma_mapped.c");
    assertTrue(
        walk.contains("if (!shootdown_walk_is_old() && (pvmw->flags & PVMW_SYNC) &&\n"), walk);
    assertEquals(1, walk.split("shootdown_walk_is_old", -1).length - 1);
    var huge = read("mm/huge_memory.c");
    assertTrue(huge.contains("shootdown_window(SHOOTDOWN_MOVE);\n\t\tset_pmd_at("), huge);
    var migrate = read("mm/migrate.c");
    assertTrue(
        migrate.contains("shootdown_window(SHOOTDOWN_MIGRATE);\n\trc = move_to_new_folio("),
        migrate);
  }

  @Test
  void anIncludeComesBehindTheFirstOnes() throws Exception {
    edit("software-dirty.pl");
    var text = read("mm/memory.c");
    assertTrue(text.startsWith("#include <a.h>\n\n#include <b.h>\n\n#include <linux/"), text);
    assertEquals(1, text.split("#include <linux/shootdown.h>", -1).length - 1);
  }

  @Test
  void dirtyBitsAreAskedForWhereAFaultSetsThem() throws Exception {
    edit("software-dirty.pl");
    var text = read("mm/memory.c");
    assertTrue(text.contains("shootdown_clean(entry);\n\tset_pte_at("), text);
    assertTrue(text.contains("!shootdown_may_write(entry)"), text);
    assertTrue(text.contains("entry = shootdown_make_dirty(entry);"), text);
    assertTrue(read("mm/gup.c").contains("return shootdown_may_write(pte);"));
  }

  @Test
  void onlyTheFunctionThatIsMeantChanges() throws Exception {
    edit("futex.pl");
    var text = read("kernel/futex/core.c");
    assertTrue(text.indexOf("shootdown_futex_is_old") < text.indexOf("int other"), text);
    assertTrue(text.endsWith(FUTEX.substring(FUTEX.indexOf("int other"))), text);
    assertEquals(1, text.split("shootdown_futex_is_old", -1).length - 1);
  }

  @Test
  void aFunctionThatIsNotThereIsAnError() throws Exception {
    write("mm/mremap.c", MREMAP.replace("static void move_ptes(int from", "static void m(int f"));
    refuses("mremap.pl", "move_ptes() is defined 0 times, not once");
    assertEquals(0, read("mm/mremap.c").split("shootdown", -1).length - 1);
  }

  @Test
  void aPatternThatFitsTwiceIsAnError() throws Exception {
    write(
        "mm/mremap.c",
        MREMAP.replace("force_flush = true;", "force_flush = true;\n\t\t\tforce_flush = true;"));
    refuses("mremap.pl", "fits 2 times in move_ptes(), not once");
  }

  @Test
  void aPatternThatFitsNowhereIsAnError() throws Exception {
    write("kernel/futex/core.c", FUTEX.replace("mmap_read_lock", "down_read"));
    refuses("futex.pl", "fits 0 times in fault_in_user_writeable(), not once");
  }

  @Test
  void aMakefileWithoutObjectsIsAnError() throws Exception {
    write("mm/Makefile", "# empty\n");
    refuses("build.pl", "names no obj-y");
  }

  private void refuses(String script, String why) throws Exception {
    var run = edit(script);
    assertNotEquals(0, run.code());
    assertTrue(run.said().contains(why), run.said());
  }

  private Run edit(String script) throws IOException, InterruptedException {
    var command = List.of("perl", EDITS.resolve(script).toString(), tree.toString());
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    return new Run(process.waitFor(), said);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(tree.resolve(file).getParent());
    Files.writeString(tree.resolve(file), text);
  }

  private String read(String file) throws IOException {
    return Files.readString(tree.resolve(file));
  }
}
