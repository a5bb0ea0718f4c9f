/// How rare what a test shows is, and which place to stay at makes it frequent.
package shootdown.model.odds;
