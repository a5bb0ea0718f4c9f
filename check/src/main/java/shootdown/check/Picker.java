package shootdown.check;

/// Decides who steps next in a run.
interface Picker {
  /// A run begins.
  void begin();

  /// One of the tasks that can go on.
  ///
  /// @param enabled tasks that can, as a set of bits; not empty
  int task(long enabled);

  /// The task that stepped last came back to a state of the run.
  void back(int task);

  /// A run ended after so many steps.
  void ended(int steps);
}
