package shootdown.check;

import java.util.ArrayList;
import java.util.List;

/// One interleaving: which task performs the next operation, again and again.
///
/// As text, `0*12 1 0c1`: twelve operations of task 0, one of task 1, one of task 0 which chooses
/// value 1.
///
/// @param decisions in order
public record Schedule(List<Decision> decisions) {
  public static final Schedule EMPTY = new Schedule(List.of());

  /// One operation of one task.
  ///
  /// @param task who performs its next operation
  /// @param choice what it chooses if it chooses, else [#NO_CHOICE]
  public record Decision(int task, int choice) {
    public static final int NO_CHOICE = -1;

    public Decision {
      if (task < 0 || choice < NO_CHOICE) {
        throw new IllegalArgumentException("no such decision: " + task + "c" + choice);
      }
    }

    public boolean chooses() {
      return choice != NO_CHOICE;
    }
  }

  public Schedule {
    decisions = List.copyOf(decisions);
  }

  /// Reads what [#toString] writes.
  ///
  /// @throws IllegalArgumentException if `text` is no schedule; the message names the faulty part
  public static Schedule parse(String text) {
    var decisions = new ArrayList<Decision>();
    for (String part : text.strip().split("\\s+")) {
      if (!part.isEmpty()) {
        parsePart(part, decisions);
      }
    }
    return new Schedule(decisions);
  }

  /// The part of a schedule's text that holds a decision.
  ///
  /// @param text as [#parse] takes it
  /// @param decision its index
  public static String partOf(String text, int decision) {
    var decisions = new ArrayList<Decision>();
    for (String part : text.strip().split("\\s+")) {
      parsePart(part, decisions);
      if (decision < decisions.size()) {
        return part;
      }
    }
    throw new IllegalArgumentException("no decision " + decision + " in '" + text + "'");
  }

  private static void parsePart(String part, List<Decision> to) {
    if (!part.matches("\\d{1,9}(\\*\\d{1,9}|c\\d{1,9})?")) {
      throw new IllegalArgumentException(
          "not a part of a schedule: '" + part + "' (expected like 0*12, 1 or 0c1)");
    }
    int star = part.indexOf('*');
    int c = part.indexOf('c');
    if (c > 0) {
      to.add(decision(part.substring(0, c), Integer.parseInt(part.substring(c + 1))));
      return;
    }
    int times = star < 0 ? 1 : Integer.parseInt(part.substring(star + 1));
    var one = decision(star < 0 ? part : part.substring(0, star), Decision.NO_CHOICE);
    for (int i = 0; i < times; i++) {
      to.add(one);
    }
  }

  private static Decision decision(String task, int choice) {
    return new Decision(Integer.parseInt(task), choice);
  }

  public boolean isEmpty() {
    return decisions.isEmpty();
  }

  /// Number of operations.
  public int length() {
    return decisions.size();
  }

  /// How often another task goes on than the one before.
  public int switches() {
    int switches = 0;
    for (int i = 1; i < decisions.size(); i++) {
      if (decisions.get(i).task() != decisions.get(i - 1).task()) {
        switches++;
      }
    }
    return switches;
  }

  /// This one, then `more`.
  public Schedule then(Schedule more) {
    var all = new ArrayList<>(decisions);
    all.addAll(more.decisions);
    return new Schedule(all);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (int i = 0; i < decisions.size(); ) {
      var decision = decisions.get(i);
      int run = 1;
      while (!decision.chooses()
          && i + run < decisions.size()
          && decisions.get(i + run).equals(decision)) {
        run++;
      }
      text.append(text.isEmpty() ? "" : " ").append(decision.task());
      if (decision.chooses()) {
        text.append('c').append(decision.choice());
      } else if (run > 1) {
        text.append('*').append(run);
      }
      i += run;
    }
    return text.toString();
  }
}
