package shootdown.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shootdown.kernel.Timeline;
import shootdown.kernel.history.Decision;
import shootdown.kernel.history.History;
import shootdown.kernel.history.KernelSpec;
import shootdown.kernel.history.OwnFix;

/// Fixes of the user's own: the Java files that `--kernel` names. Each holds a class of the file's
/// name that makes one of the kernel's decisions, and is compiled when it is asked for.
final class OwnFixes {
  private static final String LOADER = "own fix";
  private static final String SUFFIX = ".java";
  private static final Pattern PACKAGE =
      Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);

  private OwnFixes() {}

  /// Those that the specs name.
  ///
  /// @throws BadInput with all that is wrong with any of them
  static List<OwnFix> of(List<String> kernels) throws BadInput {
    var files = new LinkedHashSet<String>();
    kernels.forEach(spec -> KernelSpec.ownFile(spec).ifPresent(files::add));
    return OwnFiles.read(files, OwnFixes::read);
  }

  private static OwnFix read(String file) throws IOException, BadInput {
    var path = Path.of(file);
    String source = Files.readString(path);
    return new OwnFix(file, source, decision(path, source));
  }

  private static Decision decision(Path file, String source) throws BadInput {
    var loader = SourceCompiler.compile(file, source, LOADER);
    var name = file.getFileName().toString();
    var simple = name.substring(0, name.length() - SUFFIX.length());
    var packages = PACKAGE.matcher(source);
    var type = packages.find() ? packages.group(1) + "." + simple : simple;
    try {
      var found = loader.loadClass(type);
      if (found.getClassLoader() != loader) {
        throw new BadInput(file + ": Shootdown has a class " + type + " itself: name it otherwise");
      }
      if (!Decision.class.isAssignableFrom(found) || Modifier.isAbstract(found.getModifiers())) {
        throw new BadInput(file + ": class " + type + " decides nothing: " + advice());
      }
      var constructor = found.getDeclaredConstructor();
      constructor.setAccessible(true);
      return known(file, (Decision) constructor.newInstance());
    } catch (ClassNotFoundException e) {
      throw new BadInput(file + ": there is no class " + type + " in it");
    } catch (NoSuchMethodException | InstantiationException e) {
      throw new BadInput(file + ": class " + type + " has no constructor without arguments");
    } catch (InvocationTargetException | IllegalAccessException | LinkageError e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new BadInput(file + ": class " + type + " cannot be made: " + cause);
    }
  }

  private static Decision known(Path file, Decision decision) throws BadInput {
    if (open().noneMatch(kind -> kind.isInstance(decision))) {
      throw new BadInput(file + ": the kernel asks no such decision: " + advice());
    }
    return decision;
  }

  private static String advice() {
    return "it has to implement one of "
        + open().map(Class::getSimpleName).sorted().collect(Collectors.joining(", "))
        + " (of the other decisions the algorithm knows all answers: a new one is a change of"
        + " Shootdown's source, which the launcher builds)";
  }

  /// The decisions that a class of somebody else's can make.
  private static Stream<Class<?>> open() {
    return Timeline.all().stream()
        .<Class<?>>map(History::decision)
        .filter(kind -> kind.isInterface() && !kind.isSealed());
  }

  /// Where a fix of the user's own threw what ended a run, if it did.
  static Optional<String> blamed(Throwable bug) {
    for (Throwable cause = bug; cause != null; cause = cause.getCause()) {
      for (var frame : cause.getStackTrace()) {
        if (LOADER.equals(frame.getClassLoaderName())) {
          return Optional.of(
              frame.getFileName() + ":" + frame.getLineNumber() + ": " + frame.getMethodName()
                  + "() ended with " + cause);
        }
      }
    }
    return Optional.empty();
  }
}
