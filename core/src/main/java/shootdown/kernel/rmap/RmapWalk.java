package shootdown.kernel.rmap;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Tree;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.sched.Lock;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// Walks over all places where a folio may be mapped.
public final class RmapWalk {
  private final KernelData data;
  private final Steps steps;
  private final RmapWalkKsm ksm;

  public RmapWalk(KernelData data) {
    this.data = data;
    this.ksm = new RmapWalkKsm(data);
    this.steps = data.steps();
  }

  /// A place where the folio may be mapped: the VMA says that it belongs there, the PTE may say
  /// something else.
  ///
  /// @param mm the address space
  /// @param found the VMA, with the flags that do not change: the walk holds a lock that keeps the
  ///     rest as it is, too
  /// @param vpn the page; of a huge one the first that lies in the VMA
  /// @param pages how many pages of the folio lie there from `vpn` on
  public record Place(int mm, VmaSlot found, int vpn, int pages) {
    /// The VMA as it is now: `vma->vm_flags` and `vma->vm_page_prot`. mprotect() and mlock() change
    /// them before they go through the PTEs, so who asks under the PTL finds either the new flags,
    /// or PTEs that those calls will come to.
    Vma vma(KernelData data) {
      return data.mm(mm).now(found.slot());
    }

    /// Which page of the folio is at `vpn`.
    int firstOf(Folio folio) {
      return found.vma().pageIndex(vpn) - (int) folio.index().read();
    }

    /// The place of one page.
    Place page(int offset) {
      return new Place(mm, found, vpn + offset, 1);
    }
  }

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
      leavesOut = "ending early; the order of the interval trees")
  <S> S fold(Folio folio, S start, Visit<S> visit) {
    return steps.call(
        "rmap_walk",
        () -> {
          long owner = folio.mapping().read();
          if (!steps.recheck("mapping", () -> owner != 0)) {
            return start;
          }
          if ((owner & Folio.KSM) != 0) {
            return ksm.fold(folio, start, visit);
          }
          var range = new Range((int) folio.index().read(), folio.pages());
          int root = Folio.anonVma(owner);
          return Folio.isAnon(owner)
              ? under(
                  data.anonVmas().lock(root),
                  data.anonVmas().tree(root),
                  vma -> range.isPrivateIn(vma, root),
                  range,
                  start,
                  visit)
              : foldFile(folio, (int) owner - 1, range, start, visit);
        });
  }

  /// As [#fold], until a visit has ended the walk; tells the batch.
  TlbUbc unmap(Folio folio, TlbUbc ubc, BiFunction<Place, TlbUbc, Walked> one) {
    return this.<Walked>fold(
            folio,
            new Walked(ubc, false),
            (place, live) -> live.ended() ? live : one.apply(place, live.ubc()))
        .ubc();
  }

  /// As [#fold] for an anonymous folio, where the caller has locked its anon_vma: TTU_RMAP_LOCKED.
  <S> S foldLocked(Folio folio, S start, Visit<S> visit) {
    return steps.call(
        "rmap_walk_locked",
        () ->
            foldLocked(
                new Range((int) folio.index().read(), folio.pages()),
                Folio.anonVma(folio.mapping().read()),
                start,
                visit));
  }

  /// Visits every place where a folio of a file may be mapped, whose i_mmap_rwsem the caller has
  /// locked: TTU_RMAP_LOCKED.
  void walkLocked(Folio folio, FileData file, Consumer<Place> visit) {
    steps.run(
        "rmap_walk_locked",
        () -> {
          var range = new Range((int) folio.index().read(), folio.pages());
          eachVma(
              file.mappings(),
              vma -> vma.file() == file.number() && range.isIn(vma),
              range,
              true,
              (place, live) -> {
                visit.accept(place);
                return live;
              });
        });
  }

  /// As [#foldLocked] for one page of the folio.
  <S> S foldLockedPage(Folio page, S start, Visit<S> visit) {
    return steps.call(
        "rmap_walk_locked",
        () ->
            foldLocked(
                new Range(page.pageIndex(), 1),
                Folio.anonVma(page.mapping().read()),
                start,
                visit));
  }

  private <S> S foldLocked(Range range, int root, S start, Visit<S> visit) {
    return eachVma(
        data.anonVmas().tree(root),
        vma -> range.isPrivateIn(vma, root),
        range,
        start,
        visit);
  }

  /// Pages of a file, or anonymous indices.
  private record Range(int first, int pages) {
    boolean isIn(Vma vma) {
      return vma.pgoff() < first + pages && first < vma.pgoff() + vma.pages();
    }

    boolean isPrivateIn(Vma vma, int root) {
      return mayHoldAnon(vma, root) && isIn(vma);
    }

    Place in(int mm, VmaSlot found) {
      var vma = found.vma();
      int from = Math.max(first, vma.pgoff());
      int to = Math.min(first + pages, vma.pgoff() + vma.pages());
      return new Place(mm, found, vma.address(from), to - from);
    }
  }

  @Models(file = "mm/rmap.c", function = "rmap_walk_file", leavesOut = "trying the lock first")
  private <S> S foldFile(Folio folio, int file, Range range, S start, Visit<S> visit) {
    folio.lock().assertLocked(); // VM_BUG_ON_FOLIO(!folio_test_locked()), as of v6.1
    return under(
        data.file(file).mmapRwsem(),
        data.file(file).mappings(),
        vma -> vma.file() == file && range.isIn(vma),
        range,
        start,
        visit);
  }

  /// Without the flags that may change while a walk is at the VMA: who needs one asks then.
  static VmaSlot unchanging(VmaSlot found) {
    var vma = found.vma();
    return new VmaSlot(found.slot(), vma.withFlags(vma.flags() & Vma.VM_SHARED));
  }

  static boolean mayHoldAnon(Vma vma, int root) {
    return vma.has(Vma.VM_ANON_VMA) && vma.anonVma() == root && !vma.shared();
  }

  private <S> S under(
      Lock lock, Tree tree, Predicate<Vma> mayMap, Range range, S start, Visit<S> visit) {
    lock.readLock();
    var told = eachVma(tree, mayMap, range, start, visit);
    lock.readUnlock();
    return told;
  }

  private <S> S eachVma(
      Tree tree, Predicate<Vma> mayMap, Range range, S start, Visit<S> visit) {
    return steps.<Progress<S>, S>loop(
        "each vma",
        new Progress<>(0, 0, start),
        at -> {
          tree.look();
          return turn(at, mayMap, range, visit);
        });
  }

  private <S> Turn<Progress<S>, S> turn(
      Progress<S> at, Predicate<Vma> mayMap, Range range, Visit<S> visit) {
    if (at.mm == data.mms().size()) {
      return Turn.done(at.live);
    }
    var next = steps.scope(() -> data.mm(at.mm).next(at.slot, mayMap).map(RmapWalk::unchanging));
    if (next.isEmpty()) {
      return Turn.again(at.nextMm());
    }
    var told = visit.visit(range.in(at.mm, next.get()), at.live);
    return Turn.again(at.past(next.get().slot(), told));
  }
}
