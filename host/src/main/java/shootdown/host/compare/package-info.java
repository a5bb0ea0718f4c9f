/// Says what a run on a real kernel means beside what the model allows.
package shootdown.host.compare;
