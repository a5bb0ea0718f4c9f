package shootdown.kernel.data;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says which function of Linux a method models. `docs/COVERAGE.md` is made from these.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(Models.All.class)
public @interface Models {
  /// File in the Linux tree, e.g. `mm/mremap.c`.
  String file();

  /// The function.
  String function();

  /// What the model leaves out, if anything.
  String leavesOut() default "";

  /// Several functions in one method.
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.METHOD, ElementType.TYPE})
  @interface All {
    Models[] value();
  }
}
