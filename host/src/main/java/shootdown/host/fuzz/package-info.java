/// Random programs, run on the model and on this machine's kernel: whoever differs is wrong.
package shootdown.host.fuzz;
