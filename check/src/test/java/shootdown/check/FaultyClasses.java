package shootdown.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodTransform;
import java.util.Arrays;
import java.util.function.Function;
import shootdown.check.generated.GeneratedProgram;

/// The checker and its comparisons once more, with a [Fault] in one class.
final class FaultyClasses extends ClassLoader {
  private final Fault fault;

  private FaultyClasses(Fault fault) {
    super(FaultyClasses.class.getClassLoader());
    this.fault = fault;
  }

  /// What compares a program there.
  ///
  /// @param how [Trial] or [TurnsTrial]
  static Function<GeneratedProgram, String> trial(
      Fault fault, Class<? extends Function<GeneratedProgram, String>> how) {
    try {
      var trial = new FaultyClasses(fault).loadClass(how.getName());
      @SuppressWarnings("unchecked") // which is what both are
      var made = (Function<GeneratedProgram, String>) trial.getDeclaredConstructor().newInstance();
      return made;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(FaultyClasses.class.getPackageName() + ".")
        || name.startsWith(GeneratedProgram.class.getPackageName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      byte[] code = name.equals(fault.target.getName()) ? spoilt(name) : written(name);
      return defineClass(name, code, 0, code.length);
    }
  }

  private byte[] spoilt(String name) {
    var file = ClassFile.of();
    var change =
        ClassTransform.transformingMethods(
            method -> method.methodName().equalsString(fault.method),
            MethodTransform.transformingCode(fault.change()));
    byte[] before = written(name);
    byte[] after = file.transformClass(file.parse(before), change);
    if (Arrays.equals(before, after)) {
      throw new IllegalStateException("no place for " + fault);
    }
    return after;
  }

  private byte[] written(String name) {
    try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
