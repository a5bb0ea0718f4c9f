package shootdown.kernel.mmap;

import shootdown.kernel.data.Ground;
import shootdown.kernel.data.Vma;

/// Listens to nothing: these tests judge by what threads read.
final class SilentGround implements Ground {
  @Override
  public void frameAllocated(int pfn) {}

  @Override
  public void frameFreed(int pfn) {}

  @Override
  public void holdsFilePage(int pfn, int file, int index) {}

  @Override
  public void holdsPrivateZero(int pfn, int mm, int vpn) {}

  @Override
  public void holdsPrivateCopy(int pfn, int from, int mm, int vpn) {}

  @Override
  public void mapped(int mm, Vma vma) {}

  @Override
  public void unmapBegins(int mm, int start, int end) {}

  @Override
  public void unmapEnds(int mm, int start, int end) {}

  @Override
  public void moveBegins(int mm, int from, int to, int pages) {}

  @Override
  public void moveEnds(int mm, int from, int to, int pages) {}

  @Override
  public void protectBegins(int mm, int start, int end, boolean writable, boolean readable) {}

  @Override
  public void protectEnds(int mm, int start, int end, boolean writable, boolean readable) {}

  @Override
  public void discardBegins(int mm, int start, int end) {}

  @Override
  public void discardEnds(int mm, int start, int end) {}

  @Override
  public void forkBegins(int parent, int child) {}

  @Override
  public void forkEnds(int parent, int child) {}

  @Override
  public void truncateBegins(int file, int fromIndex) {}

  @Override
  public void truncateEnds(int file, int fromIndex) {}

  @Override
  public void fileRead(int pfn, int file, int index, int word, long value) {}

  @Override
  public void fileWritten(int file, int index, int word, long value) {}

  @Override
  public void syncBegins(int file, int from, int to) {}

  @Override
  public void syncEnds(int file, int from, int to) {}
}
