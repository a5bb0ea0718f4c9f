package shootdown.kernel.mmap;

/// Constants of the system calls, with their values on x86-64.
public final class MmanConstants {
  public static final long PROT_READ = 1;
  public static final long PROT_WRITE = 2;
  public static final long PROT_EXEC = 4;
  public static final long PROT_SEM = 8;

  public static final long MAP_SHARED = 0x1;
  public static final long MAP_PRIVATE = 0x2;
  public static final long MAP_SHARED_VALIDATE = 0x3;
  public static final long MAP_TYPE = 0xf;
  public static final long MAP_FIXED = 0x10;
  public static final long MAP_ANONYMOUS = 0x20;
  public static final long MAP_GROWSDOWN = 0x100;
  public static final long MAP_LOCKED = 0x2000;
  public static final long MAP_HUGETLB = 0x40000;
  public static final long MAP_POPULATE = 0x8000;
  public static final long MAP_FIXED_NOREPLACE = 0x100000;

  public static final long MREMAP_MAYMOVE = 1;
  public static final long MREMAP_FIXED = 2;
  public static final long MREMAP_DONTUNMAP = 4;

  public static final long MADV_NORMAL = 0;
  public static final long MADV_RANDOM = 1;
  public static final long MADV_SEQUENTIAL = 2;
  public static final long MADV_WILLNEED = 3;
  public static final long MADV_DONTNEED = 4;
  public static final long MADV_FREE = 8;
  public static final long MADV_REMOVE = 9;
  public static final long MADV_DONTFORK = 10;
  public static final long MADV_DOFORK = 11;
  public static final long MADV_MERGEABLE = 12;
  public static final long MADV_UNMERGEABLE = 13;
  public static final long MADV_HUGEPAGE = 14;
  public static final long MADV_NOHUGEPAGE = 15;
  public static final long MADV_WIPEONFORK = 18;
  public static final long MADV_KEEPONFORK = 19;
  public static final long MADV_COLD = 20;
  public static final long MADV_PAGEOUT = 21;
  public static final long MADV_POPULATE_READ = 22;
  public static final long MADV_POPULATE_WRITE = 23;
  public static final long MADV_DONTNEED_LOCKED = 24;
  public static final long MADV_COLLAPSE = 25;

  public static final long MS_ASYNC = 1;
  public static final long MS_INVALIDATE = 2;
  public static final long MS_SYNC = 4;

  private MmanConstants() {}
}
