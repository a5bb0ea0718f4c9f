package shootdown.junit;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import shootdown.check.Check;
import shootdown.check.Options;
import shootdown.check.Schedule;
import shootdown.check.TraceText;
import shootdown.sched.Program;

/// Makes a method that lays out a program a test of all its interleavings; see [ModelCheck].
final class ModelCheckExtension implements InvocationInterceptor, ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Program.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return new Program();
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context) {
    invocation.skip();
    var method = call.getExecutable();
    var asked =
        AnnotationSupport.findAnnotation(method, ModelCheck.class)
            .orElseThrow(() -> new ExtensionConfigurationException(method + ": no @ModelCheck"));
    if (call.getArguments().stream().filter(Program.class::isInstance).count() != 1) {
      throw new ExtensionConfigurationException(method + " must take one Program");
    }
    Supplier<Program> programs = () -> build(call);
    if (asked.schedule().isEmpty()) {
      expectation(asked).verify(programs);
    } else {
      replay(programs, Schedule.parse(asked.schedule()));
    }
  }

  private static Program build(ReflectiveInvocationContext<Method> call) {
    var program = new Program();
    Object[] arguments =
        call.getArguments().stream().map(a -> a instanceof Program ? program : a).toArray();
    ReflectionSupport.invokeMethod(
        call.getExecutable(), call.getTarget().orElse(null), arguments);
    return program;
  }

  private static Expectation expectation(ModelCheck asked) {
    List<String> outcomes = List.of(asked.outcomes());
    return new Expectation(
        Set.of(asked.expect()),
        outcomes.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(outcomes)),
        options(asked));
  }

  private static Options options(ModelCheck asked) {
    var options = Options.DEFAULT.withMaxStates(asked.maxStates());
    return asked.maxSeconds() == 0
        ? options
        : options.withTimeLimit(Duration.ofSeconds(asked.maxSeconds()));
  }

  private static void replay(Supplier<Program> programs, Schedule schedule) {
    var trace = Check.replay(programs, schedule);
    var wrong = trace.violations().stream().map(v -> v.property() + ": " + v.message());
    if (!trace.violations().isEmpty()) {
      throw Expectation.failure(
          Stream.concat(wrong, Stream.of("", TraceText.of(trace)))
              .reduce("", (a, b) -> a + b + "\n"));
    }
  }
}
