/// The command line: options, exit codes and progress, and no logic of its own.
/// The only package that prints.
package shootdown.cli;
