package shootdown.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test that lays out a program, every interleaving of which is then followed.
///
/// The method takes a [shootdown.sched.Program], empty, and puts words, locks and tasks into it. It
/// is called several times, each time with a new program, and must do the same each time: shared
/// words belong into the program and not into fields of the test.
///
/// Without `expect`, the test passes if nothing goes wrong in any run. A search that gives up fails
/// the test: what was not searched is not known.
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(ModelCheckExtension.class)
public @interface ModelCheck {
  /// The properties that runs must violate ([shootdown.sched.Violation#property]), and no others:
  /// `expect = "deadlock"`.
  String[] expect() default {};

  /// How runs may end, and each of these must be possible; empty if any end will do.
  String[] outcomes() default {};

  /// More states than these are not visited.
  long maxStates() default Long.MAX_VALUE;

  /// More seconds than these are not spent; 0 for as many as it takes.
  long maxSeconds() default 0;

  /// A schedule that a failure printed: the test runs it alone, once, and fails with its trace if
  /// something goes wrong in it. For a debugger.
  String schedule() default "";
}
