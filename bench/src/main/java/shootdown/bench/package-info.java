/// Benchmarks of the checker and the kernel, for JMH.
/// Run by hand; the tests only compile them.
package shootdown.bench;
