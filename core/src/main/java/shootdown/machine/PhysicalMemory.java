package shootdown.machine;

import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// The contents of physical frames: `wordsPerPage` words each.
public final class PhysicalMemory {
  private final Layout layout;
  private final Words contents;

  PhysicalMemory(Program program, Layout layout) {
    this.layout = layout;
    this.contents =
        program.words(
            i -> "F" + i / layout.wordsPerPage() + "[" + i % layout.wordsPerPage() + "]",
            layout.frames() * layout.wordsPerPage(),
            0,
            Long::toString,
            false);
  }

  /// Word `word` of frame `pfn`.
  public Word at(int pfn, int word) {
    return contents.at(pfn * layout.wordsPerPage() + word);
  }

  public int frames() {
    return layout.frames();
  }

  public int wordsPerPage() {
    return layout.wordsPerPage();
  }
}
