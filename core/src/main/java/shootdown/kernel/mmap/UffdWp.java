package shootdown.kernel.mmap;

/// What UFFDIO_WRITEPROTECT is asked for.
enum UffdWp {
  /// UFFDIO_WRITEPROTECT_MODE_WP: the next store waits for the handler
  PROTECT,
  /// stores need not wait any more
  RESOLVE
}
