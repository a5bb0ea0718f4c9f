/// What of Linux is modelled, what is left out, and which tests run it: `docs/COVERAGE.md`.
///
/// ```text
/// Modelled       a function of Linux and the method that models it, from @Models
/// LeftOut        functions that are not modelled, and why: docs/left-out.txt
/// TestCoverage   which methods a test runs
/// CoverageTable  the page, written and compared
/// ```
package shootdown.model.coverage;
