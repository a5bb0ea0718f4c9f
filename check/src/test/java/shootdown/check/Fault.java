package shootdown.check;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A mistake in the search. It is put into a copy of a class ([FaultyClasses]), for the code as it
/// is written has no place for mistakes.
enum Fault {
  /// what the search for cycles does is taken for the step that it begins after
  STEPS_OF_THE_CYCLE_SEARCH(SearchPath.class, "step", Fault::pollutedSteps),
  /// a state is handed on amid a task's choices, and the last of them tells who sleeps
  CHOICES_HANDED_ON(
      SearchPath.class,
      "open",
      () -> replacing(0, i -> isCall(i, "tellsNothing"), b -> b.pop2().pop())),
  /// steps sleep after which their own task alone is followed
  LONE_STEPS_SLEEP(
      SearchPath.class,
      "step",
      () -> replacing(0, i -> isCall(i, "isFollowedAlone"), b -> b.pop2().iconst_0())),
  /// what slept where the path went before still sleeps
  SLEEPS_TOO_LONG(
      SleepSets.class,
      "enter",
      () -> replacing(0, i -> i.opcode() == Opcode.LASTORE, b -> b.pop2().pop2())),
  /// a step after another's sleeps though that one changed what it looks at
  READERS_SLEEP(
      SleepSets.class,
      "enter",
      () -> replacing(2, i -> i.opcode() == Opcode.LAND, b -> b.pop2().pop2().lconst_0())),
  /// steps that go round a loop sleep
  LOOPS_SLEEP(
      SearchPath.class,
      "step",
      () -> replacing(0, i -> isCall(i, "mayClose"), b -> b.pop().iconst_0())),
  /// whoever learns an edge by which a cycle of vertices closes does not look for cycles there
  CLOSING_EDGES_UNMARKED(
      LearnedCopy.class,
      "learn",
      () -> replacing(0, i -> isCall(i, "get"), b -> b.pop2().iconst_0())),
  /// what is handed on is kept as well
  HANDED_ON_AND_KEPT(
      SearchPath.class,
      "handOn",
      () -> replacing(2, i -> i.opcode() == Opcode.IASTORE, b -> b.pop2().pop())),
  /// of what is handed on, some is lost
  HANDED_ON_AND_LOST(
      Branches.class,
      "give",
      () -> replacing(0, i -> isCall(i, "add"), b -> spoil(b, "add", Spoilt.ADD))),
  /// whoever looks for cycles does not hear of what is learned later
  OUTDATED_CYCLES(
      LearnedCopy.class,
      "recurrence",
      () -> replacing(0, i -> isField(i, "outdated"), b -> b.pop().iconst_0())),
  /// fingerprints have 16 bits
  SHORT_FINGERPRINTS(
      Fingerprints.class,
      "mix",
      () -> before(i -> i.opcode() == Opcode.LRETURN, b -> b.ldc(0xFFFFL).land())),
  /// one step in so many is left out
  STEPS_DROPPED(
      Stepper.class,
      "isEnabled",
      () -> before(i -> i.opcode() == Opcode.IRETURN, b -> spoilAnswer(b, "isKept"))),
  /// some who wait are not woken
  WAKEUPS_DROPPED(
      Stepper.class,
      "isEnabled",
      () -> before(i -> i.opcode() == Opcode.IRETURN, b -> spoilAnswer(b, "isWoken")));

  private static final ClassDesc SPOILT = desc(Spoilt.class);

  /// In which class.
  final Class<?> target;

  /// In which method, or methods of that name.
  final String method;

  private final Supplier<CodeTransform> change;

  Fault(Class<?> target, String method, Supplier<CodeTransform> change) {
    this.target = target;
    this.method = method;
    this.change = change;
  }

  /// What makes of the method the one with the mistake; for one use.
  CodeTransform change() {
    return change.get();
  }

  /// Puts other code in the place of the n-th instruction of a kind in all methods of the name.
  private static CodeTransform replacing(
      int n, Predicate<Instruction> which, Consumer<CodeBuilder> code) {
    int[] met = {0};
    return (builder, element) -> {
      if (element instanceof Instruction i && which.test(i) && met[0]++ == n) {
        code.accept(builder);
      } else {
        builder.with(element);
      }
    };
  }

  private static CodeTransform before(
      Predicate<Instruction> which, Consumer<CodeBuilder> code) {
    return (builder, element) -> {
      if (element instanceof Instruction i && which.test(i)) {
        code.accept(builder);
      }
      builder.with(element);
    };
  }

  /// Has the two variables that keep what a step used read again after the search for cycles.
  private static CodeTransform pollutedSteps() {
    int[] slots = new int[2];
    String[] read = {""};
    return (builder, element) -> {
      builder.with(element);
      if (element instanceof StoreInstruction store && read[0].equals("touched")) {
        slots[0] = store.slot();
      } else if (element instanceof StoreInstruction store && read[0].equals("changed")) {
        slots[1] = store.slot();
      } else if (element instanceof Instruction i && isCall(i, "closed")) {
        readAgain(builder, "touched", slots[0]);
        readAgain(builder, "changed", slots[1]);
      }
      if (element instanceof Instruction i) {
        read[0] = i instanceof FieldInstruction field ? field.name().stringValue() : "";
      }
    };
  }

  private static void readAgain(CodeBuilder builder, String field, int slot) {
    builder
        .aload(0)
        .getfield(desc(SearchPath.class), "stepper", desc(Stepper.class))
        .getfield(desc(Stepper.class), field, desc(long.class))
        .lstore(slot);
  }

  private static void spoilAnswer(CodeBuilder builder, String by) {
    builder
        .aload(0)
        .aload(0)
        .getfield(desc(Stepper.class), "automaton", desc(Automaton.class))
        .iload(1);
    spoil(builder, by, Spoilt.ANSWER);
  }

  private static void spoil(CodeBuilder builder, String by, MethodTypeDesc type) {
    builder.invokestatic(SPOILT, by, type);
  }

  private static boolean isCall(CodeElement element, String name) {
    return element instanceof InvokeInstruction call && call.name().equalsString(name);
  }

  private static boolean isField(CodeElement element, String name) {
    return element instanceof FieldInstruction field
        && field.opcode() == Opcode.GETFIELD
        && field.name().equalsString(name);
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
