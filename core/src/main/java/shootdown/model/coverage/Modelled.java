package shootdown.model.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import shootdown.kernel.Kernel;
import shootdown.kernel.data.Models;

/// A function of Linux and what models it, as [Models] says.
///
/// @param file in the Linux tree
/// @param function its name
/// @param leavesOut what the model leaves out; empty for nothing
/// @param type name of the Java class that models it
/// @param method name of the method; empty if the whole class does
public record Modelled(
    String file, String function, String leavesOut, String type, String method) {
  private static final String SUFFIX = ".class";

  /// All, by file and function.
  public static List<Modelled> all() {
    var home = Kernel.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      var path = Path.of(home.toURI());
      if (Files.isDirectory(path)) {
        return in(path);
      }
      try (var jar = FileSystems.newFileSystem(path)) {
        return in(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Modelled> in(Path root) throws IOException {
    var found = new ArrayList<Modelled>();
    try (var files = Files.walk(root.resolve("shootdown"))) {
      for (var file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        var name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
        add(load(name.substring(0, name.length() - SUFFIX.length())), found);
      }
    }
    found.sort(
        Comparator.comparing(Modelled::file)
            .thenComparing(Modelled::function)
            .thenComparing(Modelled::place));
    return found;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Modelled.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(Class<?> type, List<Modelled> found) {
    add(type, type, "", found);
    for (var method : type.getDeclaredMethods()) {
      if (!method.isSynthetic()) {
        add(method, type, method.getName(), found);
      }
    }
  }

  private static void add(
      AnnotatedElement element, Class<?> type, String method, List<Modelled> found) {
    for (var says : element.getDeclaredAnnotationsByType(Models.class)) {
      found.add(
          new Modelled(says.file(), says.function(), says.leavesOut(), type.getName(), method));
    }
  }

  /// `MovePageTables.movePtes`, without packages.
  String place() {
    var simple = type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
    return method.isEmpty() ? simple : simple + "." + method;
  }

  /// Whether one of these methods, `class.method`, is it; of a class, any of its methods.
  boolean isAmong(Iterable<String> methods) {
    for (var other : methods) {
      if (method.isEmpty() ? other.startsWith(type + ".") : other.equals(type + "." + method)) {
        return true;
      }
    }
    return false;
  }
}
