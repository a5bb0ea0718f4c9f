package shootdown.litmus;

/// `Fix: 5d1904204c99 ("mremap: fix race between mremap() and page cleanning")`.
///
/// @param commit 12 hexadecimal digits
/// @param title the commit's title
public record FixLine(String commit, String title, Position at) {}
