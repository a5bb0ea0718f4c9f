/// Programs to try the checker on; they know nothing of the memory manager.
package shootdown.check.examples;
