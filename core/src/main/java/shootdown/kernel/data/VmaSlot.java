package shootdown.kernel.data;

/// A VMA of an address space: its place there, and its value when it was looked up.
///
/// @param slot its place in [Mm]
/// @param vma its value
public record VmaSlot(int slot, Vma vma) {}
