package shootdown.model;

import java.util.SplittableRandom;

/// Where the random numbers of a random program begin.
public final class Seeds {
  private Seeds() {}

  /// A function of seed and number alone. [SplittableRandom] goes on from number to number by
  /// adding a constant, so where it starts has to be mixed: multiples of that constant would be
  /// pieces of one and the same sequence.
  public static SplittableRandom random(long seed, long number) {
    return new SplittableRandom(mix(mix(seed) + number));
  }

  /// A permutation of all numbers in which every bit depends on every other, that of SplitMix64
  /// (variant 13 of Stafford's "Better Bit Mixing").
  private static long mix(long bits) {
    long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
