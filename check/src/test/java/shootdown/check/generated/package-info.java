/// Small programs made by a generator, on which all searches must agree.
package shootdown.check.generated;
