/// Translates a litmus test into the program of a worker: a process without libraries that brings
/// about the initial state, starts the threads in step, writes down how each round ended, and does
/// so again and again.
package shootdown.host.worker;
