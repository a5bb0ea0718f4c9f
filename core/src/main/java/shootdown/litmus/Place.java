package shootdown.litmus;

/// A word of memory that a statement loads or stores.
public sealed interface Place {
  Position at();

  /// Where the word starts, in bytes.
  Expression address();

  /// `*p`, `*(p + PAGE)`: an address counts bytes, unlike in C.
  record Deref(Expression address, Position at) implements Place {}

  /// `p[i]`: word i from p on, at `p + i * WORD`.
  record Word(Expression base, Expression index, Position at) implements Place {
    @Override
    public Expression address() {
      Expression word = new Expression.Constant("WORD", Constants.WORD, index.at());
      Expression offset =
          new Expression.Binary(BinaryOperator.MULTIPLY, index, word, index.at());
      return new Expression.Binary(BinaryOperator.ADD, base, offset, at);
    }
  }
}
