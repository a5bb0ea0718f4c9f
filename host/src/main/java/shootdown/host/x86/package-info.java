/// Machine code for x86-64 and files of the format ELF, as little of both as a worker needs.
package shootdown.host.x86;
