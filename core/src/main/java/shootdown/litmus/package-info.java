/// The litmus language: text to tree and back, conditions, and what a file states about itself.
/// Imports nothing else of Shootdown, so model and real kernel can share it without cheating.
///
/// [Litmus#parse] gives a [LitmusTest] or every mistake of the file. The tree is sealed interfaces
/// of records, which a `switch` walks without `default`; [Evaluation] computes expressions,
/// [Condition] judges executions, [Printer] writes text.
///
/// ```text
/// LitmusTest ─┬─ Header ─┬─ FixLine
///             │          └─ ResultLine ── Verdict, Oracle
///             ├─ Statement (the initial state: only Assign)
///             ├─ LitmusThread ── Statement = Assign | If | While | Block
///             └─ Condition ── Proposition ── Observable, Expression
/// Assign = Target (Nothing | Register | Memory Place), Source (Expression | Call)
/// Call   = SystemCall, Argument (Expression | Buffer | Child)
/// ```
///
/// The way of a text: [Lexer], then [TestParser] with one parser for each part, all on one
/// [Cursor]; then [Checker] for what the grammar cannot say. [SystemCall] and [Constants] are the
/// tables to extend.
package shootdown.litmus;
