package shootdown.litmus;

/// A stretch of one line of a litmus file.
///
/// @param line the line, from 1
/// @param column the column of its first character, from 1; a column is one Unicode character
///     (code point), a tab included
/// @param length how many characters it covers; 0 at the end of the file
public record Position(int line, int column, int length) implements Comparable<Position> {
  public Position {
    if (line < 1 || column < 1 || length < 0) {
      throw new IllegalArgumentException(line + ":" + column + "+" + length);
    }
  }

  /// The stretch from `this` to the end of `last`; only `this` when they stand on different lines.
  Position to(Position last) {
    if (last.line != line || last.end() < end()) {
      return this;
    }
    return new Position(line, column, last.end() - column);
  }

  /// The column after the last character.
  int end() {
    return column + length;
  }

  /// The place just behind the last character.
  Position after() {
    return new Position(line, end(), 1);
  }

  @Override
  public int compareTo(Position other) {
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  /// `line:column`, as compilers print it.
  @Override
  public String toString() {
    return line + ":" + column;
  }
}
