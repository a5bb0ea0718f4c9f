package shootdown.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shootdown.kernel.Kernel;
import shootdown.kernel.Timeline;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.futex.Futex;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.history.KernelSpec;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.LitmusThread;
import shootdown.litmus.SystemCall;
import shootdown.machine.Machine;
import shootdown.machine.MachineProfile;
import shootdown.model.time.LitmusTiming;
import shootdown.model.truth.Truth;
import shootdown.sched.Mutation;
import shootdown.sched.Program;
import shootdown.sched.Task;
import shootdown.sched.View;
import shootdown.sched.Violation;

/// A litmus test bound to a machine and a kernel, as a program for the checker.
final class LitmusProgram {
  private final LitmusTest test;
  private final Program program = new Program();
  private final Names names = new Names();
  private final Truth truth;
  private final Machine machine;
  private final KernelData data;
  private final Decisions decisions;
  private final KernelSystem system;
  private final long hugePage;
  private final Map<String, Long> globals = new HashMap<>();
  private final Map<LitmusThread, ThreadState> states = new LinkedHashMap<>();
  private final List<TestResult.Column> columns = new ArrayList<>();
  private final List<Runnable> bodies = new ArrayList<>();

  private LitmusProgram(LitmusTest test, KernelSpec kernel, MachineProfile profile) {
    this.test = test;
    var sizes = Sizes.of(test);
    var expressions = Expressions.of(test);
    hugePage = sizes.hugePage();
    truth = new Truth(
            program,
            sizes.layout(),
            sizes.files(),
            sizes.filePages(),
            sizes.pipes(),
            expressions.calls().stream().anyMatch(c -> c == SystemCall.FUTEX)
                ? highestTid(test)
                : 0,
            names);
    machine = new Machine(program, profile, sizes.layout(), names, truth.witness());
    data =
        new KernelData(
            program, machine, truth.ground(), sizes.files(), sizes.filePages(), sizes.pipes());
    if (expressions.calls().contains(SystemCall.USERFAULTFD)) {
      data.makeUserfaultfds(program, highestTid(test));
    }
    data.setGatherRoom(sizes.gatherRoom());
    for (int mm = 0; mm < sizes.layout().spaces(); mm++) {
      data.mm(mm).setUsers(mm == 0 ? users(test) : 1);
      if (expressions.mergesAny()) {
        data.mm(mm).setMergesAny();
      }
    }
    truth.attach(machine, data);
    for (var thread : test.threads()) {
      states.put(thread, new ThreadState(program, thread.name(), thread.registers()));
    }
    this.decisions = kernel.decisions(Timeline.all());
    var modelled = new Kernel(data, decisions, Math.max(1, highestTid(test)));
    boolean maySleep = expressions.calls().stream().anyMatch(KernelSystem::maySleep);
    system =
        new KernelSystem(
            modelled, program.steps(), sizes.layout(), this::child, maySleep);
  }

  /// Lays out the program and brings about its initial state.
  ///
  /// @param mutation what the threads' code leaves out; the initial state comes about without
  /// @throws Sequential.Failed if the initial state cannot be brought about
  static LitmusProgram of(
      LitmusTest test, KernelSpec kernel, MachineProfile profile, Mutation mutation) {
    var bound = new LitmusProgram(test, kernel, profile);
    int mm = 0;
    for (var thread : test.threads()) {
      mm += thread.kind() == LitmusThread.Kind.CHILD ? 1 : 0;
      bound.addTask(thread, mm);
    }
    for (var thread : test.threads()) {
      if (StoreOrder.canShow(thread, Futex.letsStoresWait(bound.decisions))) {
        bound.enableStoreBuffer(thread.cpu());
      }
    }
    bound.program.outcome(bound::outcome);
    bound.program.finalCheck(bound::finalCheck);
    bound.setUp();
    bound.program.mutate(mutation);
    bound.pauseUpTo(0);
    return bound;
  }

  private static int users(LitmusTest test) {
    return (int)
        test.threads().stream().filter(t -> t.kind() == LitmusThread.Kind.USER).count();
  }

  private static int highestTid(LitmusTest test) {
    return test.threads().stream()
        .filter(t -> t.kind() != LitmusThread.Kind.KTHREAD)
        .mapToInt(t -> t.number() + 1)
        .max()
        .orElse(1);
  }

  /// Says how long things take, and that threads do something else for up to so long before each
  /// statement.
  void pauseUpTo(double nanos) {
    long[] memory = program.initialMemory();
    program.timing(
        new LitmusTiming(
            program,
            machine.profile(),
            word ->
                data.files().stream()
                    .map(file -> file.kind().index())
                    .anyMatch(
                        kind -> kind == word && memory[kind] == FileData.Kind.SHMEM.ordinal()),
            nanos));
  }

  Program program() {
    return program;
  }

  /// One for each task, in the order of their numbers.
  List<TestResult.Column> columns() {
    return columns;
  }

  private void enableStoreBuffer(int cpu) {
    int before = program.tasks().size();
    machine.storeBuffers().enable(program, cpu);
    if (program.tasks().size() > before) {
      columns.add(new TestResult.Column("store buffer " + cpu, cpu));
    }
  }

  private void addTask(LitmusThread thread, int childMm) {
    var me =
        switch (thread.kind()) {
          case USER -> new Current(thread.cpu(), 0, thread.number() + 1);
          case CHILD -> new Current(thread.cpu(), childMm, thread.number() + 1);
          case KTHREAD -> new Current(thread.cpu(), -1, 100 + thread.number());
        };
    var state = states.get(thread);
    var code = new ThreadCode(program.steps(), me, system, state, globals::get, hugePage);
    Runnable body =
        () -> {
          if (thread.kind() == LitmusThread.Kind.CHILD) {
            state.started().sleepUntil(-1L, 1);
            machine.cpus().load(me.cpu(), me.mm());
          }
          code.run(thread.body().statements());
          machine.storeBuffers().drain(me.cpu());
          state.ended().write(1);
        };
    bodies.add(body);
    program.task(thread.name(), Task.Kind.NORMAL, body);
    columns.add(new TestResult.Column(thread.name(), thread.cpu()));
  }

  /// Address space and state of a child thread.
  private KernelSystem.Child child(int number) {
    int mm = 0;
    for (var thread : test.threads()) {
      if (thread.kind() == LitmusThread.Kind.CHILD) {
        mm++;
        if (thread.number() == number) {
          return new KernelSystem.Child(mm, number + 1, states.get(thread));
        }
      }
    }
    throw new IllegalArgumentException("no child P" + number);
  }

  private void setUp() {
    var bound = test.globals().keySet();
    var state = new ThreadState(program, "initially", bound);
    int cpu =
        test.threads().stream()
            .filter(t -> t.kind() == LitmusThread.Kind.USER)
            .mapToInt(LitmusThread::cpu)
            .findFirst()
            .orElse(0);
    var code =
        new ThreadCode(
            program.steps(),
            new Current(cpu, 0, 1),
            system,
            state,
            name -> state.register(name).read(),
            hugePage);
    Sequential.run(
        program,
        List.of(
            () -> {
              code.run(test.init());
              for (var thread : test.threads()) {
                if (thread.kind() == LitmusThread.Kind.USER) {
                  machine.cpus().load(thread.cpu(), 0);
                }
              }
            }));
    long[] memory = program.initialMemory();
    if (memory[state.signal().index()] != 0) {
      throw new Sequential.Failed(
          new Violation("signal", "an access of the initial state faults"));
    }
    for (var name : bound) {
      globals.put(name, memory[state.register(name).index()]);
    }
    names.learn(test.globals(), globals);
  }

  private String outcome(View view) {
    return new EndState(test, view, truth, states, globals).text();
  }

  private List<Violation> finalCheck(View view) {
    boolean allEnded =
        states.entrySet().stream()
            .allMatch(
                e ->
                    view.get(e.getValue().ended()) == 1
                        || e.getKey().kind() == LitmusThread.Kind.CHILD
                            && view.get(e.getValue().started()) == 0);
    return truth.atRest(view, allEnded);
  }

  /// Runs the threads one after the other, each alone, and tells what the end is like. A thread
  /// that waits for its child lets it go first.
  ///
  /// @throws Sequential.Failed if something is violated on the way or at the end
  String alone() {
    var inTurn = new ArrayList<Runnable>();
    for (int i = 0; i < bodies.size(); i++) {
      var state = states.get(test.threads().get(i));
      var body = bodies.get(i);
      inTurn.add(
          test.threads().get(i).kind() == LitmusThread.Kind.CHILD
              ? () -> ifStarted(state, body)
              : body);
    }
    Sequential.run(program, inTurn);
    long[] memory = program.initialMemory();
    View view = i -> memory[i];
    finalCheck(view).stream()
        .findFirst()
        .ifPresent(
            violation -> {
              throw new Sequential.Failed(violation);
            });
    return outcome(view);
  }

  private static void ifStarted(ThreadState state, Runnable body) {
    if (state.started().read() != 0) {
      body.run();
    }
  }

  /// Evaluates the condition for an outcome of this program.
  boolean satisfies(String outcome) {
    return EndState.satisfies(test, outcome, globals);
  }
}
