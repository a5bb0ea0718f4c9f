package shootdown.kernel.rmap;

import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Vma;
import shootdown.sched.Lock;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Walks over all places where a folio may be mapped.
public final class RmapWalk {
  private final KernelData data;
  private final Steps steps;

  public RmapWalk(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// A place where the folio may be mapped: the VMA says that it belongs there, the PTE may say
  /// something else.
  ///
  /// @param mm the address space
  /// @param vma the VMA, as it is while the walk holds its lock
  /// @param vpn the page
  public record Place(int mm, Vma vma, int vpn) {}

  /// What is made of a place, with what was made of those before.
  @FunctionalInterface
  interface Visit<S> {
    S visit(Place place, S live);
  }

  /// @param mm where the walk goes on
  /// @param slot the VMA from which on it does
  /// @param live what the visits made so far
  private record Progress<S>(int mm, int slot, S live) {
    Progress<S> nextMm() {
      return new Progress<>(mm + 1, 0, live);
    }

    Progress<S> past(int visited, S now) {
      return new Progress<>(mm, visited + 1, now);
    }
  }

  /// Visits every place where the locked folio may be mapped; tells the sum of what `visit` told.
  public int walk(Folio folio, ToIntFunction<Place> visit) {
    return fold(folio, 0, (place, sum) -> sum + visit.applyAsInt(place));
  }

  /// Visits every place where the locked folio may be mapped; tells what the last visit told, or
  /// `start`. For a folio that belongs to nothing any more there is none.
  @Models(
      file = "mm/rmap.c",
      function = "rmap_walk",
      leavesOut = "KSM, ending early; the order of the interval trees")
  <S> S fold(Folio folio, S start, Visit<S> visit) {
    return steps.call(
        "rmap_walk",
        () -> {
          long owner = folio.mapping().read();
          if (owner == 0) {
            return start;
          }
          int index = (int) folio.index().read();
          return owner == Folio.ANON
              ? foldAnon(index, start, visit)
              : foldFile((int) owner - 1, index, start, visit);
        });
  }

  private <S> S foldAnon(int index, S start, Visit<S> visit) {
    return under(
        data.anonVma(), vma -> mayHoldAnon(vma) && vma.maps(index), index, start, visit);
  }

  private <S> S foldFile(int file, int index, S start, Visit<S> visit) {
    return under(
        data.file(file).mmapRwsem(),
        vma -> vma.file() == file && vma.maps(index),
        index,
        start,
        visit);
  }

  private static boolean mayHoldAnon(Vma vma) {
    return vma.has(Vma.VM_ANON_VMA) && !vma.shared();
  }

  private <S> S under(Lock lock, Predicate<Vma> mayMap, int index, S start, Visit<S> visit) {
    lock.readLock();
    var told =
        steps.<Progress<S>, S>loop(
            "each vma", new Progress<>(0, 0, start), at -> turn(at, mayMap, index, visit));
    lock.readUnlock();
    return told;
  }

  private <S> Turn<Progress<S>, S> turn(
      Progress<S> at, Predicate<Vma> mayMap, int index, Visit<S> visit) {
    if (at.mm == data.mms().size()) {
      return Turn.done(at.live);
    }
    var next = data.mm(at.mm).next(at.slot, mayMap);
    if (next.isEmpty()) {
      return Turn.again(at.nextMm());
    }
    var vma = next.get().vma();
    var told = visit.visit(new Place(at.mm, vma, vma.address(index)), at.live);
    return Turn.again(at.past(next.get().slot(), told));
  }
}
