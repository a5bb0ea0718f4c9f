package shootdown.litmus;

import java.util.Map;
import java.util.Set;

/// Words that C, the LKMM's litmus tests or the kernel have and this language has not, with what
/// to write instead.
final class Words {
  private static final Set<String> TYPES = Set.of(
      "int", "long", "unsigned", "signed", "char", "short", "void", "const", "volatile",
      "size_t", "uint32_t", "uint64_t", "int64_t", "atomic_t", "bool", "struct", "static");

  private static final Map<String, String> STATEMENTS = Map.of(
      "for", "there is no 'for': write 'while'",
      "do", "there is no 'do': write 'while'",
      "switch", "there is no 'switch': write 'if'",
      "goto", "there is no 'goto': write 'if' or 'while'",
      "return", "there is no 'return': a thread ends at its closing '}'",
      "break", "there is no 'break': give the 'while' a condition",
      "continue", "there is no 'continue': write 'if' inside the 'while'",
      "else", "'else' without 'if'");

  private static final Map<String, String> FUNCTIONS = Map.of(
      "READ_ONCE", "there is no READ_ONCE: write r1 = *x",
      "WRITE_ONCE", "there is no WRITE_ONCE: write *x = 1",
      "smp_load_acquire", "there is no smp_load_acquire: write r1 = *x",
      "smp_store_release", "there is no smp_store_release: write *x = 1",
      "smp_mb", "there is no smp_mb: barriers belong to the kernel's code, not to a test");

  private static final Set<String> RESERVED = Set.of(
      "if", "else", "while", "sig", "exists", "forall", "child", "kthread");

  private Words() {}

  static boolean isType(String word) {
    return TYPES.contains(word);
  }

  static boolean isReserved(String word) {
    return RESERVED.contains(word) || TYPES.contains(word) || STATEMENTS.containsKey(word);
  }

  /// What to write instead of a statement that starts with this word; empty if it may start one.
  static String insteadOfStatement(String word) {
    return STATEMENTS.getOrDefault(word, "");
  }

  /// The message for a call of a function that is not there.
  static String unknownFunction(String name) {
    String known = FUNCTIONS.getOrDefault(name, "");
    if (!known.isEmpty()) {
      return known;
    }
    return "unknown system call " + Token.quoted(name) + Suggestion.of(name, SystemCall.names());
  }

  /// Whether a name is written like a constant; a single capital letter is not.
  static boolean looksLikeConstant(String name) {
    return name.length() > 1
        && Character.isUpperCase(name.charAt(0))
        && name.chars().noneMatch(c -> c >= 'a' && c <= 'z');
  }
}
