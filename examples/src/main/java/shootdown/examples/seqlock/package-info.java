/// A sequence lock: readers that take no lock and read again if a writer was there.
package shootdown.examples.seqlock;
