/// The checker: follows every interleaving of a program's tasks and every choice, and says what can
/// happen. Knows no memory manager, and needs nothing but the JDK.
///
/// ```java
/// var result = Check.run(Counter::counter, Options.DEFAULT);
/// for (var finding : result.violations()) {
///   print(TraceText.of(finding.counterexample()));
/// }
/// if (result.isComplete() && result.violations().isEmpty()) {
///   print("no run of this program goes wrong; its outcomes are " + result.outcomes().keySet());
/// }
/// ```
///
/// [Check#run] searches, [CheckResult] says what was found and whether all was searched, and
/// [Finding#counterexample] gives the shortest run, which a second and much simpler runner with
/// real threads has executed, too. [TraceText] writes it down; [Check#replay] runs a [Schedule]
/// again. What a program is, says [shootdown.sched].
package shootdown.check;
