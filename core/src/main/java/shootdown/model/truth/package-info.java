/// The model's own ground truth, and the oracles that hold what happens against it.
///
/// Words of the explored state that neither kernel nor machine reads or writes: which store was
/// last to which *location*, which location each virtual page stands for, and which locations each
/// frame holds. A location is a page of a file, or a private page of an address space.
///
/// ```text
/// Places     virtual page -> location, rights, and what a system call in flight is doing to it
/// Holders    frame -> the locations that it holds, and whether it is free
/// Contents   location -> the value that was stored last to each of its words
/// Truth      the three together: hears of accesses (Witness) and intentions (Ground)
/// Durability what must hold when fsync() returns
/// AtRest     what must hold when all threads have ended
/// ```
package shootdown.model.truth;
