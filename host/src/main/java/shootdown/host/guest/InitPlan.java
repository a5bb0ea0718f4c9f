package shootdown.host.guest;

import java.util.List;
import shootdown.host.worker.WorkerProgram;

/// What the first process of a guest is to do.
///
/// @param threads how many threads the test has
/// @param plan offset of the plan of how rounds begin
/// @param ring offset of the ring in the shared memory
/// @param size of the shared memory
/// @param capacity records in the ring, a power of two
/// @param recordBytes bytes of a record
/// @param nanos after which the rounds end
/// @param patienceNanos a round of which nothing comes for so long is stuck
/// @param needsFiles whether there is a disk for the test's files
/// @param files what to send before the first round and after the last
/// @param settings of the kernel; those that it does not have are passed over
record InitPlan(
    int threads,
    int plan,
    int ring,
    int size,
    int capacity,
    int recordBytes,
    long nanos,
    long patienceNanos,
    boolean needsFiles,
    List<String> files,
    List<Setting> settings) {
  InitPlan {
    files = List.copyOf(files);
    settings = List.copyOf(settings);
  }

  /// What is written to a file.
  record Setting(String path, String text) {}

  /// Huge pages are as in the model. Linux switches them off where there is little memory.
  static final List<Setting> HUGE_PAGES =
      List.of(
          new Setting("/sys/kernel/mm/transparent_hugepage/enabled", "madvise"),
          new Setting("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "advise"));

  /// ksmd goes round all the time, and naps between two pages.
  static final List<Setting> KSMD =
      List.of(
          new Setting("/sys/kernel/mm/ksm/sleep_millisecs", "1"),
          new Setting("/sys/kernel/mm/ksm/pages_to_scan", "1000"),
          new Setting("/sys/kernel/mm/ksm/run", "1"));

  /// Where the worker finds the shared memory.
  static final String RING = "/ring";
  /// What the shared memory begins with, each time a worker starts.
  static final String CONTROL = "/control";
  static final String WORKER = "/worker";
  /// Where the test's files are.
  static final String FOLDER = "/mnt";
  static final String FILE_SYSTEM = "ext2";
  static final String DISK = "/dev/vdb";
  static final String SWAP = "/dev/vda";
  /// Where control groups are, and the worker's, whose memory alone it can ask the kernel to
  /// reclaim.
  static final String GROUPS = "/sys/fs/cgroup";
  static final String GROUP = WorkerProgram.GROUP;
  static final String PORT = "/dev/vport0p1";

  /// A page that says how rounds begin; written from outside at any time.
  String planDisk() {
    return needsFiles ? "/dev/vdc" : DISK;
  }

  /// Whether threads can be made to meet.
  boolean hasPlan() {
    return ring > plan;
  }
}
