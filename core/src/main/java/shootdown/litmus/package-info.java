/// The litmus language: text to tree and back, conditions, and outcomes as records.
/// Imports nothing else of Shootdown, so model and real kernel can share it without cheating.
package shootdown.litmus;
