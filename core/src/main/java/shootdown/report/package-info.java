/// Verdicts and counterexamples as text, as herd7's blocks and as JSON.
/// It returns what it writes; only the command line prints.
///
/// ```text
/// Format          the whole output of a check, piece by piece
///   TextFormat    a line for each run, diagrams, a last line with the numbers
///   HerdFormat    herd7's blocks
///   JsonFormat    one array
/// Diagram         an execution in columns, one for each task
/// Standing        how a result compares with what its test states
/// Tally           the numbers of many results
/// Replay          the command that shows the same again
/// ```
package shootdown.report;
