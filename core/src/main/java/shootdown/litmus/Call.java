package shootdown.litmus;

import java.util.List;

/// A system call. It stands alone or is the whole right side of an assignment; its arguments
/// contain no other, and fit [SystemCall#parameters()] in number and kind.
///
/// The value is what the kernel returns: the result, or -ERRNO.
public record Call(SystemCall function, List<Argument> arguments, Position at) implements Source {
  public Call {
    arguments = List.copyOf(arguments);
  }
}
