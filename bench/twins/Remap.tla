------------------------------- MODULE Remap -------------------------------
(* The reference problem in PlusCal: the twin of shootdown.check.examples.Remap, step for step; one
   label is one step. P pages of a file are mapped; W CPUs store to each of them twice, one thread
   moves the pages and unmaps them, one cleans them and drops them. FIXED: the mover flushes the TLBs
   before it drops the page-table lock, if the entry was dirty.

     java -cp tla2tools.jar tlc2.TLC -deadlock -config Remap.cfg Remap.tla

   Change the algorithm and translate it again with pcal.trans; do not edit the translation.        *)
EXTENDS Naturals, TLC
CONSTANTS P, W, FIXED

Pages == 0 .. P-1
Cpus == 0 .. W-1

(* entries of a page table *)
None == 0
Clean == 1
Writable == 2
Dirty == 3

(* --algorithm Remap {
variables
  ptl = FALSE,
  oldPte = [q \in Pages |-> Writable],
  newPte = [q \in Pages |-> None],
  content = [q \in Pages |-> 0],
  disk = [q \in Pages |-> 0],
  dirty = [q \in Pages |-> FALSE],
  mapped = [q \in Pages |-> TRUE],
  cached = [q \in Pages |-> TRUE],
  tlb = [c \in Cpus \X Pages |-> FALSE];

process (writer \in Cpus)
  variables page = 0, round = 0;
{
access:
  if (tlb[<<self, page>>]) {
    assert cached[page];
    content[page] := 2 * self + 1 + round;
    if (page < P-1) { page := page + 1; goto access }
    else if (round = 0) { page := 0; round := 1; goto access }
    else { page := 0; round := 0; goto written }
  } else if (oldPte[page] = None) { page := 0; round := 0; goto written }
  else if (oldPte[page] >= Writable) {
    oldPte[page] := Dirty;
    tlb[<<self, page>>] := TRUE;
    goto access
  };
fault:
  await ~ptl;
  ptl := TRUE;
mkwrite:
  if (oldPte[page] # None) { oldPte[page] := Dirty };
faulted:
  ptl := FALSE;
  goto access;
written:
  await FALSE;
}

process (remapper = W)
  variables from = 0, entry = None, flushed = 0;
{
move:
  await ~ptl;
  ptl := TRUE;
take:
  entry := oldPte[from];
  oldPte[from] := None;
put:
  newPte[from] := entry;
  if (FIXED /\ entry = Dirty) { entry := None; goto early } else { entry := None; goto drop };
early:
  tlb[<<flushed, from>>] := FALSE;
  if (flushed + 1 < W) { flushed := flushed + 1; goto early } else { flushed := 0 };
moved:
  ptl := FALSE;
  if (from + 1 < P) { from := from + 1; goto move } else { from := 0; goto unmap };
drop:
  ptl := FALSE;
late:
  tlb[<<flushed, from>>] := FALSE;
  if (flushed + 1 < W) { flushed := flushed + 1; goto late }
  else {
    flushed := 0;
    if (from + 1 < P) { from := from + 1; goto move } else { from := 0 }
  };
unmap:
  await ~ptl;
  ptl := TRUE;
zap:
  entry := newPte[from];
  newPte[from] := None;
setdirty:
  if (entry = Dirty) { dirty[from] := TRUE };
  entry := None;
zapped:
  ptl := FALSE;
rmap:
  mapped[from] := FALSE;
  if (from + 1 < P) { from := from + 1; goto unmap } else { from := 0 };
unmapped:
  await FALSE;
}

process (writeback = W + 1)
  variables at = 0, cpu = 0, wasDirty = FALSE;
{
clean:
  await ~ptl;
  ptl := TRUE;
mkclean:
  if (oldPte[at] = Dirty) { oldPte[at] := Clean; wasDirty := TRUE }
  else if (newPte[at] = Dirty) { newPte[at] := Clean; wasDirty := TRUE; goto cleaned }
  else goto cleaned;
flush:
  tlb[<<cpu, at>>] := FALSE;
  if (cpu + 1 < W) { cpu := cpu + 1; goto flush } else { cpu := 0 };
cleaned:
  ptl := FALSE;
  if (~wasDirty) goto test;
redirty:
  dirty[at] := TRUE;
  wasDirty := FALSE;
test:
  if (dirty[at]) { dirty[at] := FALSE }
  else if (at + 1 < P) { at := at + 1; goto clean }
  else { at := 0; goto dropPage };
write:
  disk[at] := content[at];
  if (at + 1 < P) { at := at + 1; goto clean } else { at := 0 };
dropPage:
  await ~mapped[at];
  if (~dirty[at]) {
    assert disk[at] = content[at];
    cached[at] := FALSE
  };
  if (at + 1 < P) { at := at + 1; goto dropPage } else { at := 0 };
dropped:
  await FALSE;
}
} *)
\* BEGIN TRANSLATION (chksum(pcal) = "446e4cd8" /\ chksum(tla) = "a181959b")
VARIABLES ptl, oldPte, newPte, content, disk, dirty, mapped, cached, tlb, pc, 
          page, round, from, entry, flushed, at, cpu, wasDirty

vars == << ptl, oldPte, newPte, content, disk, dirty, mapped, cached, tlb, pc, 
           page, round, from, entry, flushed, at, cpu, wasDirty >>

ProcSet == (Cpus) \cup {W} \cup {W + 1}

Init == (* Global variables *)
        /\ ptl = FALSE
        /\ oldPte = [q \in Pages |-> Writable]
        /\ newPte = [q \in Pages |-> None]
        /\ content = [q \in Pages |-> 0]
        /\ disk = [q \in Pages |-> 0]
        /\ dirty = [q \in Pages |-> FALSE]
        /\ mapped = [q \in Pages |-> TRUE]
        /\ cached = [q \in Pages |-> TRUE]
        /\ tlb = [c \in Cpus \X Pages |-> FALSE]
        (* Process writer *)
        /\ page = [self \in Cpus |-> 0]
        /\ round = [self \in Cpus |-> 0]
        (* Process remapper *)
        /\ from = 0
        /\ entry = None
        /\ flushed = 0
        (* Process writeback *)
        /\ at = 0
        /\ cpu = 0
        /\ wasDirty = FALSE
        /\ pc = [self \in ProcSet |-> CASE self \in Cpus -> "access"
                                        [] self = W -> "move"
                                        [] self = W + 1 -> "clean"]

access(self) == /\ pc[self] = "access"
                /\ IF tlb[<<self, page[self]>>]
                      THEN /\ Assert(cached[page[self]], 
                                     "Failure of assertion at line 39, column 5.")
                           /\ content' = [content EXCEPT ![page[self]] = 2 * self + 1 + round[self]]
                           /\ IF page[self] < P-1
                                 THEN /\ page' = [page EXCEPT ![self] = page[self] + 1]
                                      /\ pc' = [pc EXCEPT ![self] = "access"]
                                      /\ round' = round
                                 ELSE /\ IF round[self] = 0
                                            THEN /\ page' = [page EXCEPT ![self] = 0]
                                                 /\ round' = [round EXCEPT ![self] = 1]
                                                 /\ pc' = [pc EXCEPT ![self] = "access"]
                                            ELSE /\ page' = [page EXCEPT ![self] = 0]
                                                 /\ round' = [round EXCEPT ![self] = 0]
                                                 /\ pc' = [pc EXCEPT ![self] = "written"]
                           /\ UNCHANGED << oldPte, tlb >>
                      ELSE /\ IF oldPte[page[self]] = None
                                 THEN /\ page' = [page EXCEPT ![self] = 0]
                                      /\ round' = [round EXCEPT ![self] = 0]
                                      /\ pc' = [pc EXCEPT ![self] = "written"]
                                      /\ UNCHANGED << oldPte, tlb >>
                                 ELSE /\ IF oldPte[page[self]] >= Writable
                                            THEN /\ oldPte' = [oldPte EXCEPT ![page[self]] = Dirty]
                                                 /\ tlb' = [tlb EXCEPT ![<<self, page[self]>>] = TRUE]
                                                 /\ pc' = [pc EXCEPT ![self] = "access"]
                                            ELSE /\ pc' = [pc EXCEPT ![self] = "fault"]
                                                 /\ UNCHANGED << oldPte, tlb >>
                                      /\ UNCHANGED << page, round >>
                           /\ UNCHANGED content
                /\ UNCHANGED << ptl, newPte, disk, dirty, mapped, cached, from, 
                                entry, flushed, at, cpu, wasDirty >>

fault(self) == /\ pc[self] = "fault"
               /\ ~ptl
               /\ ptl' = TRUE
               /\ pc' = [pc EXCEPT ![self] = "mkwrite"]
               /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, 
                               cached, tlb, page, round, from, entry, flushed, 
                               at, cpu, wasDirty >>

mkwrite(self) == /\ pc[self] = "mkwrite"
                 /\ IF oldPte[page[self]] # None
                       THEN /\ oldPte' = [oldPte EXCEPT ![page[self]] = Dirty]
                       ELSE /\ TRUE
                            /\ UNCHANGED oldPte
                 /\ pc' = [pc EXCEPT ![self] = "faulted"]
                 /\ UNCHANGED << ptl, newPte, content, disk, dirty, mapped, 
                                 cached, tlb, page, round, from, entry, 
                                 flushed, at, cpu, wasDirty >>

faulted(self) == /\ pc[self] = "faulted"
                 /\ ptl' = FALSE
                 /\ pc' = [pc EXCEPT ![self] = "access"]
                 /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, 
                                 cached, tlb, page, round, from, entry, 
                                 flushed, at, cpu, wasDirty >>

written(self) == /\ pc[self] = "written"
                 /\ FALSE
                 /\ pc' = [pc EXCEPT ![self] = "Done"]
                 /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, 
                                 mapped, cached, tlb, page, round, from, entry, 
                                 flushed, at, cpu, wasDirty >>

writer(self) == access(self) \/ fault(self) \/ mkwrite(self)
                   \/ faulted(self) \/ written(self)

move == /\ pc[W] = "move"
        /\ ~ptl
        /\ ptl' = TRUE
        /\ pc' = [pc EXCEPT ![W] = "take"]
        /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, cached, 
                        tlb, page, round, from, entry, flushed, at, cpu, 
                        wasDirty >>

take == /\ pc[W] = "take"
        /\ entry' = oldPte[from]
        /\ oldPte' = [oldPte EXCEPT ![from] = None]
        /\ pc' = [pc EXCEPT ![W] = "put"]
        /\ UNCHANGED << ptl, newPte, content, disk, dirty, mapped, cached, tlb, 
                        page, round, from, flushed, at, cpu, wasDirty >>

put == /\ pc[W] = "put"
       /\ newPte' = [newPte EXCEPT ![from] = entry]
       /\ IF FIXED /\ entry = Dirty
             THEN /\ entry' = None
                  /\ pc' = [pc EXCEPT ![W] = "early"]
             ELSE /\ entry' = None
                  /\ pc' = [pc EXCEPT ![W] = "drop"]
       /\ UNCHANGED << ptl, oldPte, content, disk, dirty, mapped, cached, tlb, 
                       page, round, from, flushed, at, cpu, wasDirty >>

early == /\ pc[W] = "early"
         /\ tlb' = [tlb EXCEPT ![<<flushed, from>>] = FALSE]
         /\ IF flushed + 1 < W
               THEN /\ flushed' = flushed + 1
                    /\ pc' = [pc EXCEPT ![W] = "early"]
               ELSE /\ flushed' = 0
                    /\ pc' = [pc EXCEPT ![W] = "moved"]
         /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, mapped, 
                         cached, page, round, from, entry, at, cpu, wasDirty >>

moved == /\ pc[W] = "moved"
         /\ ptl' = FALSE
         /\ IF from + 1 < P
               THEN /\ from' = from + 1
                    /\ pc' = [pc EXCEPT ![W] = "move"]
               ELSE /\ from' = 0
                    /\ pc' = [pc EXCEPT ![W] = "unmap"]
         /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, cached, 
                         tlb, page, round, entry, flushed, at, cpu, wasDirty >>

drop == /\ pc[W] = "drop"
        /\ ptl' = FALSE
        /\ pc' = [pc EXCEPT ![W] = "late"]
        /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, cached, 
                        tlb, page, round, from, entry, flushed, at, cpu, 
                        wasDirty >>

late == /\ pc[W] = "late"
        /\ tlb' = [tlb EXCEPT ![<<flushed, from>>] = FALSE]
        /\ IF flushed + 1 < W
              THEN /\ flushed' = flushed + 1
                   /\ pc' = [pc EXCEPT ![W] = "late"]
                   /\ from' = from
              ELSE /\ flushed' = 0
                   /\ IF from + 1 < P
                         THEN /\ from' = from + 1
                              /\ pc' = [pc EXCEPT ![W] = "move"]
                         ELSE /\ from' = 0
                              /\ pc' = [pc EXCEPT ![W] = "unmap"]
        /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, mapped, 
                        cached, page, round, entry, at, cpu, wasDirty >>

unmap == /\ pc[W] = "unmap"
         /\ ~ptl
         /\ ptl' = TRUE
         /\ pc' = [pc EXCEPT ![W] = "zap"]
         /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, cached, 
                         tlb, page, round, from, entry, flushed, at, cpu, 
                         wasDirty >>

zap == /\ pc[W] = "zap"
       /\ entry' = newPte[from]
       /\ newPte' = [newPte EXCEPT ![from] = None]
       /\ pc' = [pc EXCEPT ![W] = "setdirty"]
       /\ UNCHANGED << ptl, oldPte, content, disk, dirty, mapped, cached, tlb, 
                       page, round, from, flushed, at, cpu, wasDirty >>

setdirty == /\ pc[W] = "setdirty"
            /\ IF entry = Dirty
                  THEN /\ dirty' = [dirty EXCEPT ![from] = TRUE]
                  ELSE /\ TRUE
                       /\ dirty' = dirty
            /\ entry' = None
            /\ pc' = [pc EXCEPT ![W] = "zapped"]
            /\ UNCHANGED << ptl, oldPte, newPte, content, disk, mapped, cached, 
                            tlb, page, round, from, flushed, at, cpu, wasDirty >>

zapped == /\ pc[W] = "zapped"
          /\ ptl' = FALSE
          /\ pc' = [pc EXCEPT ![W] = "rmap"]
          /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, cached, 
                          tlb, page, round, from, entry, flushed, at, cpu, 
                          wasDirty >>

rmap == /\ pc[W] = "rmap"
        /\ mapped' = [mapped EXCEPT ![from] = FALSE]
        /\ IF from + 1 < P
              THEN /\ from' = from + 1
                   /\ pc' = [pc EXCEPT ![W] = "unmap"]
              ELSE /\ from' = 0
                   /\ pc' = [pc EXCEPT ![W] = "unmapped"]
        /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, cached, tlb, 
                        page, round, entry, flushed, at, cpu, wasDirty >>

unmapped == /\ pc[W] = "unmapped"
            /\ FALSE
            /\ pc' = [pc EXCEPT ![W] = "Done"]
            /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, mapped, 
                            cached, tlb, page, round, from, entry, flushed, at, 
                            cpu, wasDirty >>

remapper == move \/ take \/ put \/ early \/ moved \/ drop \/ late \/ unmap
               \/ zap \/ setdirty \/ zapped \/ rmap \/ unmapped

clean == /\ pc[W + 1] = "clean"
         /\ ~ptl
         /\ ptl' = TRUE
         /\ pc' = [pc EXCEPT ![W + 1] = "mkclean"]
         /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, cached, 
                         tlb, page, round, from, entry, flushed, at, cpu, 
                         wasDirty >>

mkclean == /\ pc[W + 1] = "mkclean"
           /\ IF oldPte[at] = Dirty
                 THEN /\ oldPte' = [oldPte EXCEPT ![at] = Clean]
                      /\ wasDirty' = TRUE
                      /\ pc' = [pc EXCEPT ![W + 1] = "flush"]
                      /\ UNCHANGED newPte
                 ELSE /\ IF newPte[at] = Dirty
                            THEN /\ newPte' = [newPte EXCEPT ![at] = Clean]
                                 /\ wasDirty' = TRUE
                                 /\ pc' = [pc EXCEPT ![W + 1] = "cleaned"]
                            ELSE /\ pc' = [pc EXCEPT ![W + 1] = "cleaned"]
                                 /\ UNCHANGED << newPte, wasDirty >>
                      /\ UNCHANGED oldPte
           /\ UNCHANGED << ptl, content, disk, dirty, mapped, cached, tlb, 
                           page, round, from, entry, flushed, at, cpu >>

flush == /\ pc[W + 1] = "flush"
         /\ tlb' = [tlb EXCEPT ![<<cpu, at>>] = FALSE]
         /\ IF cpu + 1 < W
               THEN /\ cpu' = cpu + 1
                    /\ pc' = [pc EXCEPT ![W + 1] = "flush"]
               ELSE /\ cpu' = 0
                    /\ pc' = [pc EXCEPT ![W + 1] = "cleaned"]
         /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, mapped, 
                         cached, page, round, from, entry, flushed, at, 
                         wasDirty >>

cleaned == /\ pc[W + 1] = "cleaned"
           /\ ptl' = FALSE
           /\ IF ~wasDirty
                 THEN /\ pc' = [pc EXCEPT ![W + 1] = "test"]
                 ELSE /\ pc' = [pc EXCEPT ![W + 1] = "redirty"]
           /\ UNCHANGED << oldPte, newPte, content, disk, dirty, mapped, 
                           cached, tlb, page, round, from, entry, flushed, at, 
                           cpu, wasDirty >>

redirty == /\ pc[W + 1] = "redirty"
           /\ dirty' = [dirty EXCEPT ![at] = TRUE]
           /\ wasDirty' = FALSE
           /\ pc' = [pc EXCEPT ![W + 1] = "test"]
           /\ UNCHANGED << ptl, oldPte, newPte, content, disk, mapped, cached, 
                           tlb, page, round, from, entry, flushed, at, cpu >>

test == /\ pc[W + 1] = "test"
        /\ IF dirty[at]
              THEN /\ dirty' = [dirty EXCEPT ![at] = FALSE]
                   /\ pc' = [pc EXCEPT ![W + 1] = "write"]
                   /\ at' = at
              ELSE /\ IF at + 1 < P
                         THEN /\ at' = at + 1
                              /\ pc' = [pc EXCEPT ![W + 1] = "clean"]
                         ELSE /\ at' = 0
                              /\ pc' = [pc EXCEPT ![W + 1] = "dropPage"]
                   /\ dirty' = dirty
        /\ UNCHANGED << ptl, oldPte, newPte, content, disk, mapped, cached, 
                        tlb, page, round, from, entry, flushed, cpu, wasDirty >>

write == /\ pc[W + 1] = "write"
         /\ disk' = [disk EXCEPT ![at] = content[at]]
         /\ IF at + 1 < P
               THEN /\ at' = at + 1
                    /\ pc' = [pc EXCEPT ![W + 1] = "clean"]
               ELSE /\ at' = 0
                    /\ pc' = [pc EXCEPT ![W + 1] = "dropPage"]
         /\ UNCHANGED << ptl, oldPte, newPte, content, dirty, mapped, cached, 
                         tlb, page, round, from, entry, flushed, cpu, wasDirty >>

dropPage == /\ pc[W + 1] = "dropPage"
            /\ ~mapped[at]
            /\ IF ~dirty[at]
                  THEN /\ Assert(disk[at] = content[at], 
                                 "Failure of assertion at line 136, column 5.")
                       /\ cached' = [cached EXCEPT ![at] = FALSE]
                  ELSE /\ TRUE
                       /\ UNCHANGED cached
            /\ IF at + 1 < P
                  THEN /\ at' = at + 1
                       /\ pc' = [pc EXCEPT ![W + 1] = "dropPage"]
                  ELSE /\ at' = 0
                       /\ pc' = [pc EXCEPT ![W + 1] = "dropped"]
            /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, mapped, 
                            tlb, page, round, from, entry, flushed, cpu, 
                            wasDirty >>

dropped == /\ pc[W + 1] = "dropped"
           /\ FALSE
           /\ pc' = [pc EXCEPT ![W + 1] = "Done"]
           /\ UNCHANGED << ptl, oldPte, newPte, content, disk, dirty, mapped, 
                           cached, tlb, page, round, from, entry, flushed, at, 
                           cpu, wasDirty >>

writeback == clean \/ mkclean \/ flush \/ cleaned \/ redirty \/ test
                \/ write \/ dropPage \/ dropped

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == /\ \A self \in ProcSet: pc[self] = "Done"
               /\ UNCHANGED vars

Next == remapper \/ writeback
           \/ (\E self \in Cpus: writer(self))
           \/ Terminating

Spec == Init /\ [][Next]_vars

Termination == <>(\A self \in ProcSet: pc[self] = "Done")

\* END TRANSLATION 
=============================================================================
