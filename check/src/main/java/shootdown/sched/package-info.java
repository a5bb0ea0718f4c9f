/// What a step is: shared words, locks, choices, and the tasks that use them.
///
/// An algorithm is plain Java whose tasks share nothing but [Word]s and [Lock]s. All of it, with a
/// mistake:
///
/// ```java
/// static Program counter() {
///   var program = new Program();
///   var x = program.word("x", 0);
///   for (var name : List.of("A", "B")) {
///     program.task(name, Task.Kind.NORMAL, () -> x.write(x.read() + 1));
///   }
///   program.outcome(view -> "x=" + view.get(x));
///   return program;
/// }
/// // Check.run(Counter::counter, Options.DEFAULT).outcomes().keySet() is [x=1, x=2]
/// ```
///
/// A task must be deterministic in what its words, locks and choices tell it: no other shared
/// state, no clock, no random number. [Steps] has what else a task can do: scopes and loops that
/// forget what was read, atomic blocks, choices, and reports of what is wrong.
///
/// Imports nothing else of Shootdown, so any concurrent algorithm can be written with it.
package shootdown.sched;
