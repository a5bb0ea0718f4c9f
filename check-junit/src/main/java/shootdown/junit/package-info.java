/// Model checks as JUnit 5 tests.
///
/// ```java
/// @ModelCheck(outcomes = "x=2")
/// void incrementsAreNotLost(Program program) {
///   var x = program.word("x", 0);
///   for (var name : List.of("A", "B")) {
///     program.task(name, Task.Kind.NORMAL, () -> x.add(1));
///   }
///   program.outcome(view -> "x=" + view.get(x));
/// }
/// ```
///
/// [ModelCheck] is for programs that the test method lays out; [Expectation] for those that another
/// method builds. Either fails with the shortest run that shows what is wrong, and its schedule.
package shootdown.junit;
