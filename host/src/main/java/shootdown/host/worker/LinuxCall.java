package shootdown.host.worker;

/// Numbers of system calls on x86-64. Source: arch/x86/entry/syscalls/syscall_64.tbl.
public enum LinuxCall {
  READ(0),
  WRITE(1),
  OPEN(2),
  CLOSE(3),
  MMAP(9),
  MPROTECT(10),
  MUNMAP(11),
  RT_SIGACTION(13),
  RT_SIGRETURN(15),
  IOCTL(16),
  PREAD64(17),
  PWRITE64(18),
  SCHED_YIELD(24),
  MREMAP(25),
  MSYNC(26),
  MINCORE(27),
  MADVISE(28),
  DUP2(33),
  NANOSLEEP(35),
  ALARM(37),
  CLONE(56),
  EXECVE(59),
  EXIT(60),
  WAIT4(61),
  KILL(62),
  FSYNC(74),
  FDATASYNC(75),
  FTRUNCATE(77),
  MKDIR(83),
  UNLINK(87),
  GETPPID(110),
  CAPSET(126),
  MLOCK(149),
  MUNLOCK(150),
  PRCTL(157),
  SETRLIMIT(160),
  MOUNT(165),
  SWAPON(167),
  REBOOT(169),
  GETTID(186),
  FUTEX(202),
  SCHED_SETAFFINITY(203),
  FADVISE64(221),
  CLOCK_GETTIME(228),
  EXIT_GROUP(231),
  MBIND(237),
  SYNC_FILE_RANGE(277),
  VMSPLICE(278),
  MOVE_PAGES(279),
  PIPE2(293),
  MEMFD_CREATE(319),
  USERFAULTFD(323),
  PREADV2(327);

  private final int number;

  LinuxCall(int number) {
    this.number = number;
  }

  /// What goes into RAX.
  public int number() {
    return number;
  }
}
