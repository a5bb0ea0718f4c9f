package shootdown.model.truth;

import shootdown.machine.Layout;
import shootdown.sched.Program;

/// All that the truth keeps.
record Books(
    Places places,
    Holders holders,
    Contents contents,
    Unsettled unsettled,
    Unsynced unsynced,
    LazyFree lazyFree,
    WritePins writePins,
    PipePins pipePins,
    FreedTables freedTables) {
  /// @param pipes how many pipes there can be
  static Books of(Program program, Layout layout, Locations locations, int pipes) {
    return new Books(
        new Places(program, layout.spaces(), layout.pages()),
        new Holders(program, layout.frames()),
        new Contents(program, locations.count(), layout.wordsPerPage()),
        new Unsettled(program, locations.count()),
        new Unsynced(program, locations.count()),
        new LazyFree(program, layout, locations.count()),
        new WritePins(program, layout.frames()),
        new PipePins(program, pipes),
        new FreedTables(program, layout.tables()));
  }
}
