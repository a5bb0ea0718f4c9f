/// A bounded queue between one producer and one consumer, and what sleeping adds to it.
package shootdown.examples.queue;
