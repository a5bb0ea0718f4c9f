package shootdown.kernel.mmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.Folio;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Mm;
import shootdown.kernel.data.Models;
import shootdown.kernel.data.Userfaultfd;
import shootdown.kernel.data.Vma;
import shootdown.kernel.fault.UserMemory;
import shootdown.kernel.fault.UserResult;
import shootdown.kernel.history.Decisions;
import shootdown.kernel.pgtable.PageWalk;
import shootdown.kernel.pgtable.VmPageProt;
import shootdown.machine.Layout;
import shootdown.machine.Pte;
import shootdown.machine.Ptep;
import shootdown.sched.Steps;
import shootdown.sched.Turn;

/// UFFDIO_COPY and UFFDIO_ZEROPAGE: they map pages where none is.
///
/// mmap_lock is held for reading. A page that is there already is not replaced: EEXIST.
final class MfillAtomic {
  static final long COPY_MODE_DONTWAKE = 1;
  static final long COPY_MODE_WP = 2;
  static final long ZEROPAGE_MODE_DONTWAKE = 1;

  private final KernelData data;
  private final Steps steps;
  private final UserMemory user;
  private final PageWalk walk;
  private final VmPageProt prot;

  MfillAtomic(KernelData data, Decisions decisions, UserMemory user) {
    this.data = data;
    this.steps = data.steps();
    this.user = user;
    this.walk = new PageWalk(data, decisions);
    this.prot = new VmPageProt(data);
  }

  /// What one page is filled with.
  private interface Fill {
    /// An error, or nothing. mmap_lock is held.
    Optional<Errno> fill(Mm mm, Vma vma, int vpn);
  }

  /// How far it came.
  ///
  /// @param pages how many pages were filled
  /// @param error why no more were, if none was
  record Filled(int pages, Optional<Errno> error) {}

  /// Fills pages with copies, write-protected if `mode` says so.
  ///
  /// The source is read before the lock is taken, page by page; Linux reads it with page faults
  /// disabled first, and does what is done here where that fails.
  @Models(file = "mm/userfaultfd.c", function = "mfill_atomic_copy")
  @Models(
      file = "mm/userfaultfd.c",
      function = "mfill_atomic",
      leavesOut = "hugetlb, shared memory; that since v6.9 the lock of the VMA is taken instead of"
          + " mmap_lock; events of mappings that change")
  Filled copy(Current me, Userfaultfd ctx, Pages to, long source, long mode) {
    long mark = (mode & COPY_MODE_WP) != 0 ? Pte.UFFD_WP : 0;
    return each(
        ctx,
        to,
        i -> {
          var words = read(me, source + (long) i * Layout.PAGE_SIZE);
          return words.map(
              all ->
                  (mm, vma, vpn) ->
                      mark != 0 && !vma.has(Vma.VM_UFFD_WP)
                          ? Optional.of(Errno.EINVAL)
                          : mfillAtomicPteCopy(mm, vma, vpn, all, mark));
        });
  }

  @Models(file = "mm/userfaultfd.c", function = "mfill_atomic_zeropage")
  Filled zeropage(Userfaultfd ctx, Pages to) {
    return each(ctx, to, _ -> Optional.of(this::mfillAtomicPteZeropage));
  }

  /// Prepares a page before the lock is taken; empty if its source faults.
  private interface Source {
    Optional<Fill> of(int i);
  }

  private Filled each(Userfaultfd ctx, Pages to, Source source) {
    var mm = data.mm(ctx.mm());
    return steps.call(
        "mfill_atomic",
        () ->
            steps.loop(
                "pages",
                0,
                done -> {
                  if (done == to.count()) {
                    return Turn.done(new Filled(done, Optional.empty()));
                  }
                  var fill = source.of(done);
                  if (fill.isEmpty()) {
                    return Turn.done(new Filled(done, Optional.of(Errno.EFAULT)));
                  }
                  var error = steps.scope(() -> one(mm, to, done, fill.get()));
                  return error.isPresent()
                      ? Turn.done(new Filled(done, error))
                      : Turn.again(done + 1);
                }));
  }

  private Optional<Errno> one(Mm mm, Pages to, int i, Fill fill) {
    mm.mmapLock().readLock();
    var vma = findDstVma(mm, to, i);
    var error =
        vma.isPresent()
            ? fill.fill(mm, vma.get(), to.from() + i)
            : Optional.of(Errno.ENOENT);
    mm.mmapLock().readUnlock();
    return error;
  }

  @Models(file = "mm/userfaultfd.c", function = "find_dst_vma")
  private Optional<Vma> findDstVma(Mm mm, Pages to, int i) {
    return steps.scope(
        () ->
            mm.vmaAt(to.from() + i)
                .map(found -> found.vma())
                .filter(vma -> vma.userfaultfdArmed() && to.to() <= vma.end()));
  }

  /// The words of a page, if they can be read.
  private Optional<List<Long>> read(Current me, long address) {
    return steps.scope(
        () -> {
          var words = new ArrayList<Long>();
          for (int i = 0; i < data.machine().memory().wordsPerPage(); i++) {
            if (!(user.load(me, address + (long) i * Layout.WORD_SIZE)
                instanceof UserResult.Value(long value))) {
              return Optional.<List<Long>>empty();
            }
            words.add(value);
          }
          return Optional.of(List.copyOf(words));
        });
  }

  @Models(file = "mm/userfaultfd.c", function = "mfill_atomic_pte_copy")
  private Optional<Errno> mfillAtomicPteCopy(
      Mm mm, Vma vma, int vpn, List<Long> words, long mark) {
    return steps.call(
        "mfill_atomic_pte_copy",
        () -> {
          var folio = data.folios().alloc();
          steps.atomic(
              "copy_from_user",
              () -> {
                for (int i = 0; i < words.size(); i++) {
                  data.machine().memory().at(folio.pfn(), i).write(words.get(i));
                }
              });
          boolean mapped =
              ifNone(mm, vpn, ptep -> mfillAtomicInstallPte(mm, vma, ptep, folio, mark));
          if (!mapped) {
            data.folios().put(folio);
          }
          return mapped ? Optional.<Errno>empty() : Optional.of(Errno.EEXIST);
        });
  }

  @Models(
      file = "mm/userfaultfd.c",
      function = "mfill_atomic_install_pte",
      leavesOut = "pages of the page cache; the end of a file")
  private void mfillAtomicInstallPte(Mm mm, Vma vma, Ptep ptep, Folio folio, long mark) {
    folio.mapping().write(Folio.anon(vma));
    folio.index().write(vma.pageIndex(ptep.vpn()));
    folio.flags().write(Folio.UPTODATE | Folio.SWAPBACKED | Folio.ANON_EXCLUSIVE);
    folio.mapcount().write(1); // nobody else knows it yet
    var entry = prot.mkPte(folio, vma).with(Pte.DIRTY);
    var pte = mark != 0 ? entry.with(mark) : VmPageProt.maybeMkwrite(entry, vma);
    steps.atomic(
        "set_pte_at",
        () -> {
          data.ground().holdsPrivateFilled(folio.pfn(), mm.number(), ptep.vpn());
          ptep.set(pte);
        });
  }

  @Models(file = "mm/userfaultfd.c", function = "mfill_atomic_pte_zeropage")
  private Optional<Errno> mfillAtomicPteZeropage(Mm mm, Vma vma, int vpn) {
    return steps.call(
        "mfill_atomic_pte_zeropage",
        () ->
            ifNone(mm, vpn, ptep -> ptep.set(prot.mkPte(data.folios().zeroPage(), vma)))
                ? Optional.<Errno>empty()
                : Optional.of(Errno.EEXIST));
  }

  /// Sets an entry if there is none; tells whether it did.
  private boolean ifNone(Mm mm, int vpn, Consumer<Ptep> install) {
    var table = data.pteAlloc(mm.number(), vpn).orElseThrow();
    if (!walk.lockUnderMmapLock(table, vpn)) {
      return false;
    }
    var ptep = table.pte(vpn);
    boolean none = steps.recheck("pte_none", ptep::isNone);
    if (none) {
      install.accept(ptep);
    }
    table.ptl().unlock();
    return none;
  }
}
