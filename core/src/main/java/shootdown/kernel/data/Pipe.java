package shootdown.kernel.data;

import java.util.Optional;
import java.util.OptionalInt;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// A pipe: `struct pipe_inode_info`. Its buffers refer to pages; the oldest is number 0.
///
/// ```text
/// field     protected by
/// buffers   the pipe's mutex
/// open      atomic: 0 not in use, 1 empty, 3 something is in it
/// ```
public final class Pipe {
  /// Buffers of one pipe; more are a stated limit (Linux has 16).
  public static final int BUFFERS = 4;

  private static final long EMPTY = 1;
  private static final long READABLE = 2;
  private static final int FIELD = 16;

  private final int number;
  private final Word state;
  private final Words buffers;
  private final Tree ring;
  private final Lock mutex;

  /// A page in a pipe: `struct pipe_buffer`.
  ///
  /// @param pfn its frame, on which the pipe has a reference
  /// @param offset byte of the page that comes next
  /// @param length bytes from there on
  public record Buffer(int pfn, int offset, int length) {
    private static Buffer unpack(long word) {
      return new Buffer(
          (int) (word & (1 << FIELD) - 1) - 1,
          (int) (word >>> FIELD & (1 << FIELD) - 1),
          (int) (word >>> 2 * FIELD));
    }

    private long pack() {
      return pfn + 1L | (long) offset << FIELD | (long) length << 2 * FIELD;
    }

    private static String show(long word) {
      if (word == 0) {
        return "none";
      }
      var buffer = unpack(word);
      return "F" + buffer.pfn + " " + buffer.offset + "+" + buffer.length;
    }
  }

  Pipe(Program program, int number) {
    this.number = number;
    this.state =
        program.words(_ -> "pipe" + number, 1, 0, Long::toString, false).at(0);
    this.buffers =
        program.words(i -> "pipe" + number + "[" + i + "]", BUFFERS, 0, Buffer::show, true);
    this.ring = new Tree(program, "pipe" + number + "'s ring");
    this.mutex = program.lock("mutex(pipe" + number + ")", LockOrder.PIPE.lockClass());
  }

  public int number() {
    return number;
  }

  /// `pipe->mutex`.
  public Lock mutex() {
    return mutex;
  }

  public boolean isOpen() {
    return state.test(EMPTY);
  }

  /// It is in use from now on.
  public void open() {
    state.write(EMPTY);
  }

  /// Sleeps until something may be in it.
  public void awaitReadable() {
    state.sleepUntil(READABLE, READABLE);
  }

  /// The buffer number `i` from the oldest on; with the mutex held.
  public Optional<Buffer> at(int i) {
    ring.look();
    long word = buffers.at(i).read();
    return word == 0 ? Optional.empty() : Optional.of(Buffer.unpack(word));
  }

  /// The ring of buffers: head and tail; under the mutex.
  public Tree ring() {
    return ring;
  }

  /// Fills the first buffer that is free; with the mutex held.
  public void put(int i, Buffer buffer) {
    buffers.at(i).write(buffer.pack());
    state.set(READABLE);
  }

  /// Changes the oldest buffer; with the mutex held.
  public void updateFirst(Buffer buffer) {
    buffers.at(0).write(buffer.pack());
  }

  /// Takes the oldest buffer out; with the mutex held.
  public void removeFirst() {
    for (int i = 0; i < BUFFERS - 1; i++) {
      buffers.at(i).write(buffers.at(i + 1).read());
    }
    buffers.at(BUFFERS - 1).write(0);
    if (buffers.at(0).is(0)) {
      state.clear(READABLE);
    }
  }

  /// The frame that a buffer refers to.
  ///
  /// @param word what [#buffer] holds
  public static OptionalInt frame(long word) {
    return word == 0 ? OptionalInt.empty() : OptionalInt.of(Buffer.unpack(word).pfn());
  }

  /// The word of buffer `i`, for checks at rest.
  public Word buffer(int i) {
    return buffers.at(i);
  }
}
