/// Verdicts, histograms and counterexamples as text, JSON and HTML.
/// It returns what it writes; only the command line prints.
package shootdown.report;
