/// How kernel code reaches user memory: pinning pages (`get_user_pages()`), faulting them in by
/// hand (`fixup_user_fault()`), and reading and writing user words with page faults on or off.
///
/// ```text
///                      calls handle_mm_fault() ...      what it leaves in the PTE
/// get_user_pages()     if the PTE is absent, or          nothing: dirty and young go to the
///                      read-only for a write             folio only (FOLL_TOUCH)
/// fixup_user_fault()   always                            what a fault of the user would leave
/// get_user()           if the access faults              likewise
/// get_user(), page     never: -EFAULT                    nothing
///   faults disabled
/// ```
package shootdown.kernel.gup;
