/// The hardware: CPUs, TLBs, page-table memory, interrupts, and what an architecture promises.
/// The kernel touches all of it through this package, and no kernel class reads a TLB entry.
package shootdown.machine;
