package shootdown.kernel.rmap;

/// How far a walk is that unmaps a folio: see [RmapWalk#unmap].
///
/// @param ubc the batch
/// @param ended nothing else is unmapped (`walk_abort`): the folio stays
record Walked(TlbUbc ubc, boolean ended) {}
