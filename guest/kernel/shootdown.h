/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * What Shootdown's edits call. Nothing here is from Linux.
 *
 * A fix is taken out by a parameter, and a window is held open by another, so that one image is the
 * kernel with the fix and the kernel without it, under the same delay.
 */
#ifndef SHOOTDOWN_H
#define SHOOTDOWN_H

#include <linux/pgtable.h>
#include <linux/types.h>

/* Places in which the kernel can be made to wait. */
enum shootdown_place {
	SHOOTDOWN_MREMAP,	/* where a late flush of mremap() stands */
	SHOOTDOWN_MOVE,		/* mremap() has a huge page's entry in hand, and its locks */
	SHOOTDOWN_MIGRATE,	/* a page is unmapped, and not yet copied */
	SHOOTDOWN_PLACES
};

/* Waits for as long as the place's parameter says, and counts how often and how long. */
void shootdown_window(enum shootdown_place place);

/* May the flush for an entry that mremap() moved wait until the locks are dropped? */
bool shootdown_mremap_is_late(bool dirty_before, bool dirty_after);

/* Is a futex word's page made writable as it was before 2011? */
bool shootdown_futex_is_old(void);

/* As it was before 2011: 0 or an error number below 0. */
int shootdown_futex_fault_in(u32 __user *address);

/* Does MADV_FREE pass KSM pages by? */
bool shootdown_spares_ksm(void);

/* Does a walk of what maps a huge page pass an empty PMD entry without its lock? */
bool shootdown_walk_is_old(void);

/*
 * Dirty bits by page fault: an entry that may be written and is clean is kept read-only for the
 * hardware, with a bit that only software knows. These stand for itself, pte_write() and pte_mkdirty().
 */
pte_t shootdown_clean(pte_t entry);
bool shootdown_may_write(pte_t entry);
pte_t shootdown_make_dirty(pte_t entry);

#endif
