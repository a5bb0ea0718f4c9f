/// Treiber's stack without locks, and the problem that a value may change and change back (ABA).
package shootdown.examples.stack;
