/// History as data: releases of Linux, the fixes between them, and the decision that each changed.
///
/// ```text
/// Decision   an interface beside the algorithm that asks it, e.g. when does move_ptes() flush
/// Fix        a commit: which decision it changed, to what, and the first release that has it
/// History    one decision: what it was at first, and the fixes in order
/// OwnFix     a decision of the user's own, in a file that a spec names
/// Release    vX.Y or vX.Y-rcN; KernelSpec adds and takes away fixes by commit
/// Decisions  what the kernel of one spec decides: what kernel code asks
/// ```
package shootdown.kernel.history;
