/// When, along the releases, a test began to show something, and which fix ended it.
package shootdown.model.bisect;
