package shootdown.litmus;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The constants of the language: Linux's, with their values on x86-64, and three sizes.
public final class Constants {
  /// A base page, in bytes.
  public static final long PAGE = 4096;

  /// A huge page, in bytes.
  public static final long HPAGE = 2L * 1024 * 1024;

  /// What a load, a store and a register hold, in bytes.
  public static final long WORD = 8;

  /// The name of `/proc/self/mem`, which is a path and has no other value than its name.
  static final String PROC_SELF_MEM = "PROC_SELF_MEM";

  private static final Map<String, Entry> TABLE = new LinkedHashMap<>();

  /// One constant.
  public record Entry(String name, long value, Family family) {}

  static {
    add("PAGE", PAGE, Family.SIZE);
    add("HPAGE", HPAGE, Family.SIZE);
    add("WORD", WORD, Family.SIZE);
    add("NULL", 0, Family.POINTER);
    table(Family.PROT, """
        PROT_NONE=0 PROT_READ=1 PROT_WRITE=2 PROT_EXEC=4
        """);
    table(Family.MAP, """
        MAP_SHARED=0x1 MAP_PRIVATE=0x2 MAP_SHARED_VALIDATE=0x3 MAP_FIXED=0x10 MAP_ANONYMOUS=0x20
        MAP_ANON=0x20 MAP_32BIT=0x40 MAP_GROWSDOWN=0x100 MAP_LOCKED=0x2000 MAP_NORESERVE=0x4000
        MAP_POPULATE=0x8000 MAP_NONBLOCK=0x10000 MAP_STACK=0x20000 MAP_HUGETLB=0x40000
        MAP_SYNC=0x80000 MAP_FIXED_NOREPLACE=0x100000
        """);
    table(Family.MREMAP, """
        MREMAP_MAYMOVE=1 MREMAP_FIXED=2 MREMAP_DONTUNMAP=4
        """);
    table(Family.MSYNC, """
        MS_ASYNC=1 MS_INVALIDATE=2 MS_SYNC=4
        """);
    table(Family.MADVISE, """
        MADV_NORMAL=0 MADV_RANDOM=1 MADV_SEQUENTIAL=2 MADV_WILLNEED=3 MADV_DONTNEED=4
        MADV_FREE=8 MADV_REMOVE=9 MADV_DONTFORK=10 MADV_DOFORK=11 MADV_MERGEABLE=12
        MADV_UNMERGEABLE=13 MADV_HUGEPAGE=14 MADV_NOHUGEPAGE=15 MADV_DONTDUMP=16 MADV_DODUMP=17
        MADV_WIPEONFORK=18 MADV_KEEPONFORK=19 MADV_COLD=20 MADV_PAGEOUT=21 MADV_POPULATE_READ=22
        MADV_POPULATE_WRITE=23 MADV_DONTNEED_LOCKED=24 MADV_COLLAPSE=25 MADV_HWPOISON=100
        MADV_SOFT_OFFLINE=101
        """);
    table(Family.FADVISE, """
        POSIX_FADV_NORMAL=0 POSIX_FADV_RANDOM=1 POSIX_FADV_SEQUENTIAL=2 POSIX_FADV_WILLNEED=3
        POSIX_FADV_DONTNEED=4 POSIX_FADV_NOREUSE=5
        """);
    table(Family.FUTEX_COMMAND, """
        FUTEX_WAIT=0 FUTEX_WAKE=1 FUTEX_REQUEUE=3 FUTEX_CMP_REQUEUE=4 FUTEX_WAKE_OP=5
        FUTEX_LOCK_PI=6 FUTEX_UNLOCK_PI=7 FUTEX_TRYLOCK_PI=8 FUTEX_WAIT_BITSET=9
        FUTEX_WAKE_BITSET=10 FUTEX_WAIT_REQUEUE_PI=11 FUTEX_CMP_REQUEUE_PI=12 FUTEX_LOCK_PI2=13
        FUTEX_WAIT_PRIVATE=128 FUTEX_WAKE_PRIVATE=129 FUTEX_REQUEUE_PRIVATE=131
        FUTEX_CMP_REQUEUE_PRIVATE=132 FUTEX_WAKE_OP_PRIVATE=133 FUTEX_LOCK_PI_PRIVATE=134
        FUTEX_UNLOCK_PI_PRIVATE=135 FUTEX_TRYLOCK_PI_PRIVATE=136 FUTEX_WAIT_BITSET_PRIVATE=137
        FUTEX_WAKE_BITSET_PRIVATE=138 FUTEX_WAIT_REQUEUE_PI_PRIVATE=139
        FUTEX_CMP_REQUEUE_PI_PRIVATE=140 FUTEX_LOCK_PI2_PRIVATE=141 FUTEX_PRIVATE_FLAG=128
        FUTEX_CLOCK_REALTIME=256
        """);
    table(Family.FUTEX_BITS, """
        FUTEX_WAITERS=0x80000000 FUTEX_OWNER_DIED=0x40000000 FUTEX_TID_MASK=0x3fffffff
        FUTEX_BITSET_MATCH_ANY=0xffffffff
        """);
    table(Family.FUTEX_WAKE_OP, """
        FUTEX_OP_SET=0 FUTEX_OP_ADD=1 FUTEX_OP_OR=2 FUTEX_OP_ANDN=3 FUTEX_OP_XOR=4
        FUTEX_OP_OPARG_SHIFT=8
        """);
    table(Family.FUTEX_WAKE_CMP, """
        FUTEX_OP_CMP_EQ=0 FUTEX_OP_CMP_NE=1 FUTEX_OP_CMP_LT=2 FUTEX_OP_CMP_LE=3
        FUTEX_OP_CMP_GT=4 FUTEX_OP_CMP_GE=5
        """);
    table(Family.SYNC_RANGE, """
        SYNC_FILE_RANGE_WAIT_BEFORE=1 SYNC_FILE_RANGE_WRITE=2 SYNC_FILE_RANGE_WAIT_AFTER=4
        """);
    add(PROC_SELF_MEM, -1, Family.PATH);
    table(Family.OPEN, """
        O_RDWR=2 O_DIRECT=0x4000
        """);
    table(Family.SPLICE, """
        SPLICE_F_MOVE=1 SPLICE_F_NONBLOCK=2 SPLICE_F_MORE=4 SPLICE_F_GIFT=8
        """);
    table(Family.UFFD, """
        UFFD_USER_MODE_ONLY=1
        """);
    table(Family.UFFD_REQUEST, """
        UFFDIO_REGISTER=0xc020aa00 UFFDIO_UNREGISTER=0x8010aa01 UFFDIO_WAKE=0x8010aa02
        UFFDIO_COPY=0xc028aa03 UFFDIO_ZEROPAGE=0xc020aa04 UFFDIO_WRITEPROTECT=0xc018aa06
        """);
    table(Family.UFFD_MODE, """
        UFFDIO_REGISTER_MODE_MISSING=1 UFFDIO_REGISTER_MODE_WP=2 UFFDIO_COPY_MODE_DONTWAKE=1
        UFFDIO_COPY_MODE_WP=2 UFFDIO_ZEROPAGE_MODE_DONTWAKE=1 UFFDIO_WRITEPROTECT_MODE_WP=1
        UFFDIO_WRITEPROTECT_MODE_DONTWAKE=2
        """);
    table(Family.ERRNO, """
        EPERM=1 ENOENT=2 ESRCH=3 EINTR=4 EIO=5 ENXIO=6 E2BIG=7 ENOEXEC=8 EBADF=9 ECHILD=10
        EAGAIN=11 ENOMEM=12 EACCES=13 EFAULT=14 ENOTBLK=15 EBUSY=16 EEXIST=17 EXDEV=18 ENODEV=19
        ENOTDIR=20 EISDIR=21 EINVAL=22 ENFILE=23 EMFILE=24 ENOTTY=25 ETXTBSY=26 EFBIG=27
        ENOSPC=28 ESPIPE=29 EROFS=30 EMLINK=31 EPIPE=32 EDOM=33 ERANGE=34 EDEADLK=35
        ENAMETOOLONG=36 ENOLCK=37 ENOSYS=38 ENOTEMPTY=39 ELOOP=40 ENOMSG=42 EIDRM=43 ECHRNG=44
        EL2NSYNC=45 EL3HLT=46 EL3RST=47 ELNRNG=48 EUNATCH=49 ENOCSI=50 EL2HLT=51 EBADE=52
        EBADR=53 EXFULL=54 ENOANO=55 EBADRQC=56 EBADSLT=57 EBFONT=59 ENOSTR=60 ENODATA=61
        ETIME=62 ENOSR=63 ENONET=64 ENOPKG=65 EREMOTE=66 ENOLINK=67 EADV=68 ESRMNT=69 ECOMM=70
        EPROTO=71 EMULTIHOP=72 EDOTDOT=73 EBADMSG=74 EOVERFLOW=75 ENOTUNIQ=76 EBADFD=77
        EREMCHG=78 ELIBACC=79 ELIBBAD=80 ELIBSCN=81 ELIBMAX=82 ELIBEXEC=83 EILSEQ=84 ERESTART=85
        ESTRPIPE=86 EUSERS=87 ENOTSOCK=88 EDESTADDRREQ=89 EMSGSIZE=90 EPROTOTYPE=91
        ENOPROTOOPT=92 EPROTONOSUPPORT=93 ESOCKTNOSUPPORT=94 EOPNOTSUPP=95 EPFNOSUPPORT=96
        EAFNOSUPPORT=97 EADDRINUSE=98 EADDRNOTAVAIL=99 ENETDOWN=100 ENETUNREACH=101
        ENETRESET=102 ECONNABORTED=103 ECONNRESET=104 ENOBUFS=105 EISCONN=106 ENOTCONN=107
        ESHUTDOWN=108 ETOOMANYREFS=109 ETIMEDOUT=110 ECONNREFUSED=111 EHOSTDOWN=112
        EHOSTUNREACH=113 EALREADY=114 EINPROGRESS=115 ESTALE=116 EUCLEAN=117 ENOTNAM=118
        ENAVAIL=119 EISNAM=120 EREMOTEIO=121 EDQUOT=122 ENOMEDIUM=123 EMEDIUMTYPE=124
        ECANCELED=125 ENOKEY=126 EKEYEXPIRED=127 EKEYREVOKED=128 EKEYREJECTED=129 EOWNERDEAD=130
        ENOTRECOVERABLE=131 ERFKILL=132 EWOULDBLOCK=11 EDEADLOCK=35 ENOTSUP=95
        """);
    table(Family.SIGNAL, """
        SIGKILL=9 SIGBUS=7 SIGSEGV=11
        """);
  }

  private Constants() {}

  /// The constant of that name.
  public static Optional<Entry> of(String name) {
    return Optional.ofNullable(TABLE.get(name));
  }

  /// All constants, family by family.
  public static Collection<Entry> all() {
    return Collections.unmodifiableCollection(TABLE.values());
  }

  /// The name of an error number such as 14 (EFAULT), if Linux has it.
  public static Optional<String> errno(long number) {
    return TABLE.values().stream()
        .filter(e -> e.family() == Family.ERRNO && e.value() == number)
        .map(Entry::name)
        .findFirst();
  }

  static Collection<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  private static void table(Family family, String rows) {
    for (String row : rows.strip().split("\\s+")) {
      int equals = row.indexOf('=');
      add(row.substring(0, equals), Long.decode(row.substring(equals + 1)), family);
    }
  }

  private static void add(String name, long value, Family family) {
    if (TABLE.put(name, new Entry(name, value, family)) != null) {
      throw new IllegalStateException(name + " stands twice in the table");
    }
  }
}
