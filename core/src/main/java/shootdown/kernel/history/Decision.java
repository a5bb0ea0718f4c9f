package shootdown.kernel.history;

/// A choice that Linux made differently at different times. The interface that extends this stands
/// beside the algorithm that asks it; today's choice is the algorithm's main text.
public interface Decision {}
