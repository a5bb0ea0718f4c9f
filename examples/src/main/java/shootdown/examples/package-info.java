/// Algorithms that are checked with `check` alone: small ones that teach, each with the mistake
/// that makes it wrong, and one from a kernel ([shootdown.examples.asid]).
///
/// Each has a `program` method that builds it, with an enum that says which mistake to make. The
/// tests beside it find the mistake and prove the algorithm without it.
package shootdown.examples;
