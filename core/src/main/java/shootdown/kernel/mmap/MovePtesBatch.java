package shootdown.kernel.mmap;

import shootdown.kernel.history.Decision;
import shootdown.kernel.history.Fix;
import shootdown.kernel.history.History;
import shootdown.machine.MachineProfile;

/// Whether `move_ptes()` of mm/mremap.c moves several entries at once that map pages of one folio,
/// one after the other, and gives all of them the rights of the first.
///
/// ```text
/// release    | entries of a batch differ at most in
/// -----------+------------------------------------------------------------
/// v6.16      | no batches
/// v6.17-rc1  | dirty, young and writable: all become what the first is
/// v6.17-rc2  | likewise; batches are where pte_batch_hint() says so: arm64
/// v6.18-rc6  | dirty and young
/// ```
///
/// Batches whose entries agree in what may be written are not modelled: that all become dirty and
/// young if one was takes nothing away. On arm64 a batch begins where 16 pages are folded
/// (contpte); here any page of a large folio is taken for one of them.
public interface MovePtesBatch extends Decision {
  /// Whether entries of one batch get the rights of the first.
  boolean ignoresWritable(MachineProfile machine);

  MovePtesBatch NONE = _ -> false;

  /// f822a9a81a31
  MovePtesBatch IGNORES_WRITABLE = _ -> true;

  /// 0b5be138ce00
  MovePtesBatch WHERE_HINTED = machine -> machine.isOf("arm64");

  /// 04d1c9d60c6e
  MovePtesBatch RESPECTS_WRITABLE = _ -> false;

  /// The decision in time.
  History<MovePtesBatch> HISTORY =
      History.of(MovePtesBatch.class, NONE)
          .then(
              Fix.merged(
                  "f822a9a81a31",
                  "mm: optimize mremap() by PTE batching",
                  "v6.17-rc1",
                  IGNORES_WRITABLE))
          .then(
              Fix.merged(
                  "0b5be138ce00",
                  "mm/mremap: avoid expensive folio lookup on mremap folio pte batch",
                  "v6.17-rc2",
                  WHERE_HINTED))
          .then(
              Fix.merged(
                  "04d1c9d60c6e",
                  "mm/mremap: honour writable bit in mremap pte batching",
                  "v6.18-rc6",
                  RESPECTS_WRITABLE));
}
