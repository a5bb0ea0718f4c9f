/// Runs workers on the Linux kernel of this machine and counts what came out.
package shootdown.host.run;
