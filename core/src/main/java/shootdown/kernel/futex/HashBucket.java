package shootdown.kernel.futex;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import shootdown.kernel.data.LockOrder;
import shootdown.kernel.data.Models;
import shootdown.sched.Lock;
import shootdown.sched.Program;
import shootdown.sched.Steps;
import shootdown.sched.Violation;
import shootdown.sched.Word;
import shootdown.sched.Words;

/// `struct futex_hash_bucket`: a lock, and those that wait, first come first: tasks have one
/// priority. The chain is an array without gaps; all of it is protected by the lock. How many there
/// are is counted beside it.
final class HashBucket {
  private final int number;
  private final Steps steps;
  private final Lock lock;
  private final Words chain;
  private final Word waiters;

  /// @param threads how many can wait at most: each thread waits for one futex
  HashBucket(Program program, int number, int threads) {
    this.number = number;
    this.steps = program.steps();
    this.lock = program.lock("hb->lock(" + number + ")", LockOrder.FUTEX_BUCKET.lockClass());
    this.chain =
        program.words(
            i -> "hb" + number + " waiter[" + i + "]",
            threads,
            0,
            v -> v == 0 ? "none" : FutexQ.unpack(v).toString(),
            true);
    this.waiters =
        program.words(_ -> "hb" + number + " waiters", 1, 0, Long::toString, false).at(0);
  }

  /// 0, 1, …: locks of several buckets are taken in this order.
  int number() {
    return number;
  }

  Lock lock() {
    return lock;
  }

  /// How many wait, or are about to: counted before the lock is taken. Looked at without it.
  Word waiters() {
    return waiters;
  }

  /// The first that waits for the key: `futex_top_waiter()`.
  @Models(file = "kernel/futex/core.c", function = "futex_top_waiter")
  Optional<FutexQ> topWaiter(FutexKey key) {
    return steps.call(
        "futex_top_waiter",
        () -> {
          var at = next(0, q -> q.key().equals(key));
          return at.isPresent() ? Optional.of(at(at.getAsInt())) : Optional.empty();
        });
  }

  /// The first place, from `from` on, of a waiter of which `wanted` holds.
  OptionalInt next(int from, Predicate<FutexQ> wanted) {
    return steps.scope(
        () -> {
          for (int i = from; i < chain.length(); i++) {
            long word = chain.at(i).read();
            if (word == 0) {
              return OptionalInt.empty();
            }
            if (wanted.test(FutexQ.unpack(word))) {
              return OptionalInt.of(i);
            }
          }
          return OptionalInt.empty();
        });
  }

  /// Those that wait for the key, but for the first `skip` of them; up to `most`.
  List<Integer> tids(FutexKey key, int skip, int most) {
    return steps.scope(
        () -> {
          var tids = new ArrayList<Integer>();
          for (int i = 0; i < chain.length(); i++) {
            long word = chain.at(i).read();
            if (word != 0 && FutexQ.unpack(word).key().equals(key)) {
              tids.add(FutexQ.unpack(word).tid());
            }
          }
          return tids.stream().skip(skip).limit(Math.max(0, most)).toList();
        });
  }

  FutexQ at(int place) {
    long word = chain.at(place).read();
    if (word == 0) {
      throw corrupt("nobody waits at place " + place);
    }
    return FutexQ.unpack(word);
  }

  /// Ends the path: the chain is not as whoever holds the lock may rely on, as in Linux
  /// `__list_del_entry_valid()` and `WARN_ON_SMP()` of `__futex_unqueue()` find it.
  RuntimeException corrupt(String how) {
    return steps.fail(
        new Violation("kernel bug", "the chain of hb" + number + " is corrupt: " + how));
  }

  void set(int place, FutexQ q) {
    chain.at(place).write(q.pack());
  }

  /// Links one at the end.
  void add(FutexQ q) {
    steps.forget(() -> chain.at(firstFree()).write(q.pack()));
  }

  private int firstFree() {
    for (int i = 0; i < chain.length(); i++) {
      if (chain.at(i).is(0)) {
        return i;
      }
    }
    throw corrupt("there are more waiters than threads");
  }

  /// Takes out the one at `place`; those behind it move up.
  void remove(int place) {
    steps.forget(
        () -> {
          long moved = -1;
          for (int i = place; moved != 0; i++) {
            moved = i + 1 < chain.length() ? chain.at(i + 1).read() : 0;
            chain.at(i).write(moved);
          }
        });
  }

  /// The waiters, for a look from outside of a run.
  Words chain() {
    return chain;
  }

  Word word(int place) {
    return chain.at(place);
  }
}
