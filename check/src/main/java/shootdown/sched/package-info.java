/// What a step is: shared words, locks, choices, and the tasks that use them.
/// Imports nothing else of Shootdown, so any concurrent algorithm can be written with it.
package shootdown.sched;
