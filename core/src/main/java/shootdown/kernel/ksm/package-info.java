/// KSM: ksmd looks for anonymous pages with the same contents and maps one read-only in place of
/// all.
///
/// ```text
/// x's page, anonymous        y's page, anonymous
///   its entry made read-only and clean, flushed; pinned? then no
///   it becomes the KSM page
///                              its entry made read-only and clean, flushed; pinned? then no
///                              compared with the KSM page, which nobody can write to any more
///                              still the same entry? the KSM page takes its place, flushed
///   into the stable tree, with both places
/// ```
///
/// A store copies a KSM page, so that what was merged comes apart by itself.
///
/// ```text
/// lock              | what it does here
/// ------------------+------------------------------------------------------------------------
/// ksm_thread_mutex  | ksmd is one: its trees
/// mmap_lock, read   | the VMA allows it, and stays
/// folio lock        | of the page that is merged: nobody else changes what it belongs to; of the
///                   | KSM page: its places in the stable tree
/// PTL               | the entry
/// ```
package shootdown.kernel.ksm;
