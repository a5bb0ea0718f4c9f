package shootdown.kernel;

import java.util.List;
import shootdown.kernel.fault.AccessFlags;
import shootdown.kernel.fault.CopyFlush;
import shootdown.kernel.fault.CopyRmap;
import shootdown.kernel.fault.CowFlush;
import shootdown.kernel.fault.CowReuse;
import shootdown.kernel.fault.HugeDirty;
import shootdown.kernel.fault.HugeZeroPage;
import shootdown.kernel.fault.HugeZeroWrite;
import shootdown.kernel.fault.NumaRebuild;
import shootdown.kernel.fault.ProtNoneFault;
import shootdown.kernel.fault.ReapedFault;
import shootdown.kernel.fault.SharedDirty;
import shootdown.kernel.fault.ShmemHuge;
import shootdown.kernel.fault.SwapinCheck;
import shootdown.kernel.fault.WriteOnly;
import shootdown.kernel.fault.ZeroPage;
import shootdown.kernel.filemap.AppendZero;
import shootdown.kernel.filemap.FaultIntoHole;
import shootdown.kernel.filemap.FaultLock;
import shootdown.kernel.filemap.HoleRescan;
import shootdown.kernel.filemap.HoleUnmap;
import shootdown.kernel.filemap.InvalidateCount;
import shootdown.kernel.filemap.PunchHole;
import shootdown.kernel.filemap.ReadSize;
import shootdown.kernel.filemap.ShmemSkipSwapcache;
import shootdown.kernel.filemap.ShmemSwapAlloc;
import shootdown.kernel.filemap.ShmemSwapinCheck;
import shootdown.kernel.filemap.UndoRange;
import shootdown.kernel.filemap.WriteFaultIn;
import shootdown.kernel.filemap.WriteLocked;
import shootdown.kernel.filemap.WritebackWait;
import shootdown.kernel.futex.FutexFaultIn;
import shootdown.kernel.futex.FutexKeyBarrier;
import shootdown.kernel.futex.FutexKeyPin;
import shootdown.kernel.futex.FutexPgoff;
import shootdown.kernel.futex.HbWaiters;
import shootdown.kernel.futex.PiStateCheck;
import shootdown.kernel.futex.RequeueCounts;
import shootdown.kernel.futex.UnlockOwnerDied;
import shootdown.kernel.futex.UnlockRace;
import shootdown.kernel.futex.WakeOpArguments;
import shootdown.kernel.gup.FixupRights;
import shootdown.kernel.gup.ForcedWrite;
import shootdown.kernel.gup.ReadBreaksCow;
import shootdown.kernel.gup.RecheckFolio;
import shootdown.kernel.gup.RecheckPmd;
import shootdown.kernel.gup.TouchPmd;
import shootdown.kernel.gup.WriteProtectSeq;
import shootdown.kernel.history.History;
import shootdown.kernel.khugepaged.CollapseEnd;
import shootdown.kernel.khugepaged.CollapseHoles;
import shootdown.kernel.khugepaged.CollapsePages;
import shootdown.kernel.khugepaged.CollapseShmem;
import shootdown.kernel.khugepaged.CollapseSync;
import shootdown.kernel.khugepaged.CollapseVmaLock;
import shootdown.kernel.khugepaged.RetractAnonVma;
import shootdown.kernel.ksm.DeferredWrprotect;
import shootdown.kernel.ksm.KsmDirty;
import shootdown.kernel.migrate.MigrateBatch;
import shootdown.kernel.migrate.MoveHugePage;
import shootdown.kernel.migrate.MoveHugeShmem;
import shootdown.kernel.migrate.ThpMigration;
import shootdown.kernel.mmap.ChangeHugePmd;
import shootdown.kernel.mmap.ClearRefsFlush;
import shootdown.kernel.mmap.ClearSoftDirty;
import shootdown.kernel.mmap.ClearSoftDirtyPmd;
import shootdown.kernel.mmap.ColdSplit;
import shootdown.kernel.mmap.DontUnmap;
import shootdown.kernel.mmap.FixedNoreplace;
import shootdown.kernel.mmap.ForkCopy;
import shootdown.kernel.mmap.ForkPinned;
import shootdown.kernel.mmap.ForkUffdWp;
import shootdown.kernel.mmap.FreeHugePmd;
import shootdown.kernel.mmap.KnownAdvice;
import shootdown.kernel.mmap.MadviseVmaLock;
import shootdown.kernel.mmap.MergeFlags;
import shootdown.kernel.mmap.MoveHugeLocks;
import shootdown.kernel.mmap.MoveHugeWhole;
import shootdown.kernel.mmap.MoveNormalPmd;
import shootdown.kernel.mmap.MovePtesBatch;
import shootdown.kernel.mmap.MovePtesFlush;
import shootdown.kernel.mmap.MoveRmapLocks;
import shootdown.kernel.mmap.MprotectFlush;
import shootdown.kernel.mmap.MprotectLocked;
import shootdown.kernel.mmap.MprotectNext;
import shootdown.kernel.mmap.MremapInside;
import shootdown.kernel.mmap.MremapNewAddress;
import shootdown.kernel.mmap.MremapSeveral;
import shootdown.kernel.mmap.MremapUffdWp;
import shootdown.kernel.mmap.MsyncRange;
import shootdown.kernel.mmap.NumaUpdate;
import shootdown.kernel.mmap.PopulateErrno;
import shootdown.kernel.mmap.PopulateGap;
import shootdown.kernel.mmap.RemoveAccess;
import shootdown.kernel.mmap.RemoveLock;
import shootdown.kernel.mmap.UnregisterWp;
import shootdown.kernel.mmap.WillneedHuge;
import shootdown.kernel.mmap.WillneedSwap;
import shootdown.kernel.pgtable.AgingFlush;
import shootdown.kernel.pgtable.FlushBatchedPending;
import shootdown.kernel.pgtable.FlushLevel;
import shootdown.kernel.pgtable.GatherFree;
import shootdown.kernel.pgtable.GatherRange;
import shootdown.kernel.pgtable.InaccessibleFlush;
import shootdown.kernel.pgtable.NestedGather;
import shootdown.kernel.pgtable.OldFlush;
import shootdown.kernel.pgtable.OomReap;
import shootdown.kernel.pgtable.PmdBad;
import shootdown.kernel.pgtable.PmdpInvalidate;
import shootdown.kernel.pgtable.PtReclaim;
import shootdown.kernel.pgtable.RemoveTable;
import shootdown.kernel.pgtable.RetractLocks;
import shootdown.kernel.pgtable.SplitFileDirty;
import shootdown.kernel.pgtable.SplitMigrationPmd;
import shootdown.kernel.pgtable.SplitMigrationShmem;
import shootdown.kernel.pgtable.SplitPmdLock;
import shootdown.kernel.pgtable.WalkCacheFlush;
import shootdown.kernel.pgtable.ZapFlush;
import shootdown.kernel.pgtable.ZapSingleFolio;
import shootdown.kernel.pgtable.ZapSwapEntries;
import shootdown.kernel.pins.DirectIoPins;
import shootdown.kernel.pins.MemForce;
import shootdown.kernel.reclaim.AddToSwapDirty;
import shootdown.kernel.rmap.KsmMigrationPte;
import shootdown.kernel.rmap.LazyfreeBatch;
import shootdown.kernel.rmap.LazyfreePinned;
import shootdown.kernel.rmap.MigrationPeek;
import shootdown.kernel.rmap.SetPmdMigration;
import shootdown.kernel.rmap.SplitMigratingOther;
import shootdown.kernel.rmap.UnmapBatching;
import shootdown.kernel.rmap.UnmapSync;
import shootdown.kernel.rmap.WalkPastNoTable;
import shootdown.kernel.rmap.WalkPmd;
import shootdown.kernel.swap.FreeSwapCache;
import shootdown.kernel.swap.MigrationBits;
import shootdown.kernel.swap.SkipSwapcache;
import shootdown.kernel.swap.SwpExclusive;
import shootdown.kernel.swap.UffdWpEntries;
import shootdown.kernel.uffd.MustWait;
import shootdown.kernel.uffd.RefileSeq;
import shootdown.kernel.vmalock.ForkVmaLocks;
import shootdown.kernel.vmalock.PerVmaLock;
import shootdown.kernel.vmalock.VmaLockFaults;
import shootdown.kernel.vmalock.WalkVmaLocks;

/// All decisions that Linux made differently at different times, room by room.
public final class Timeline {
  private static final List<History<?>> ALL =
      List.of(
          ZeroPage.HISTORY,
          HugeZeroPage.HISTORY,
          HugeZeroWrite.HISTORY,
          CowReuse.HISTORY,
          CopyRmap.HISTORY,
          CowFlush.HISTORY,
          SharedDirty.HISTORY,
          AccessFlags.HISTORY,
          CopyFlush.HISTORY,
          SwapinCheck.HISTORY,
          ShmemHuge.HISTORY,
          ReapedFault.HISTORY,
          WriteOnly.HISTORY,
          HugeDirty.HISTORY,
          PmdBad.HISTORY,
          PerVmaLock.HISTORY,
          VmaLockFaults.HISTORY,
          ForkVmaLocks.HISTORY,
          WalkVmaLocks.HISTORY,
          MadviseVmaLock.HISTORY,
          CollapseVmaLock.HISTORY,
          ZapFlush.HISTORY,
          ZapSwapEntries.HISTORY,
          NestedGather.HISTORY,
          GatherRange.HISTORY,
          GatherFree.HISTORY,
          RemoveTable.HISTORY,
          RetractLocks.HISTORY,
          PtReclaim.HISTORY,
          RetractAnonVma.HISTORY,
          WalkCacheFlush.HISTORY,
          FlushLevel.HISTORY,
          PmdpInvalidate.HISTORY,
          SplitPmdLock.HISTORY,
          SplitFileDirty.HISTORY,
          SplitMigrationPmd.HISTORY,
          SplitMigrationShmem.HISTORY,
          ZapSingleFolio.HISTORY,
          RemoveAccess.HISTORY,
          RemoveLock.HISTORY,
          UnmapSync.HISTORY,
          LazyfreePinned.HISTORY,
          LazyfreeBatch.HISTORY,
          KsmMigrationPte.HISTORY,
          MigrationPeek.HISTORY,
          WalkPmd.HISTORY,
          WalkPastNoTable.HISTORY,
          SetPmdMigration.HISTORY,
          SplitMigratingOther.HISTORY,
          MprotectFlush.HISTORY,
          MprotectLocked.HISTORY,
          OomReap.HISTORY,
          ClearRefsFlush.HISTORY,
          ClearSoftDirty.HISTORY,
          ClearSoftDirtyPmd.HISTORY,
          FlushBatchedPending.HISTORY,
          InaccessibleFlush.HISTORY,
          AgingFlush.HISTORY,
          OldFlush.HISTORY,
          UnmapBatching.HISTORY,
          MigrationBits.HISTORY,
          MigrateBatch.HISTORY,
          MoveHugePage.HISTORY,
          MoveHugeShmem.HISTORY,
          ThpMigration.HISTORY,
          SkipSwapcache.HISTORY,
          SwpExclusive.HISTORY,
          UffdWpEntries.HISTORY,
          FreeSwapCache.HISTORY,
          AddToSwapDirty.HISTORY,
          CollapsePages.HISTORY,
          CollapseShmem.HISTORY,
          CollapseSync.HISTORY,
          CollapseHoles.HISTORY,
          CollapseEnd.HISTORY,
          DeferredWrprotect.HISTORY,
          KsmDirty.HISTORY,
          ChangeHugePmd.HISTORY,
          NumaUpdate.HISTORY,
          MergeFlags.HISTORY,
          MprotectNext.HISTORY,
          PopulateErrno.HISTORY,
          PopulateGap.HISTORY,
          FreeHugePmd.HISTORY,
          ColdSplit.HISTORY,
          KnownAdvice.HISTORY,
          MsyncRange.HISTORY,
          WillneedSwap.HISTORY,
          WillneedHuge.HISTORY,
          MovePtesFlush.HISTORY,
          MovePtesBatch.HISTORY,
          MoveRmapLocks.HISTORY,
          MremapSeveral.HISTORY,
          MremapInside.HISTORY,
          MremapUffdWp.HISTORY,
          MremapNewAddress.HISTORY,
          DontUnmap.HISTORY,
          FixedNoreplace.HISTORY,
          UnregisterWp.HISTORY,
          MoveNormalPmd.HISTORY,
          MoveHugeLocks.HISTORY,
          MoveHugeWhole.HISTORY,
          ForkCopy.HISTORY,
          ForkPinned.HISTORY,
          ForkUffdWp.HISTORY,
          ProtNoneFault.HISTORY,
          NumaRebuild.HISTORY,
          RecheckFolio.HISTORY,
          FixupRights.HISTORY,
          ForcedWrite.HISTORY,
          TouchPmd.HISTORY,
          MemForce.HISTORY,
          ReadBreaksCow.HISTORY,
          WriteProtectSeq.HISTORY,
          RecheckPmd.HISTORY,
          DirectIoPins.HISTORY,
          AppendZero.HISTORY,
          FaultIntoHole.HISTORY,
          HoleRescan.HISTORY,
          HoleUnmap.HISTORY,
          PunchHole.HISTORY,
          UndoRange.HISTORY,
          InvalidateCount.HISTORY,
          ReadSize.HISTORY,
          ShmemSwapAlloc.HISTORY,
          ShmemSwapinCheck.HISTORY,
          ShmemSkipSwapcache.HISTORY,
          WritebackWait.HISTORY,
          WriteLocked.HISTORY,
          WriteFaultIn.HISTORY,
          FaultLock.HISTORY,
          HbWaiters.HISTORY,
          RefileSeq.HISTORY,
          MustWait.HISTORY,
          FutexKeyBarrier.HISTORY,
          FutexFaultIn.HISTORY,
          RequeueCounts.HISTORY,
          UnlockOwnerDied.HISTORY,
          PiStateCheck.HISTORY,
          UnlockRace.HISTORY,
          WakeOpArguments.HISTORY,
          FutexPgoff.HISTORY,
          FutexKeyPin.HISTORY);

  private Timeline() {}

  public static List<History<?>> all() {
    return ALL;
  }
}
