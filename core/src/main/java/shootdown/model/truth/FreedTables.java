package shootdown.model.truth;

import shootdown.sched.Program;
import shootdown.sched.Words;

/// Which page-table pages were in use and are free now. Written only where one is freed, so that
/// tests in which none is pay nothing.
final class FreedTables {
  private final Words freed;

  FreedTables(Program program, int tables) {
    this.freed = program.words(i -> "freed table" + i, tables, 0, Long::toString, false);
  }

  boolean has(int table) {
    return !freed.at(table).is(0);
  }

  void freed(int table) {
    freed.at(table).write(1);
  }

  void allocated(int table) {
    if (has(table)) {
      freed.at(table).write(0);
    }
  }
}
