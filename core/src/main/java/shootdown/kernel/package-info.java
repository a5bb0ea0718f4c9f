/// Linux's memory manager in miniature: one manager, with the decisions of history as data.
/// A method that models a kernel function has the function's name in camel case.
package shootdown.kernel;
