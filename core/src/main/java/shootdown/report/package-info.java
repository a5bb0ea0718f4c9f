/// Verdicts and counterexamples as text, as herd7's blocks, as JSON, as a page, as traces, as XML.
/// It returns what it writes; only the command line prints.
///
/// ```text
/// Format          the whole output of a check, piece by piece
///   TextFormat    a line for each run, diagrams, a last line with the numbers
///   HerdFormat    herd7's blocks
///   JsonFormat    one array
///   HtmlFormat    a page; HtmlDiagram is an execution in it
///   PerfettoFormat  traces in the Trace Event Format
///   JunitFormat   JUnit's XML
/// JsonText        what all that writes JSON has in common
/// Diagram         an execution in columns, one for each task
/// Standing        how a result compares with what its test states
/// Tally           the numbers of many results
/// Replay          the command that shows the same again
/// ```
package shootdown.report;
