/// Decides how rounds begin, by what earlier ones showed.
package shootdown.host.steer;
