/// How long what a litmus test does takes: `costs.txt`, and which of its lines is meant by a step.
package shootdown.model.time;
