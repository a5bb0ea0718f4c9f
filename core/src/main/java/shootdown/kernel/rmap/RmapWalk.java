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

  /// @param mm where the walk goes on
  /// @param slot the VMA from which on it does
  /// @param sum of what the visits told
  private record Progress(int mm, int slot, int sum) {
    Progress nextMm() {
      return new Progress(mm + 1, 0, sum);
    }

    Progress past(int visited, int more) {
      return new Progress(mm, visited + 1, sum + more);
    }
  }

  /// Visits every place where the locked folio may be mapped; tells the sum of what `visit` told.
  /// For a folio that belongs to nothing any more there is none.
  @Models(
      file = "mm/rmap.c",
      function = "rmap_walk",
      leavesOut = "KSM, ending early; the order of the interval trees")
  public int walk(Folio folio, ToIntFunction<Place> visit) {
    return steps.call(
        "rmap_walk",
        () -> {
          long owner = folio.mapping().read();
          if (owner == 0) {
            return 0;
          }
          int index = (int) folio.index().read();
          return owner == Folio.ANON
              ? under(data.anonVma(), index, RmapWalk::mayHoldAnon, visit)
              : walkFile((int) owner - 1, index, visit);
        });
  }

  private int walkFile(int file, int index, ToIntFunction<Place> visit) {
    return under(data.file(file).mmapRwsem(), index, vma -> vma.file() == file, visit);
  }

  private static boolean mayHoldAnon(Vma vma) {
    return vma.has(Vma.VM_ANON_VMA) && !vma.shared();
  }

  private int under(Lock lock, int index, Predicate<Vma> mayMap, ToIntFunction<Place> visit) {
    lock.readLock();
    int sum =
        steps.loop(
            "each vma", new Progress(0, 0, 0), at -> turn(at, index, mayMap, visit));
    lock.readUnlock();
    return sum;
  }

  private Turn<Progress, Integer> turn(
      Progress at, int index, Predicate<Vma> mayMap, ToIntFunction<Place> visit) {
    if (at.mm == data.mms().size()) {
      return Turn.done(at.sum);
    }
    var next = data.mm(at.mm).next(at.slot, vma -> mayMap.test(vma) && vma.maps(index));
    if (next.isEmpty()) {
      return Turn.again(at.nextMm());
    }
    var vma = next.get().vma();
    int told = visit.applyAsInt(new Place(at.mm, vma, vma.address(index)));
    return Turn.again(at.past(next.get().slot(), told));
  }
}
