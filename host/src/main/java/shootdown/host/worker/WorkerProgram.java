package shootdown.host.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import shootdown.litmus.LitmusTest;

/// A worker, ready to be run.
///
/// @param file the executable
/// @param slots what lies where in the shared memory
/// @param steps what the worker does that may fail, in words; numbered as [Control#DETAIL] does
/// @param descriptors through which its files can be looked at, by their names
public record WorkerProgram(
    byte[] file, Slots slots, List<String> steps, Map<String, Integer> descriptors) {
  /// A control group of its own that a worker may be in; it can ask for its memory to be reclaimed
  /// then.
  public static final String GROUP = KernelWork.GROUP;

  /// Translates a test.
  ///
  /// @param shared the file that holds the shared memory
  /// @param files a folder in which the worker makes the test's files, and takes their names away
  /// @param cpus how many CPUs there are for the threads
  /// @throws Unrunnable if the test needs what user space cannot do
  public static WorkerProgram of(LitmusTest test, Path shared, Path files, int cpus) {
    ThreadNumbers.mustNotBeReckonedWith(test);
    return new WorkerCode(test, shared, files, cpus, Points.NONE).translate();
  }

  /// As [#of], with all that lets threads meet; a [Plan] says which.
  public static WorkerProgram withMeetings(
      LitmusTest test, Path shared, Path files, int cpus) {
    ThreadNumbers.mustNotBeReckonedWith(test);
    return new WorkerCode(test, shared, files, cpus, Points.of(test)).translate();
  }
}
