/// What the kernel keeps in memory: address spaces, VMAs, page tables' locks, folios, files. Data
/// only; it knows none of the operations on it.
package shootdown.kernel.data;
