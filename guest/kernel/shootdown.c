// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/*
 * Shootdown's parameters: `shootdown.NAME=VALUE` on the kernel's command line, and files in
 * /sys/module/shootdown/parameters. Nothing here is from Linux.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/shootdown.h>
#include <linux/spinlock.h>

/*
 * When mremap() flushes an entry that it moved:
 *   0  before it drops the page-table locks, always (eb66ae030829; the code of today)
 *   1  when all is moved, the locks dropped (before 5d1904204c99)
 *   2  as 0 if the entry was dirty before it was removed, else as 1 (5d1904204c99)
 *   3  as 0 if the entry was dirty after it was removed, else as 1 (a2ce2666aa87)
 */
static unsigned int mremap_flush;
module_param(mremap_flush, uint, 0444);

/* Not 0: get_user_pages() makes a futex word's page writable (before 2efaca927f5c). */
static unsigned int futex_gup;
module_param(futex_gup, uint, 0444);

/* Not 0: a huge page's entry that is nowhere just then is not waited for (before 732ed55823fc). */
static unsigned int pmd_walk;
module_param(pmd_walk, uint, 0444);

/* Not 0: MADV_FREE passes KSM pages by, which Linux does not. */
static unsigned int ksm_spared;
module_param(ksm_spared, uint, 0444);

/* Not 0: dirty bits are set by page faults. From boot on. */
static unsigned int software_dirty;
module_param(software_dirty, uint, 0444);

/*
 * A window: for how many milliseconds it is held open, whatever the other parameters say, how often
 * it was gone through, and for how many microseconds in all.
 */
#define WINDOW(name)                          \
	static unsigned int name##_wait;          \
	module_param(name##_wait, uint, 0644);    \
	static unsigned long name##_windows;      \
	module_param(name##_windows, ulong, 0444); \
	static unsigned long name##_micros;       \
	module_param(name##_micros, ulong, 0444)

WINDOW(mremap);
WINDOW(move);
WINDOW(migrate);

static DEFINE_SPINLOCK(counters);

static const struct {
	unsigned int *wait;
	unsigned long *windows;
	unsigned long *micros;
	bool is_locked; /* by a spin lock: there is no sleeping */
} places[SHOOTDOWN_PLACES] = {
	[SHOOTDOWN_MREMAP] = { &mremap_wait, &mremap_windows, &mremap_micros, false },
	[SHOOTDOWN_MOVE] = { &move_wait, &move_windows, &move_micros, true },
	[SHOOTDOWN_MIGRATE] = { &migrate_wait, &migrate_windows, &migrate_micros, false },
};

void shootdown_window(enum shootdown_place place)
{
	unsigned int wait = *places[place].wait;
	ktime_t start = ktime_get();

	/* by the clock: an emulated CPU may run loops that are to last for some time much slower */
	while (places[place].is_locked && ktime_ms_delta(ktime_get(), start) < wait)
		cpu_relax();
	if (wait && !places[place].is_locked)
		msleep(wait);
	spin_lock(&counters);
	++*places[place].windows;
	*places[place].micros += ktime_us_delta(ktime_get(), start);
	spin_unlock(&counters);
}

bool shootdown_mremap_is_late(bool dirty_before, bool dirty_after)
{
	switch (mremap_flush) {
	case 1:
		return true;
	case 2:
		return !dirty_before;
	case 3:
		return !dirty_after;
	default:
		return false;
	}
}

bool shootdown_futex_is_old(void)
{
	return futex_gup != 0;
}

int shootdown_futex_fault_in(u32 __user *address)
{
	long pages;

	mmap_read_lock(current->mm);
	pages = get_user_pages((unsigned long)address, 1, FOLL_WRITE, NULL, NULL);
	mmap_read_unlock(current->mm);
	return pages < 0 ? pages : 0;
}

bool shootdown_spares_ksm(void)
{
	return ksm_spared != 0;
}

bool shootdown_walk_is_old(void)
{
	return pmd_walk != 0;
}

/* A bit that the hardware ignores, and Linux uses for CONFIG_MEM_SOFT_DIRTY only, which is off. */
#define SOFT_WRITE _PAGE_SOFTW3

pte_t shootdown_clean(pte_t entry)
{
	if (software_dirty && pte_present(entry) && pte_write(entry) && !pte_dirty(entry))
		entry = pte_set_flags(pte_clear_flags(entry, _PAGE_RW), SOFT_WRITE);
	return entry;
}

bool shootdown_may_write(pte_t entry)
{
	return pte_write(entry) || (pte_flags(entry) & SOFT_WRITE);
}

pte_t shootdown_make_dirty(pte_t entry)
{
	if (pte_flags(entry) & SOFT_WRITE)
		entry = pte_set_flags(pte_clear_flags(entry, SOFT_WRITE), _PAGE_RW);
	return pte_mkdirty(entry);
}
