/*
 * The nine steps of litmus/seeds/mremap+mkclean.litmus, written by hand: what a kernel developer
 * would run. Two threads on two CPUs meet at a barrier, start with a random skew, and the first one
 * counts what it read at the end.
 *
 *   nine FOLDER SECONDS [MET [QUIET]]
 *
 * In MET of 100 rounds the mover begins when the other thread has stored for the second time, so
 * that all nine steps are done; in QUIET of 100 that thread waits, before it drops the page, until
 * the file is quiet. Prints rounds, rounds a second, how many ended at step 5, how often the write
 * was lost, and how often the page was gone before it was read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <linux/futex.h>
#include <x86intrin.h>

#define PAGE 4096L
#define SPINS 4096
#define PATIENCE 8192 /* twice as long as a round, as the worker waits */

static volatile long *x, *y;
static int file;
static atomic_int arrived, generation, sleepers;
static volatile int stop;
static volatile uint64_t start, window;
static sigjmp_buf fault;
static char zeros[PAGE];
static long rounds, lost, faults, got, gone, met_of_100, quiet_of_100;
static volatile int stored, meets, is_quiet;
static cpu_set_t allowed;

static void on_signal(int signal) { siglongjmp(fault, signal); }

static void wait_for_all(void)
{
	int now = atomic_load(&generation);

	if (atomic_fetch_add(&arrived, 1) == 1) {
		atomic_store(&arrived, 0);
		start = __rdtsc() + 400;
		atomic_store(&generation, now + 1);
		if (atomic_load(&sleepers))
			syscall(SYS_futex, &generation, FUTEX_WAKE_PRIVATE, 2, 0, 0, 0);
		return;
	}
	for (int i = 0; i < SPINS; i++) {
		if (atomic_load(&generation) != now)
			return;
		_mm_pause();
	}
	while (atomic_load(&generation) == now) {
		atomic_fetch_add(&sleepers, 1);
		syscall(SYS_futex, &generation, FUTEX_WAIT_PRIVATE, now, 0, 0, 0);
		atomic_fetch_sub(&sleepers, 1);
	}
}

static void start_late(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	uint64_t at = start + *random % (window + 1);
	while ((int64_t)(__rdtsc() - at) < 0)
		_mm_pause();
}

/* To one of the CPUs that main() found: a thread that asked now would hear of its parent's one. */
static void pin(int number)
{
	cpu_set_t one;
	int left = number % CPU_COUNT(&allowed);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && left-- == 0) {
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			if (sched_setaffinity(0, sizeof one, &one) != 0)
				abort();
			return;
		}
}

static void *mover(void *unused)
{
	uint64_t random = 12345;

	(void)unused;
	pin(1);
	for (;;) {
		wait_for_all();
		if (stop)
			return NULL;
		if (meets)
			for (int i = 0; !stored && i < PATIENCE; i++)
				_mm_pause();
		else
			start_late(&random);
		mremap((void *)x, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)y);
		wait_for_all();
	}
}

static void drop(void)
{
	if (is_quiet)
		sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE);
	posix_fadvise(file, 0, PAGE, POSIX_FADV_DONTNEED);
}

/* As the worker does: first what is in the page cache. */
static void read_word(void)
{
	struct iovec word = {&got, 8};

	if (preadv2(file, &word, 1, 0, RWF_NOWAIT) >= 0)
		return;
	gone += errno == EAGAIN;
	pread(file, &got, 8, 0);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
	char path[4096];
	uint64_t random = 54321;
	pthread_t other;
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_NODEFER};

	if (count < 3)
		return 2;
	met_of_100 = count > 3 ? atol(arguments[3]) : 0;
	quiet_of_100 = count > 4 ? atol(arguments[4]) : 0;
	snprintf(path, sizeof path, "%s/nine.XXXXXX", arguments[1]);
	file = mkstemp(path);
	unlink(path);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	char *space = mmap((void *)(1L << 32), 16 * PAGE, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	munmap(space, 16 * PAGE);
	x = (long *)(space + PAGE);
	y = (long *)(space + 2 * PAGE);
	sched_getaffinity(0, sizeof allowed, &allowed);
	pin(0);
	pthread_create(&other, NULL, mover, NULL);
	double begin = now(), end = begin + atof(arguments[2]);
	for (;;) {
		stop = now() >= end;
		if (!stop) {
			pwrite(file, zeros, PAGE, 0);
			mmap((void *)x, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
			stored = 0;
			meets = (long)(random % 100) < met_of_100;
			is_quiet = (long)(random / 100 % 100) < quiet_of_100;
		}
		wait_for_all();
		if (stop)
			break;
		start_late(&random);
		uint64_t from = __rdtsc();
		got = 0;
		if (sigsetjmp(fault, 0) == 0) {
			*x = 1;
			drop();
			*x = 2;
			stored = 1;
			munmap((void *)y, PAGE);
			drop();
			read_word();
			lost += got == 1;
		} else {
			stored = 1;
			faults++;
		}
		uint64_t took = __rdtsc() - from;
		window = took < window ? window - window / 32 - 1 : window + window / 32 + 1;
		wait_for_all();
		munmap(space, 16 * PAGE);
		rounds++;
	}
	double took = now() - begin;
	printf("%ld rounds, %.0f a second, %ld faults, %ld lost, %ld gone\n", rounds, rounds / took,
	       faults, lost, gone);
	return 0;
}
