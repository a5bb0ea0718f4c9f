/*
 * The reference problem in Promela: the twin of shootdown.check.examples.Remap, step for step.
 *
 * P pages of a file are mapped; W CPUs store to each of them twice, one thread moves the pages and
 * unmaps them, one cleans them and drops them. -DFIXED: the mover flushes the TLBs before it drops
 * the page-table lock, if the entry was dirty.
 *
 *   spin -a -DP=3 -DW=2 -DFIXED remap.pml
 *   gcc -O2 -DSAFETY -DMEMLIM=16000 -o pan pan.c && ./pan -m100000 -w26
 *
 * Every step is a d_step on an explicit program counter: an atomic that jumps into another one does
 * not always yield, and Spin would count other states. It counts two more, for its init process.
 * The assertions must stay: without them Spin drops variables that are only written.
 */
#ifndef P
#define P 1
#endif
#ifndef W
#define W 1
#endif

#define NONE     0    /* a page-table entry */
#define CLEAN    1
#define WRITABLE 2
#define DIRTY    3

#define NEXT_PAGE(again, after)                    \
        if :: page == P-1 -> page = 0; at = after  \
           :: else -> page = page+1; at = again fi

bit  ptl;
byte old_pte[P];
byte new_pte[P];
byte content[P];
byte disk[P];
bit  dirty[P];
bit  mapped[P];
bit  cached[P];
bit  tlb[P*W];

proctype writer(byte cpu)
{
  byte page; bit round; byte at;

end:
  do
  /* the CPU's access: through the TLB, or by a walk */
  :: d_step { at == 0 && tlb[cpu*P+page] ->
       assert(cached[page]);                      /* no stale access */
       content[page] = 2*cpu + 1 + round;
       if
       :: page < P-1 -> page = page+1
       :: page == P-1 && round == 0 -> page = 0; round = 1
       :: page == P-1 && round == 1 -> page = 0; round = 0; at = 4
       fi }
  :: d_step { at == 0 && !tlb[cpu*P+page] && old_pte[page] == NONE ->
       page = 0; round = 0; at = 4 }
  :: d_step { at == 0 && !tlb[cpu*P+page] && old_pte[page] >= WRITABLE ->
       old_pte[page] = DIRTY; tlb[cpu*P+page] = 1 }
  :: d_step { at == 0 && !tlb[cpu*P+page] && old_pte[page] == CLEAN -> at = 1 }
  /* the fault: makes the entry writable */
  :: d_step { at == 1 && !ptl -> ptl = 1; at = 2 }
  :: d_step { at == 2 ->
       if :: old_pte[page] != NONE -> old_pte[page] = DIRTY :: else fi;
       at = 3 }
  :: d_step { at == 3 -> ptl = 0; at = 0 }
  od
}

proctype remapper()
{
  byte page; byte entry; byte cpu; byte at;

end:
  do
  /* move_ptes */
  :: d_step { at == 0 && !ptl -> ptl = 1; at = 1 }
  :: d_step { at == 1 -> entry = old_pte[page]; old_pte[page] = NONE; at = 2 }
#ifdef FIXED
  :: d_step { at == 2 ->
       new_pte[page] = entry;
       if :: entry == DIRTY -> at = 3 :: else -> at = 5 fi;
       entry = 0 }
  :: d_step { at == 3 ->
       tlb[cpu*P+page] = 0;
       cpu = cpu+1;
       if :: cpu == W -> cpu = 0; at = 4 :: else fi }
  :: d_step { at == 4 -> ptl = 0; NEXT_PAGE(0, 7) }
#else
  :: d_step { at == 2 -> new_pte[page] = entry; entry = 0; at = 5 }
#endif
  :: d_step { at == 5 -> ptl = 0; at = 6 }
  :: d_step { at == 6 ->
       tlb[cpu*P+page] = 0;
       cpu = cpu+1;
       if :: cpu == W -> cpu = 0; NEXT_PAGE(0, 7) :: else fi }
  /* munmap */
  :: d_step { at == 7 && !ptl -> ptl = 1; at = 8 }
  :: d_step { at == 8 -> entry = new_pte[page]; new_pte[page] = NONE; at = 9 }
  :: d_step { at == 9 ->
       if :: entry == DIRTY -> dirty[page] = 1 :: else fi;
       entry = 0; at = 10 }
  :: d_step { at == 10 -> ptl = 0; at = 11 }
  :: d_step { at == 11 -> mapped[page] = 0; NEXT_PAGE(7, 12) }
  od
}

proctype writeback()
{
  byte page; byte cpu; bit was_dirty; byte at;

end:
  do
  /* page_mkclean */
  :: d_step { at == 0 && !ptl -> ptl = 1; at = 1 }
  :: d_step { at == 1 ->
       if
       :: old_pte[page] == DIRTY ->
            old_pte[page] = CLEAN; was_dirty = 1; at = 2
       :: old_pte[page] != DIRTY && new_pte[page] == DIRTY ->
            new_pte[page] = CLEAN; was_dirty = 1; at = 3
       :: else -> at = 3
       fi }
  :: d_step { at == 2 ->
       tlb[cpu*P+page] = 0;
       cpu = cpu+1;
       if :: cpu == W -> cpu = 0; at = 3 :: else fi }
  :: d_step { at == 3 ->
       ptl = 0;
       if :: was_dirty -> at = 4 :: else -> at = 5 fi }
  :: d_step { at == 4 -> dirty[page] = 1; was_dirty = 0; at = 5 }
  /* writepage */
  :: d_step { at == 5 ->
       if :: dirty[page] -> dirty[page] = 0; at = 6 :: else -> NEXT_PAGE(0, 7) fi }
  :: d_step { at == 6 -> disk[page] = content[page]; NEXT_PAGE(0, 7) }
  /* drops the page if it is clean */
  :: d_step { at == 7 && !mapped[page] ->
       if
       :: !dirty[page] ->
            assert(disk[page] == content[page]);  /* no lost write */
            cached[page] = 0
       :: else
       fi;
       NEXT_PAGE(7, 8) }
  od
}

init {
  byte i;
  d_step {
    i = 0;
    do
    :: i < P -> old_pte[i] = WRITABLE; mapped[i] = 1; cached[i] = 1; i = i+1
    :: else -> break
    od;
    i = 0
  }
  atomic {
    i = 0;
    do :: i < W -> run writer(i); i = i+1 :: else -> break od;
    i = 0;
    run remapper();
    run writeback()
  }
}
