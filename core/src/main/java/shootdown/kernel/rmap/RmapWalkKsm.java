package shootdown.kernel.rmap;

import java.util.List;
import java.util.Optional;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.StableNode.RmapItem;
import shootdown.kernel.data.Vma;
import shootdown.kernel.data.VmaSlot;
import shootdown.kernel.rmap.RmapWalk.Place;
import shootdown.kernel.rmap.RmapWalk.Visit;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// The walk over all places of a page that KSM has merged: those that its node of the stable tree
/// knows, first in their own address space, then in children that fork() made since.
final class RmapWalkKsm {
  private final KernelData data;
  private final Steps steps;

  RmapWalkKsm(KernelData data) {
    this.data = data;
    this.steps = data.steps();
  }

  /// Where the walk is.
  ///
  /// @param pass 0: the places' own address spaces; 1: all others
  /// @param item number of the place
  private record At<S>(int pass, int item, S live) {}

  /// Visits every place where the locked folio may be mapped; tells what the last visit told, or
  /// `start`. There is none while ksmd has not put it into the tree.
  @Models(file = "mm/ksm.c", function = "rmap_walk_ksm", leavesOut = "trying the lock first")
  <S> S fold(Folio folio, S start, Visit<S> visit) {
    return steps.call(
        "rmap_walk_ksm",
        () -> {
          folio.lock().assertLocked(); // VM_BUG_ON_FOLIO(!folio_test_locked()), as of v6.1
          var items =
              steps.scope(
                  () ->
                      folio.mapping().test(Folio.STABLE)
                          ? data.folios().stableNode(folio).rmapItems()
                          : List.<RmapItem>of());
          return steps.<At<S>, S>loop(
              "items", new At<>(0, 0, start), at -> next(items, at, visit));
        });
  }

  private <S> Turn<At<S>, S> next(List<RmapItem> items, At<S> at, Visit<S> visit) {
    if (at.item() == items.size()) {
      return at.pass() == 0
          ? Turn.again(new At<>(1, 0, at.live()))
          : Turn.done(at.live());
    }
    var item = items.get(at.item());
    int root = anonVma(item);
    data.anonVmas().lock(root).readLock();
    var told = eachMm(item, root, at.pass() == 0, at.live(), visit);
    data.anonVmas().lock(root).readUnlock();
    return Turn.again(new At<>(at.pass(), at.item() + 1, told));
  }

  /// `rmap_item->anon_vma`: that of the VMA that ksmd found there; if that is gone, nothing is.
  private int anonVma(RmapItem item) {
    return data.anonVmas().hasSeveral()
        ? steps.scope(
            () ->
                data.mm(item.mm())
                    .next(0, vma -> vma.contains(item.vpn()))
                    .map(found -> found.vma().anonVma())
                    .orElse(0))
        : 0;
  }

  private static boolean mayBeMapped(Vma vma, int root, RmapItem item) {
    return RmapWalk.mayHoldAnon(vma, root) && vma.contains(item.vpn());
  }

  private <S> S eachMm(RmapItem item, int root, boolean own, S start, Visit<S> visit) {
    record Mms<T>(int mm, T live) {}
    return steps.<Mms<S>, S>loop(
        "each vma",
        new Mms<>(0, start),
        at -> {
          data.anonVmas().tree(root).look();
          if (at.mm() == data.mms().size()) {
            return Turn.done(at.live());
          }
          var found =
              (at.mm() == item.mm()) == own
                  ? steps.scope(
                      () ->
                          data.mm(at.mm())
                              .next(0, vma -> mayBeMapped(vma, root, item))
                              .map(RmapWalk::unchanging))
                  : Optional.<VmaSlot>empty();
          var live =
              found.isPresent()
                  ? visit.visit(new Place(at.mm(), found.get(), item.vpn(), 1), at.live())
                  : at.live();
          return Turn.again(new Mms<>(at.mm() + 1, live));
        });
  }
}
