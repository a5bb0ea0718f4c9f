package shootdown.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles one Java file against the classes of this process. Nothing is written to any folder.
final class SourceCompiler {
  private static final List<String> OPTIONS = List.of("-proc:none", "-nowarn");

  private SourceCompiler() {}

  /// The classes of a file.
  ///
  /// @param loader what the loader of these classes is called
  /// @throws BadInput with all that the compiler says is wrong
  static ClassLoader compile(Path file, String source, String loader) throws BadInput {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new BadInput("shootdown: " + file + " cannot be compiled: this Java has no compiler");
    }
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var standard = compiler.getStandardFileManager(diagnostics, null, StandardCharsets.UTF_8);
    try (var memory = new Memory(standard)) {
      var input = List.of(new Source(file, source));
      if (!compiler.getTask(null, memory, diagnostics, OPTIONS, null, input).call()) {
        throw new BadInput(errors(diagnostics.getDiagnostics(), file));
      }
      return new Loader(loader, memory.classes());
    } catch (IOException e) {
      throw new BadInput("shootdown: " + file + " cannot be compiled: " + e.getMessage());
    }
  }

  private static List<String> errors(
      List<Diagnostic<? extends JavaFileObject>> diagnostics, Path file) {
    var lines = new ArrayList<String>();
    for (var diagnostic : diagnostics) {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
        // with the line and a caret, as javac prints it
        lines.add(diagnostic.toString().stripTrailing());
      }
    }
    return lines.isEmpty() ? List.of(file + ": cannot be compiled") : lines;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String name;
    private final String text;

    Source(Path file, String text) {
      super(file.toUri(), Kind.SOURCE);
      this.name = file.toString();
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    /// As the user named it: messages begin with that.
    @Override
    public String getName() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final class ClassBytes extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClassBytes(String type) {
      super(URI.create("memory:///" + type.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ClassBytes> written = new HashMap<>();

    Memory(JavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
      return written.computeIfAbsent(type, ClassBytes::new);
    }

    Map<String, byte[]> classes() {
      var classes = new HashMap<String, byte[]>();
      written.forEach((type, file) -> classes.put(type, file.bytes.toByteArray()));
      return classes;
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(String name, Map<String, byte[]> classes) {
      super(name, SourceCompiler.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String type) throws ClassNotFoundException {
      byte[] bytes = classes.get(type);
      if (bytes == null) {
        throw new ClassNotFoundException(type);
      }
      return defineClass(type, bytes, 0, bytes.length);
    }
  }
}
