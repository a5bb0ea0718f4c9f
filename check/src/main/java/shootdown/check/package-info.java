/// The explorer: it covers every interleaving of tasks and judges each state it meets.
/// It sees tasks, words, choices and properties; it does not know what a page is.
package shootdown.check;
