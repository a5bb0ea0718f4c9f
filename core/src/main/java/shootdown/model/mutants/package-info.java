/// Switches off one step of the kernel after another, to see which litmus test notices.
///
/// ```text
/// Scenario      a test on a machine: what can be run, with a mutation or without
/// Baseline      how it runs without: its behaviour, and the sites that it comes by
/// Campaign      all mutants against all scenarios: which scenario behaves otherwise first
/// CallSites     what of the kernel's code can be a site: what no scenario comes by is listed
/// MutantTable   docs/MUTANTS.md, written and read again
/// Explanations  why a mutant that survives does
/// ```
package shootdown.model.mutants;
