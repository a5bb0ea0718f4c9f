package shootdown.kernel.filemap;

import shootdown.kernel.data.Current;
import shootdown.kernel.data.Errno;
import shootdown.kernel.data.FileData;
import shootdown.kernel.data.KernelData;
import shootdown.kernel.data.Models;
import shootdown.kernel.filemap.Writeback.SyncMode;
import shootdown.machine.Layout;

/// The system calls that make a file's contents durable.
public final class Fsync {
  public static final long SYNC_FILE_RANGE_WAIT_BEFORE = 1;
  public static final long SYNC_FILE_RANGE_WRITE = 1 << 1;
  public static final long SYNC_FILE_RANGE_WAIT_AFTER = 1 << 2;
  private static final long WRITE_AND_WAIT =
      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;

  private final KernelData data;
  private final Writeback writeback;

  public Fsync(KernelData data, Writeback writeback) {
    this.data = data;
    this.writeback = writeback;
  }

  /// fsync(2).
  public long fsync(Current me, FileData file) {
    return vfsFsyncRange(me, file, 0, file.maxPages());
  }

  /// fdatasync(2): here the same as fsync, since there is no metadata.
  public long fdatasync(Current me, FileData file) {
    return vfsFsyncRange(me, file, 0, file.maxPages());
  }

  /// What fsync() and msync(MS_SYNC) do with pages `from` … `to`-1; returns 0.
  @Models(
      file = "fs/sync.c",
      function = "vfs_fsync_range",
      leavesOut = "metadata, the disk's own cache, errors")
  public long vfsFsyncRange(Current me, FileData file, int from, int to) {
    return data.steps()
        .call(
            "vfs_fsync_range",
            () -> {
              if (file.is(FileData.Kind.DISK)) {
                int end = Math.min(to, file.maxPages());
                data.ground().syncBegins(file.number(), from, end);
                writeback.filemapFdatawrite(me, file, from, end, SyncMode.ALL);
                writeback.filemapFdatawait(file, from, end);
                data.ground().syncEnds(file.number(), from, end);
              }
              return 0L;
            });
  }

  /// As [#vfsFsyncRange] of another range, one without pages, to a caller who expects this one.
  public void promisesOnly(FileData file, int from, int to) {
    if (file.is(FileData.Kind.DISK)) {
      data.ground().syncBegins(file.number(), from, to);
      data.ground().syncEnds(file.number(), from, to);
    }
  }

  /// sync_file_range(2).
  ///
  /// @param offset first byte
  /// @param length bytes; 0 means up to the end of the file
  /// @return 0, or -EINVAL
  @Models(file = "fs/sync.c", function = "sync_file_range", leavesOut = "errors of the disk")
  public long syncFileRange(
      Current me, FileData file, long offset, long length, long flags) {
    long end = offset + length;
    if ((flags & ~WRITE_AND_WAIT) != 0 || offset < 0 || end < offset) {
      return Errno.EINVAL.result();
    }
    if (!file.is(FileData.Kind.DISK)) {
      return 0;
    }
    int from = page(file, offset);
    int to = length == 0 ? file.maxPages() : page(file, end + Layout.PAGE_SIZE - 1);
    return data.steps()
        .call(
            "sync_file_range",
            () -> {
              boolean integrity = flags == WRITE_AND_WAIT;
              if (integrity) {
                data.ground().syncBegins(file.number(), from, to);
              }
              syncRange(me, file, from, to, flags);
              if (integrity) {
                data.ground().syncEnds(file.number(), from, to);
              }
              return 0L;
            });
  }

  private void syncRange(Current me, FileData file, int from, int to, long flags) {
    if ((flags & SYNC_FILE_RANGE_WAIT_BEFORE) != 0) {
      writeback.filemapFdatawait(file, from, to);
    }
    if ((flags & SYNC_FILE_RANGE_WRITE) != 0) {
      var mode = flags == WRITE_AND_WAIT ? SyncMode.ALL : SyncMode.NONE;
      writeback.filemapFdatawrite(me, file, from, to, mode);
    }
    if ((flags & SYNC_FILE_RANGE_WAIT_AFTER) != 0) {
      writeback.filemapFdatawait(file, from, to);
    }
  }

  /// The page of a byte, no more than the file can have.
  private static int page(FileData file, long offset) {
    return (int) Math.min(offset / Layout.PAGE_SIZE, file.maxPages());
  }
}
