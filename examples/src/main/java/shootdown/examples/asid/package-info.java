/// The ASID allocator of arm64 ([AsidAllocator]: arch/arm64/mm/context.c) with the hardware that it
/// serves ([Tlbs]), checked for what its TLA+ specification checks (asidalloc.tla in Catalin
/// Marinas' kernel-tla): steps, configuration and invariants are the specification's, the code is
/// not.
///
/// An ASID is the number by which a TLB entry names its address space. There are fewer numbers than
/// address spaces: when all are given away, a new generation begins. Numbers that a CPU uses at
/// that moment stay with their address spaces, and each CPU flushes its TLB before it uses a new
/// one.
///
/// ```text
/// mm->context.id = generation << 4 | ASID      0: none yet; ASID 0 is nobody's
///
/// cpu_asid_lock    asid_map, cur_idx, reserved_asids, tlb_flush_pending; writes to the others
/// no lock          reads of asid_generation and mm->context.id; cmpxchg of the CPU's active_asids
/// ```
///
/// `docs/asid-allocator.md` has the counts of states and compares them with the specification's.
package shootdown.examples.asid;
