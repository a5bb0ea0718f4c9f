package shootdown.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import shootdown.sched.Program;
import shootdown.sched.Word;

/// What a thread of a test keeps: its registers, how it ended, and whether it has begun.
final class ThreadState {
  private final Map<String, Word> registers = new LinkedHashMap<>();
  private final Word signal;
  private final Word started;
  private final Word ended;

  ThreadState(Program program, String thread, Set<String> names) {
    for (var name : names) {
      registers.put(name, program.word(thread + ":" + name, 0));
    }
    signal = program.word(thread + ":sig", 0);
    started = hidden(program, thread + " started");
    ended = hidden(program, thread + " ended");
  }

  private static Word hidden(Program program, String name) {
    return program.words(_ -> name, 1, 0, Long::toString, false).at(0);
  }

  Word register(String name) {
    return registers.get(name);
  }

  /// Number of the signal that ended the thread, 0 for none.
  Word signal() {
    return signal;
  }

  /// 1 once a child was forked.
  Word started() {
    return started;
  }

  /// 1 once the thread has ended.
  Word ended() {
    return ended;
  }
}
