package shootdown.litmus;

import java.util.List;

/// A statement of a thread or of the initial state.
public sealed interface Statement {
  Position at();

  /// `r1 = *x;`, `*x = 1;`, `r2 = munmap(x, PAGE);`, `munmap(x, PAGE);`, `*x;`.
  ///
  /// The address of a store is computed after its value.
  record Assign(Target target, Source source, Position at) implements Statement {}

  /// @param otherwise empty where there is no `else`; `else if` is an If alone in that block
  record If(Expression condition, Block then, Block otherwise, Position at)
      implements Statement {}

  record While(Expression condition, Block body, Position at) implements Statement {}

  /// `{ }`; an empty statement `;` is an empty block.
  record Block(List<Statement> statements, Position at) implements Statement {
    public Block {
      statements = List.copyOf(statements);
    }
  }
}
