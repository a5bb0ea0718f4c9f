package shootdown.model.truth;

import java.util.function.UnaryOperator;
import shootdown.sched.Program;
import shootdown.sched.Words;

/// What each virtual page stands for.
final class Places {
  private final Words words;
  private final int pages;

  Places(Program program, int spaces, int pages) {
    this.pages = pages;
    this.words =
        program.words(
            i -> "place mm" + i / pages + "[" + i % pages + "]",
            spaces * pages,
            0,
            v -> Place.unpack(v).toString(),
            false);
  }

  int pages() {
    return pages;
  }

  Place get(int mm, int vpn) {
    return Place.unpack(words.at(mm * pages + vpn).read());
  }

  /// Whether anything was said of the page yet.
  boolean isKnown(int mm, int vpn) {
    return !words.at(mm * pages + vpn).is(0);
  }

  void set(int mm, int vpn, Place place) {
    words.at(mm * pages + vpn).write(place.pack());
  }

  void change(int mm, int vpn, UnaryOperator<Place> change) {
    set(mm, vpn, change.apply(get(mm, vpn)));
  }

  /// The word, for checks at rest.
  int index(int mm, int vpn) {
    return words.at(mm * pages + vpn).index();
  }
}
