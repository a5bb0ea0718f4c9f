package shootdown.kernel.khugepaged;

/// Who asks for a collapse: `collapse_control.is_khugepaged`.
enum Initiator {
  /// khugepaged, which weighs whether it is worth it
  KHUGEPAGED,
  /// madvise(MADV_COLLAPSE), which does not
  MADVISE
}
