/// A litmus test bound to a kernel and a machine, with the oracles that say what is wrong.
/// Everything that the explorer runs is put together here.
package shootdown.model;
