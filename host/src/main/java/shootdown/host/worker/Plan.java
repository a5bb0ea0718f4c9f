package shootdown.host.worker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;

/// How rounds begin: a table from which the worker takes one line for each round, at random. It can
/// be exchanged at any time, while the worker reads it: whatever mixture of two tables it finds,
/// each number is one of a thread or of a point, or a time.
///
/// ```text
///  0 way        8 thread of the first | point << 8   16 thread of the second | point << 8
/// 24 least     32 range                              40 pace                  48 patience
/// ```
///
/// @param lines as many as [#LINES]
public record Plan(List<Line> lines) {
  public static final int LINES = 64;
  static final int LINE_SHIFT = 6;
  static final int FIRST = 8;
  static final int SECOND = 16;
  static final int LEAST = 24;
  static final int RANGE = 32;
  static final int PACE = 40;
  static final int PATIENCE = 48;
  static final int POINT_SHIFT = 8;
  /// Size of the table.
  public static final int BYTES = LINES << LINE_SHIFT;

  public Plan {
    lines = List.copyOf(lines);
    if (lines.size() != LINES) {
      throw new IllegalArgumentException(lines.size() + " lines");
    }
  }

  /// All threads begin at random times.
  public static final Plan RANDOM = new Plan(Collections.nCopies(LINES, Line.RANDOM));

  /// How one round begins: two threads wait for each other, each before a statement, and go on.
  /// No point has number 0.
  ///
  /// @param way what the round is counted for; 0 stands for random starts
  /// @param delay of the second thread
  /// @param patience ticks after which a thread no longer waits
  public record Line(int way, Place first, Place second, Delay delay, long patience) {
    public static final Line RANDOM =
        new Line(0, Place.NOWHERE, Place.NOWHERE, new Delay(0, 0, 0), 0);
  }

  /// By how many ticks the second thread goes on later.
  ///
  /// @param least at least
  /// @param range up to so many more, at random
  /// @param pace up to so many before each of its next statements, until the first thread is
  ///     through with its one
  public record Delay(long least, long range, long pace) {}

  /// A point, by numbers.
  public record Place(int thread, int point) {
    public Place {
      if (thread >= 1 << POINT_SHIFT || point >= 1 << POINT_SHIFT) {
        throw new IllegalArgumentException("point " + point + " of thread " + thread);
      }
    }

    static final Place NOWHERE = new Place(0, 0);

    public static Place of(Points.Point point) {
      return new Place(point.thread(), point.number());
    }
  }

  /// The table as it lies in memory.
  public byte[] bytes() {
    var all = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (var line : lines) {
      all.putLong(line.way());
      for (var place : List.of(line.first(), line.second())) {
        all.putLong(place.thread() | (long) place.point() << POINT_SHIFT);
      }
      var delay = line.delay();
      all.putLong(delay.least()).putLong(delay.range()).putLong(delay.pace());
      all.putLong(line.patience()).putLong(0);
    }
    return all.array();
  }
}
