package shootdown.model;

/// One way in which a test can end.
///
/// @param text the values that the condition looks at: `0:r1=1; 0:sig=0;`
/// @param satisfies whether the condition's proposition holds; false without a condition
public record Ending(String text, boolean satisfies) {}
