package shootdown.check;

/// A run that shows a violation or an outcome; the second runner has executed it.
///
/// @param schedule the run; for a livelock, how to get to its cycle
/// @param cycle what can go on for ever then; empty except for a livelock
/// @param trace what happens, the cycle included, once
/// @param minimal whether no run shows it with fewer switches between tasks, nor with as many and
///     fewer operations, those not counted at the ends of steps that nobody else sees (without
///     reductions there are none); false where there are too many states to tell. Of a livelock:
///     none gets to where its tasks can go round with fewer
public record Counterexample(Schedule schedule, Schedule cycle, Trace trace, boolean minimal) {}
