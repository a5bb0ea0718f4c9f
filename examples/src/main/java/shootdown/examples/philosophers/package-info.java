/// Dijkstra's dining philosophers: locks taken in a circle, and in an order.
package shootdown.examples.philosophers;
