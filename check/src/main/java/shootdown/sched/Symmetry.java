package shootdown.sched;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a [Program] says about things that are [Alike]: which tasks and words are whose, and which
/// values name them. Renaming them must make a run of the program out of each of its runs.
///
/// What is not declared stays as it is when things are renamed. Locks need no more than to be
/// somebody's own: who holds them is known. A choice among names is [Steps#choose(Alike)].
///
/// A checker need not believe it. Each operation that it learns it learns for the images, too, and
/// a difference is a fault of the program.
public final class Symmetry {
  private final Program program;
  private final List<Alike> kinds = new ArrayList<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Map<Integer, Alike> kindOfTask = new HashMap<>();
  private final Map<Integer, Integer> nameOfTask = new HashMap<>();
  private final Map<Alike, List<Task>> tasks = new HashMap<>();
  private final Map<Integer, Place> places = new HashMap<>();
  private final Map<Integer, List<Values>> values = new HashMap<>();
  private int names;

  /// Where a word of an array goes.
  @FunctionalInterface
  public interface Places {
    /// The place of the word that takes the part of the one at `i`.
    int image(int i, Renaming renaming);
  }

  /// What becomes of a value.
  @FunctionalInterface
  public interface Values {
    /// The value with the names in it changed.
    long image(long value, Renaming renaming);
  }

  /// Names that may be given anew.
  ///
  /// @param first the first of them, as [#names] counts
  /// @param size how many, following each other
  /// @param how in which ways
  public record Exchange(int first, int size, How how) {}

  /// See [Exchange].
  public enum How {
    /// in any order
    ANY,
    /// going round: each gets the next one's name
    ROUND
  }

  private record Place(int base, int i, List<Places> moves) {}

  Symmetry(Program program) {
    this.program = program;
  }

  Alike alike(String kind, How how, int... groups) {
    int size = 0;
    for (int group : groups) {
      exchanges.add(new Exchange(names + size, group, how));
      size += group;
    }
    var alike = new Alike(this, kind, kinds.size(), names, size);
    kinds.add(alike);
    names += size;
    return alike;
  }

  /// The words go to other places of the same array.
  public Symmetry places(Words words, Places move) {
    for (int i = 0; i < words.length(); i++) {
      int base = words.at(0).index();
      int at = i;
      places
          .computeIfAbsent(base + i, _ -> new Place(base, at, new ArrayList<>()))
          .moves
          .add(move);
    }
    return this;
  }

  /// The words hold values with names in them.
  public Symmetry values(Words words, Values rename) {
    for (int i = 0; i < words.length(); i++) {
      values(words.at(i), rename);
    }
    return this;
  }

  /// As [#values(Words, Values)] for one word.
  public Symmetry values(Word word, Values rename) {
    values.computeIfAbsent(word.index(), _ -> new ArrayList<>()).add(rename);
    return this;
  }

  void owns(Alike kind, List<Task> own) {
    tasks.put(kind, List.copyOf(own));
    for (int i = 0; i < own.size(); i++) {
      kindOfTask.put(own.get(i).id(), kind);
      nameOfTask.put(own.get(i).id(), i);
    }
  }

  void owns(List<Lock> own, Alike kind) {
    for (int i = 0; i < own.size(); i++) {
      int at = i;
      Places move =
          (_, renaming) -> own.get(renaming.of(kind, at)).index();
      places.put(own.get(i).index(), new Place(0, i, List.of(move)));
    }
  }

  /// Whether nothing was declared.
  public boolean isEmpty() {
    return exchanges.stream().allMatch(e -> e.size < 2);
  }

  /// Number of names of all kinds, which are counted one kind after the other.
  public int names() {
    return names;
  }

  /// Which names may change places.
  public List<Exchange> exchanges() {
    return exchanges.stream().filter(e -> e.size > 1).toList();
  }

  /// Renamings out of which all others are made: neighbours that change places, and rounds by one.
  public List<Renaming> generators() {
    var all = new ArrayList<Renaming>();
    for (var exchange : exchanges()) {
      if (exchange.how == How.ROUND) {
        int[] image = identity();
        for (int i = 0; i < exchange.size; i++) {
          image[exchange.first + i] = exchange.first + (i + 1) % exchange.size;
        }
        all.add(new Renaming(image));
      }
      for (int i = 0; i + 1 < exchange.size && exchange.how == How.ANY; i++) {
        int[] image = identity();
        image[exchange.first + i] = exchange.first + i + 1;
        image[exchange.first + i + 1] = exchange.first + i;
        all.add(new Renaming(image));
      }
    }
    return all;
  }

  /// The renaming that makes `images[i]` of name `i`, as [#names] counts them.
  public Renaming renaming(int... images) {
    return new Renaming(images.clone());
  }

  private int[] identity() {
    int[] image = new int[names];
    for (int i = 0; i < names; i++) {
      image[i] = i;
    }
    return image;
  }

  /// The task that takes the part of a task.
  public int task(Renaming renaming, int task) {
    var kind = kindOfTask.get(task);
    return kind == null
        ? task
        : tasks.get(kind).get(renaming.of(kind, nameOfTask.get(task))).id();
  }

  /// The word that takes the part of a word.
  public int word(Renaming renaming, int word) {
    var place = places.get(word);
    if (place == null) {
      return word;
    }
    int i = place.i;
    for (var move : place.moves) {
      i = move.image(i, renaming);
    }
    return place.base + i;
  }

  /// Whether values of a word may name something.
  public boolean holdsNames(int word) {
    return values.containsKey(word)
        || (program.lockAt(word) != null && !kindOfTask.isEmpty());
  }

  /// The value of a word with the names in it changed.
  public long value(Renaming renaming, int word, long value) {
    if (program.lockAt(word) != null && value < 0) {
      return -task(renaming, (int) (-value - 1)) - 1L;
    }
    long image = value;
    for (var rename : values.getOrDefault(word, List.of())) {
      image = rename.image(image, renaming);
    }
    return image;
  }

  /// What is chosen in place of a name of a kind.
  public int choice(Renaming renaming, int kind, int choice) {
    return renaming.of(kinds.get(kind), choice);
  }

  /// What a renaming does, for messages: `CPU 0 is 1, CPU 1 is 0`.
  public String show(Renaming renaming) {
    var text = new ArrayList<String>();
    for (var kind : kinds) {
      for (int i = 0; i < kind.size(); i++) {
        int image = renaming.of(kind, i);
        if (image != i) {
          text.add(kind + " " + i + " is " + image);
        }
      }
    }
    return String.join(", ", text);
  }
}
