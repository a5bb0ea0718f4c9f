package shootdown.host.guest;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import shootdown.host.run.HostFailure;
import shootdown.host.run.Outcomes;
import shootdown.host.steer.Steering;
import shootdown.host.worker.Control;
import shootdown.host.worker.Control.Status;
import shootdown.host.worker.Slots;
import shootdown.host.worker.WorkerAddresses;
import shootdown.host.worker.WorkerProgram;
import shootdown.litmus.LitmusTest;

/// Takes in the frames of one guest.
final class Records {
  private final LitmusTest test;
  private final WorkerProgram program;
  private final Slots slots;
  private final Told told;
  private final Outcomes outcomes;
  private final Steering steering;
  private final BiPredicate<String, Map<String, Long>> lookedFor;
  private final Map<String, Boolean> isLookedFor = new HashMap<>();
  private final Map<String, Long> globals = new HashMap<>();
  private final Map<String, String> before = new LinkedHashMap<>();
  private final Map<String, String> after = new LinkedHashMap<>();
  private Optional<Frame> firstClock = Optional.empty();
  private Optional<Frame> lastClock = Optional.empty();
  private Optional<Frame> end = Optional.empty();
  private Optional<StuckRound> stuck = Optional.empty();
  private long rounds;
  private long next;
  private int restarts;
  private boolean kernelIsBroken;

  /// What the guest's first process was told.
  ///
  /// @param files whose contents are sent, in order
  /// @param patienceNanos a round of which nothing comes for so long is stuck
  record Told(List<String> files, long patienceNanos) {}

  /// @param steering is told of all rounds
  /// @param lookedFor whether an outcome is
  Records(
      LitmusTest test, WorkerProgram program, Told told, Steering steering,
      BiPredicate<String, Map<String, Long>> lookedFor) {
    this.test = test;
    this.program = program;
    this.slots = program.slots();
    this.told = told;
    this.steering = steering;
    this.lookedFor = lookedFor;
    this.outcomes = new Outcomes(test, slots);
  }

  void add(Frame frame) throws HostFailure, IOException {
    switch (frame.kind()) {
      case FILE_BEFORE -> before.put(told.files().get((int) frame.number()), frame.text());
      case FILE_AFTER -> after.put(told.files().get((int) frame.number()), frame.text());
      case CLOCK -> {
        firstClock = firstClock.or(() -> Optional.of(frame));
        lastClock = Optional.of(frame);
      }
      case RECORDS -> records(frame);
      case STUCK -> stuck = Optional.of(new StuckRound(test, slots, frame, told.patienceNanos()));
      case STUCK_STAT -> stuck().stat(frame);
      case STUCK_CALL -> stuck().call(frame);
      case STUCK_END -> {
        outcomes.addStuck(stuck().record(), stuck().text());
        kernelIsBroken |= stuck().isKilled();
        rounds++;
        restarts++;
        next = 0;
      }
      case ENDED -> {
        end = Optional.of(frame);
        ended(frame);
      }
    }
  }

  private StuckRound stuck() throws IOException {
    return stuck.orElseThrow(() -> new IOException("frames of the guest are out of order"));
  }

  private void records(Frame frame) throws IOException {
    int words = slots.recordWords();
    int bytes = words * Long.BYTES;
    for (int at = 0; at < frame.contents().capacity(); at += bytes) {
      if (frame.word(at) != next) {
        throw new IOException("record " + next + " has number " + frame.word(at));
      }
      next++;
      if (globals.isEmpty()) {
        var names = slots.globals();
        for (int i = 0; i < names.size(); i++) {
          globals.put(
              names.get(i), WorkerAddresses.modelled(frame.word(at + (1 + i) * Long.BYTES)));
        }
      }
      long[] record = words(frame, at, 0, words);
      var text = outcomes.add(record);
      rounds++;
      steering.add(
          record, text,
          isLookedFor.computeIfAbsent(text, t -> lookedFor.test(t, globals)));
    }
  }

  private static long[] words(Frame frame, int at, int from, int to) {
    long[] words = new long[to - from];
    for (int i = 0; i < words.length; i++) {
      words[i] = frame.word(at + (from + i) * Long.BYTES);
    }
    return words;
  }

  private void ended(Frame frame) throws HostFailure {
    var status = Status.of(frame.word(Control.STATUS));
    long detail = frame.word(Control.DETAIL);
    long more = frame.word(Control.DETAIL_2);
    switch (status) {
      case DONE -> {}
      case FAILED ->
          throw new HostFailure(
              program.steps().get((int) detail) + " failed in the guest: error number " + -more);
      case CRASHED ->
          throw new HostFailure(
              "the worker crashed in the guest at 0x%x, accessing 0x%x".formatted(detail, more));
      case STARTING, RUNNING, ORPHANED -> {
        if (stuck.isEmpty() || restarts == 0) {
          throw new HostFailure(
              "the worker ended in the guest with wait status 0x%x while %s"
                  .formatted(frame.number(), status));
        }
      }
    }
  }

  /// Whether the kernel has come upon a bug of its own: what it does from then on means nothing.
  boolean kernelIsBroken() {
    return kernelIsBroken;
  }

  boolean hasBegun() {
    return firstClock.isPresent();
  }

  boolean hasEnded() {
    return end.isPresent();
  }

  long rounds() {
    return rounds;
  }

  Steering steering() {
    return steering;
  }

  int restarts() {
    return restarts;
  }

  Map<String, List<String>> traces() {
    return outcomes.traces();
  }

  SortedMap<String, Long> outcomes() {
    return outcomes.byText();
  }

  Map<String, Long> globals() {
    return globals;
  }

  Map<String, String> before() {
    return before;
  }

  Map<String, String> after() {
    return after;
  }

  /// How long the longest thread of a round takes; 0 if the guest did not come so far.
  double roundNanos() {
    if (end.isEmpty() || firstClock.isEmpty()) {
      return 0;
    }
    var from = firstClock.get();
    var to = lastClock.orElseThrow();
    double ticks = to.word(0) - from.word(0);
    double nanos = to.word(Long.BYTES) - from.word(Long.BYTES);
    return ticks <= 0 ? 0 : end.get().word(Control.DURATION) * nanos / ticks;
  }
}
