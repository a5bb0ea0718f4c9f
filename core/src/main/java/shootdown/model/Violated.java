package shootdown.model;

/// An oracle that was violated.
///
/// @param oracle its name, one of [shootdown.litmus.Oracle]'s labels
/// @param message what went wrong, one sentence
public record Violated(String oracle, String message) {}
