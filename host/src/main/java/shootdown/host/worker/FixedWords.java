package shootdown.host.worker;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.litmus.BinaryOperator;
import shootdown.litmus.Call;
import shootdown.litmus.Constants;
import shootdown.litmus.Evaluation;
import shootdown.litmus.Expression;
import shootdown.litmus.LitmusTest;
import shootdown.litmus.Place;
import shootdown.litmus.Statement;
import shootdown.litmus.SystemCall;
import shootdown.litmus.Target;

/// Which words of memory statements access, as far as that is known beforehand: `*x`, `x[3]`.
///
/// Of threads that call nothing and access such words only, in pages that the initial state has
/// stored to, a round leaves nothing behind but new values of words: no thread has entered the
/// kernel, and no mapping, no entry of a page table has changed. The initial state of the next
/// round is there when these words have their first values again, and no CPU has lost what it
/// keeps of page tables. Such rounds [can be repeated][#canBeRepeated]; what an access does that
/// faults is shown by those tests whose initial state leaves the page alone.
final class FixedWords {
  private static final int PAGE = 4096;
  private static final long MAP_ANONYMOUS = 0x20;
  private static final int FLAGS = 3;

  private final Set<Word> loaded = new LinkedHashSet<>();
  private final Set<Word> stored = new LinkedHashSet<>();
  private boolean othersToo;

  /// @param global a name of the initial state
  /// @param offset in bytes from there; a multiple of eight
  record Word(String global, int offset) {
    private String page() {
      return global + Math.floorDiv(offset, PAGE);
    }
  }

  private FixedWords() {}

  static FixedWords in(List<Statement> statements) {
    var words = new FixedWords();
    statements.forEach(words::statement);
    return words;
  }

  /// Whether rounds of a test can be repeated as they are but for values of words.
  static boolean canBeRepeated(LitmusTest test) {
    var initial = in(initialStores(test));
    if (!Functions.in(test).isEmpty() || initial.othersToo || !initial.loaded.isEmpty()
        || !mappingsComeFirst(test)) {
      return false;
    }
    var touched = initial.stored.stream().map(Word::page).collect(Collectors.toSet());
    return test.threads().stream()
        .map(thread -> in(thread.body().statements()))
        .allMatch(
            words ->
                !words.othersToo
                    && words.all().stream().map(Word::page).allMatch(touched::contains));
  }

  /// The stores of the initial state.
  static List<Statement> initialStores(LitmusTest test) {
    return test.init().stream()
        .filter(s -> s instanceof Statement.Assign(Target.Memory _, Expression _, _))
        .toList();
  }

  /// Whether the initial state makes mappings without files, then stores, and does nothing else.
  /// A store to a file, or by a private mapping of one, can be seen at other addresses.
  private static boolean mappingsComeFirst(LitmusTest test) {
    int stores = initialStores(test).size();
    return test.init().stream()
        .limit(test.init().size() - stores)
        .allMatch(FixedWords::mapsAnonymousMemory);
  }

  private static boolean mapsAnonymousMemory(Statement statement) {
    return statement instanceof Statement.Assign(Target.Register _, Call call, _)
        && call.function() == SystemCall.MMAP
        && call.arguments().get(FLAGS) instanceof Expression flags
        && (Evaluation.constant(flags).orElse(0) & MAP_ANONYMOUS) != 0;
  }

  Set<Word> stored() {
    return stored;
  }

  /// All that are loaded or stored.
  List<Word> all() {
    var all = new LinkedHashSet<>(loaded);
    all.addAll(stored);
    return new ArrayList<>(all);
  }

  private void statement(Statement statement) {
    switch (statement) {
      case Statement.Assign(var target, var source, _) -> {
        switch (source) {
          case Call _ -> {}
          case Expression value -> expression(value);
        }
        if (target instanceof Target.Memory(var place)) {
          place(place, stored);
        }
      }
      case Statement.If(var condition, var then, var otherwise, _) -> {
        expression(condition);
        statement(then);
        statement(otherwise);
      }
      case Statement.While(var condition, var body, _) -> {
        expression(condition);
        statement(body);
      }
      case Statement.Block(var inner, _) -> inner.forEach(this::statement);
    }
  }

  private void expression(Expression expression) {
    switch (expression) {
      case Expression.Load(var place, _) -> place(place, loaded);
      case Expression.Unary(_, var operand, _) -> expression(operand);
      case Expression.Binary(_, var left, var right, _) -> {
        expression(left);
        expression(right);
      }
      case Expression.ThreadId _ -> othersToo = true; // a system call
      case Expression.Literal _, Expression.Constant _, Expression.Global _,
          Expression.Register _, Expression.FutexOp _ -> {}
    }
  }

  private void place(Place place, Set<Word> words) {
    var word = word(place.address());
    word.ifPresentOrElse(words::add, () -> othersToo = true);
  }

  /// The word at an address, if it is one of a name of the initial state.
  static Optional<Word> word(Expression address) {
    if (address instanceof Expression.Global(var name, _)) {
      return Optional.of(new Word(name, 0));
    }
    if (address
            instanceof
            Expression.Binary(var operator, Expression.Global(var name, _), var right, _)
        && operator == BinaryOperator.ADD) {
      var offset = Evaluation.constant(right);
      if (offset.isPresent()
          && offset.getAsLong() == (int) offset.getAsLong()
          && offset.getAsLong() % Constants.WORD == 0) {
        return Optional.of(new Word(name, (int) offset.getAsLong()));
      }
    }
    return Optional.empty();
  }
}
