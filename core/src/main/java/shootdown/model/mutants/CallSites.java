package shootdown.model.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import shootdown.kernel.Kernel;

/// The calls in the kernel's classes that can be sites of mutants, found in their byte code: what
/// no test comes by cannot be missed for that.
public final class CallSites {
  private static final Map<String, Set<String>> CALLS =
      Map.of(
          "shootdown/sched/Lock", Set.of("lock", "readLock", "tryLock", "tryReadLock"),
          "shootdown/sched/Steps", Set.of("recheck"),
          "shootdown/sched/Word",
              Set.of(
                  "add", "addIsZero", "addUnlessZero", "swap", "cas", "set", "clear", "testAndSet",
                  "testAndClear", "replace", "await"),
          "shootdown/machine/Flush", Set.of("range", "page", "mm", "local"),
          "shootdown/machine/Cpus", Set.of("irqSave"),
          "shootdown/machine/Ptep",
              Set.of(
                  "is", "getAndClear", "swap", "cas", "clearBits", "setWrprotect",
                  "testAndClearYoung"));

  private final Map<String, String> found = new TreeMap<>();

  private CallSites() {}

  /// All calls: `class:line` to what is called, `Lock.lock`.
  public static Map<String, String> ofKernel() {
    var sites = new CallSites();
    read(sites::read);
    return sites.found;
  }

  /// The strings that stand in the kernel's classes: the names of its functions are among them, and
  /// so the part of a mutant's name before the slash.
  public static Set<String> words() {
    var words = new TreeSet<String>();
    read(
        type ->
            type.constantPool().forEach(
                entry -> {
                  if (entry instanceof StringEntry string) {
                    words.add(string.stringValue());
                  }
                }));
    return words;
  }

  /// Those that are not among `lines`, as `Class:line call`.
  public static List<String> missing(Set<String> lines) {
    return ofKernel().entrySet().stream()
        .filter(e -> !lines.contains(e.getKey()))
        .map(e -> e.getKey().replaceFirst("^shootdown\\.kernel\\.", "") + " " + e.getValue())
        .toList();
  }

  private static void read(Consumer<ClassModel> reader) {
    var home = Kernel.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      var path = Path.of(home.toURI());
      if (Files.isDirectory(path)) {
        readTree(path, reader);
        return;
      }
      try (var jar = FileSystems.newFileSystem(path)) {
        readTree(jar.getPath("/"), reader);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readTree(Path root, Consumer<ClassModel> reader) throws IOException {
    var kernel = root.resolve("shootdown").resolve("kernel");
    try (var all = Files.walk(kernel)) {
      for (var file : new TreeSet<>(all.filter(f -> f.toString().endsWith(".class")).toList())) {
        reader.accept(ClassFile.of().parse(Files.readAllBytes(file)));
      }
    }
  }

  private void read(ClassModel type) {
    var name = type.thisClass().asInternalName().replace('/', '.');
    for (MethodModel method : type.methods()) {
      method.code().ifPresent(code -> read(name, code.elementList()));
    }
  }

  private void read(String type, List<? extends CodeElement> code) {
    int line = 0;
    for (var element : code) {
      switch (element) {
        case LineNumber number -> line = number.line();
        case InvokeInstruction call -> {
          var owner = call.owner().asInternalName();
          if (CALLS.getOrDefault(owner, Set.of()).contains(call.name().stringValue())) {
            found.put(
                type + ":" + line,
                owner.substring(owner.lastIndexOf('/') + 1) + "." + call.name().stringValue());
          }
        }
        default -> {}
      }
    }
  }
}
