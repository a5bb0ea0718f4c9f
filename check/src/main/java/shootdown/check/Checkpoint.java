package shootdown.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Where an exhaustive search keeps what it needs to go on after its process has ended, however it
/// ended. If the file is there when a search begins, the search goes on from it.
///
/// The file stays when the search has ended: whoever asked for it removes it, once the result is
/// kept. Until then the same check gives the same result again, without searching.
///
/// @param file is replaced as a whole or not at all; `file.new` stands beside it while it is
///     written
/// @param every how much work may be lost, about; a search that is over sooner writes nothing
/// @param of says what is checked, where the program cannot: a name and a value each. A checkpoint
///     of something else is refused
/// @param trouble is told where the file could not be written; the last one is still there then,
///     and the search goes on
public record Checkpoint(
    Path file, Duration every, SortedMap<String, String> of, Consumer<IOException> trouble) {
  /// Less than a minute: writing takes time, too.
  private static final Duration OFTEN = Duration.ofSeconds(45);

  /// So often that less than a minute of work is lost; a file that cannot be written ends the
  /// search by [UncheckedIOException].
  public static Checkpoint in(Path file) {
    return new Checkpoint(file, OFTEN, new TreeMap<>(), Checkpoint::raise);
  }

  public Checkpoint {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("every " + every + ": expected some time");
    }
    of = new TreeMap<>(of);
  }

  public Checkpoint every(Duration other) {
    return new Checkpoint(file, other, of, trouble);
  }

  public Checkpoint of(Map<String, String> what) {
    return new Checkpoint(file, every, new TreeMap<>(what), trouble);
  }

  public Checkpoint telling(Consumer<IOException> other) {
    return new Checkpoint(file, every, of, other);
  }

  private static void raise(IOException trouble) {
    throw new UncheckedIOException(trouble);
  }
}
