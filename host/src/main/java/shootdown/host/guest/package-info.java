/// Runs workers on a kernel image of the user's, in a virtual machine: the initramfs, its first
/// process, QEMU, and what comes back.
package shootdown.host.guest;
