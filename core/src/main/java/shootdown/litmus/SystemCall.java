package shootdown.litmus;

import static shootdown.litmus.Parameter.Kind.*;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The functions that a litmus test can call: system calls with the parameters of their man
/// pages, what only the initial state can do, and work that only the kernel itself does.
///
/// This is a table: a new function is one entry here, and the compiler then names the places that
/// must say what it does.
public enum SystemCall {
  MMAP("mmap(addr, length, prot, flags, fd, offset)", Where.PROCESS, 6,
      ADDRESS, LENGTH, PROT, MAP_FLAGS, DESCRIPTOR, OFFSET),
  MUNMAP("munmap(addr, length)", Where.PROCESS, 2, ADDRESS, LENGTH),
  MREMAP("mremap(old_address, old_size, new_size, flags, new_address)", Where.PROCESS, 4,
      ADDRESS, LENGTH, LENGTH, MREMAP_FLAGS, ADDRESS),
  MPROTECT("mprotect(addr, length, prot)", Where.PROCESS, 3, ADDRESS, LENGTH, PROT),
  MADVISE("madvise(addr, length, advice)", Where.PROCESS, 3, ADDRESS, LENGTH, MADVISE_ADVICE),
  MSYNC("msync(addr, length, flags)", Where.PROCESS, 3, ADDRESS, LENGTH, MSYNC_FLAGS),
  MLOCK("mlock(addr, length)", Where.PROCESS, 2, ADDRESS, LENGTH),
  MUNLOCK("munlock(addr, length)", Where.PROCESS, 2, ADDRESS, LENGTH),

  POSIX_FADVISE("posix_fadvise(fd, offset, len, advice)", Where.PROCESS, 4,
      DESCRIPTOR, OFFSET, LENGTH, FADVISE_ADVICE),
  PREAD("pread(fd, buf, count, offset)", Where.PROCESS, 4,
      FILE_OR_MEMORY, BUFFER, LENGTH, OFFSET),
  PWRITE("pwrite(fd, buf, count, offset)", Where.PROCESS, 4,
      FILE_OR_MEMORY, BUFFER, LENGTH, OFFSET),
  FTRUNCATE("ftruncate(fd, length)", Where.PROCESS, 2, DESCRIPTOR, LENGTH),
  FSYNC("fsync(fd)", Where.PROCESS, 1, DESCRIPTOR),
  FDATASYNC("fdatasync(fd)", Where.PROCESS, 1, DESCRIPTOR),
  SYNC_FILE_RANGE("sync_file_range(fd, offset, nbytes, flags)", Where.PROCESS, 4,
      DESCRIPTOR, OFFSET, LENGTH, SYNC_RANGE_FLAGS),

  /// Puts the pages of one segment of memory into a pipe: no copy.
  VMSPLICE("vmsplice(fd, iov_base, iov_len, flags)", Where.PROCESS, 4,
      PIPE_END, ADDRESS, LENGTH, SPLICE_FLAGS),
  /// Takes bytes out of a pipe, or the address of a page fault out of a userfaultfd.
  READ("read(fd, buf, count)", Where.PROCESS, 3, READABLE, BUFFER, LENGTH),

  /// A userfaultfd, which has been told UFFDIO_API.
  USERFAULTFD("userfaultfd(flags)", Where.PROCESS, 1, UFFD_FLAGS),
  /// What a userfaultfd is asked for; the request says how many fields its struct has.
  IOCTL("ioctl(fd, request, field1, field2, field3, field4)", Where.PROCESS, 4,
      UFFD, UFFD_REQUEST, ADDRESS, UFFD_FIELD, UFFD_FIELD, UFFD_FIELD),

  FUTEX("futex(uaddr, op, val, timeout, uaddr2, val3)", Where.PROCESS, 2,
      ADDRESS, Parameter.Kind.FUTEX_COMMAND, NUMBER, TIMEOUT_OR_NUMBER, ADDRESS,
      NUMBER_OR_OPERATION),

  FORK("fork(thread)", Where.THREAD, 1, CHILD),
  WAIT("wait(thread)", Where.THREAD, 1, CHILD),

  /// A file of that many bytes, all 0.
  FILE("file(length)", Where.INITIAL_STATE, 1, LENGTH),
  /// As file(), but it lies in memory: memfd_create(2), ftruncate(2).
  MEMFD("memfd(length)", Where.INITIAL_STATE, 1, LENGTH),
  /// Opens a file once more, or /proc/self/mem, the memory of the process.
  OPEN("open(path, flags)", Where.INITIAL_STATE, 2, PATH, OPEN_FLAGS),
  /// A pipe; its name stands for both ends.
  PIPE("pipe()", Where.INITIAL_STATE, 0),
  /// Address space that nothing is mapped at: the address of that many bytes.
  RESERVE("reserve(length)", Where.INITIAL_STATE, 1, LENGTH),
  /// Whoever unmaps has room for that many pages, and for more only if memory can be had.
  MMU_GATHER("mmu_gather(pages)", Where.INITIAL_STATE, 1, ROOM),

  /// Writes the dirty pages of a file, as the flusher thread does.
  WRITEBACK("writeback(fd)", Where.KTHREAD, 1, DESCRIPTOR),
  /// Tries to reclaim the page that is mapped there.
  SHRINK("shrink(addr)", Where.KTHREAD, 1, ADDRESS),
  /// Tries to make a huge page of the 2 MiB there, as khugepaged does.
  COLLAPSE("collapse(addr)", Where.KTHREAD, 1, ADDRESS),
  /// Moves the page that is mapped there to another frame, as compaction does.
  MIGRATE("migrate(addr)", Where.KTHREAD, 1, ADDRESS),
  /// Makes the page there fault on its next use, as NUMA balancing does.
  NUMA_HINT("numa_hint(addr)", Where.KTHREAD, 1, ADDRESS),
  /// Merges the two pages if they are equal, as ksmd does.
  KSM_MERGE("ksm_merge(addr, addr2)", Where.KTHREAD, 2, ADDRESS, ADDRESS),
  /// Makes all entries of the process read-only, as a write of 4 to /proc/PID/clear_refs does.
  CLEAR_REFS("clear_refs()", Where.KTHREAD, 0),
  /// Takes the memory of the process away, as the OOM reaper does to a victim.
  OOM_REAP("oom_reap()", Where.KTHREAD, 0);

  /// Where a call may stand.
  public enum Where {
    INITIAL_STATE("the initial state"),
    THREAD("a thread (Pn)"),
    KTHREAD("a kthread (Kn)"),
    /// In the initial state and in threads.
    PROCESS("the initial state and threads (Pn)");

    private final String label;

    Where(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /// Whether something that is allowed at `this` may stand in `other`.
    boolean includes(Where other) {
      return this == other || this == PROCESS && other != KTHREAD;
    }
  }

  private static final Set<SystemCall> ADDRESSES = EnumSet.of(MMAP, MREMAP, RESERVE);

  private static final Map<String, SystemCall> BY_NAME = Arrays.stream(values())
      .collect(Collectors.toUnmodifiableMap(SystemCall::functionName, Function.identity()));

  private final String signature;
  private final Where where;
  private final int required;
  private final List<Parameter> parameters;

  SystemCall(String signature, Where where, int required, Parameter.Kind... kinds) {
    this.signature = signature;
    this.where = where;
    this.required = required;
    this.parameters = parameters(signature, List.of(kinds));
  }

  private static List<Parameter> parameters(String signature, List<Parameter.Kind> kinds) {
    String inner = signature.substring(signature.indexOf('(') + 1, signature.length() - 1);
    List<String> names = inner.isEmpty() ? List.of() : Arrays.asList(inner.split(", "));
    if (names.size() != kinds.size()) {
      throw new IllegalStateException(signature + " has " + kinds.size() + " kinds");
    }
    Parameter[] parameters = new Parameter[names.size()];
    Arrays.setAll(parameters, i -> new Parameter(names.get(i), kinds.get(i)));
    return List.of(parameters);
  }

  /// As a test writes it: `munmap`.
  public String functionName() {
    return signature.substring(0, signature.indexOf('('));
  }

  /// The name with its parameters: `munmap(addr, length)`.
  public String signature() {
    return signature;
  }

  /// All parameters, the optional ones last.
  public List<Parameter> parameters() {
    return parameters;
  }

  /// How many arguments a call has at least.
  public int requiredArguments() {
    return required;
  }

  /// Where it may be called.
  public Where where() {
    return where;
  }

  /// The function of that name.
  public static Optional<SystemCall> of(String functionName) {
    return Optional.ofNullable(BY_NAME.get(functionName));
  }

  /// Whether `&r1` is where a result goes, and not what is written.
  boolean fillsBuffers() {
    return this != PWRITE;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(SystemCall::functionName).toList();
  }

  /// Those whose result is an address.
  boolean returnsAddress() {
    return ADDRESSES.contains(this);
  }
}
