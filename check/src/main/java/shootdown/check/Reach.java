package shootdown.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.StackWalker.StackFrame;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The methods that code may call, by their byte code: rapid type analysis (Bacon and Sweeney,
/// 1996). A virtual call may come to the method of that name and type in the class that it names,
/// or in any class of which these methods make an object.
final class Reach {
  /// Not looked into: they are known, or not the program's.
  private static final List<String> FOREIGN =
      List.of("java/", "javax/", "jdk/", "sun/", "com/sun/", "shootdown/sched/");

  private final ClassLoader loader;
  private final Set<String> archives = new HashSet<>();
  private final Map<String, Optional<ClassModel>> classes = new HashMap<>();
  private final Set<String> made = new HashSet<>();
  private final Set<Signature> called = new HashSet<>();
  private final Set<Method> met = new HashSet<>();
  private final ArrayDeque<Method> todo = new ArrayDeque<>();
  private final Map<String, Set<String>> writers = new TreeMap<>();
  private final Map<String, Set<String>> readers = new TreeMap<>();

  /// A method's name and type.
  private record Signature(String name, String type) {}

  /// A method of a class, by its internal name.
  private record Method(String of, Signature signature) {
    @Override
    public String toString() {
      return plain(of) + "." + signature.name;
    }
  }

  /// @param from where code is that calls on
  Reach(List<StackFrame> from) {
    loader = loaderOf(from);
    for (var frame : from) {
      String name = frame.getClassName().replace('.', '/');
      find(name).ifPresent(url -> archives.add(archive(url, name)));
    }
    for (var frame : from) {
      String name = frame.getClassName().replace('.', '/');
      meet(new Method(name, new Signature(frame.getMethodName(), frame.getDescriptor())));
    }
    while (!todo.isEmpty()) {
      look(todo.remove());
    }
  }

  /// Where the classes of that code are read.
  static ClassLoader loaderOf(List<StackFrame> code) {
    return code.stream()
        .map(frame -> frame.getDeclaringClass().getClassLoader())
        .filter(l -> l != null && l != ClassLoader.getPlatformClassLoader())
        .findFirst()
        .orElse(ClassLoader.getSystemClassLoader());
  }

  /// Fields that are written, and read.
  List<SharedStatics.Shared> shared() {
    return writers.keySet().stream()
        .filter(readers::containsKey)
        .map(
            name ->
                new SharedStatics.Shared(
                    name, List.copyOf(writers.get(name)), List.copyOf(readers.get(name))))
        .toList();
  }

  private void meet(Method method) {
    if (met.add(method)) {
      todo.add(method);
    }
  }

  /// Looks through a method, or through that which it inherits.
  private void look(Method method) {
    var owner = classOf(method.of);
    if (owner.isEmpty()) {
      return;
    }
    var own =
        owner.get().methods().stream()
            .filter(m -> m.methodName().equalsString(method.signature.name))
            .filter(m -> m.methodType().equalsString(method.signature.type))
            .findFirst();
    if (own.isPresent()) {
      own.get().code().ifPresent(code -> code.forEach(e -> look(method, e)));
      return;
    }
    owner.get().superclass().ifPresent(s -> meet(new Method(s.asInternalName(), method.signature)));
    owner
        .get()
        .interfaces()
        .forEach(i -> meet(new Method(i.asInternalName(), method.signature)));
  }

  private void look(Method in, CodeElement element) {
    switch (element) {
      case FieldInstruction field -> used(in, field);
      case InvokeInstruction call -> {
        var signature =
            new Signature(call.name().stringValue(), call.type().stringValue());
        meet(new Method(call.owner().asInternalName(), signature));
        boolean isVirtual =
            call.opcode() == Opcode.INVOKEVIRTUAL || call.opcode() == Opcode.INVOKEINTERFACE;
        if (isVirtual) {
          called(signature);
        }
      }
      case InvokeDynamicInstruction dynamic ->
          dynamic.bootstrapArgs().stream()
              .filter(DirectMethodHandleDesc.class::isInstance)
              .map(DirectMethodHandleDesc.class::cast)
              .forEach(this::meet);
      case NewObjectInstruction object -> made(object.className().asInternalName());
      default -> {}
    }
  }

  private void meet(DirectMethodHandleDesc handle) {
    String type = handle.owner().descriptorString();
    String owner = type.substring(1, type.length() - 1);
    var signature = new Signature(handle.methodName(), handle.lookupDescriptor());
    meet(new Method(owner, signature));
    called(signature);
  }

  /// Whatever object it is called of.
  private void called(Signature signature) {
    if (called.add(signature)) {
      made.forEach(name -> meet(new Method(name, signature)));
    }
  }

  private void used(Method in, FieldInstruction field) {
    boolean writes = field.opcode() == Opcode.PUTSTATIC;
    if (!writes && field.opcode() != Opcode.GETSTATIC || in.signature.name.equals("<clinit>")) {
      return;
    }
    String owner = field.owner().asInternalName();
    String name = field.name().stringValue();
    if (isVariable(owner, name)) {
      (writes ? writers : readers)
          .computeIfAbsent(plain(owner) + "." + name, _ -> new TreeSet<>())
          .add(in.toString());
    }
  }

  private boolean isVariable(String owner, String name) {
    return classOf(owner).stream()
        .flatMap(c -> c.fields().stream())
        .filter(f -> f.fieldName().equalsString(name))
        .anyMatch(f -> !f.flags().has(AccessFlag.FINAL));
  }

  /// A class of the program; none for others.
  private Optional<ClassModel> classOf(String name) {
    var known = classes.get(name);
    if (known != null) {
      return known;
    }
    var read = find(name).filter(url -> isOwn(url, name)).map(Reach::parsed);
    classes.put(name, read);
    return read;
  }

  private void made(String name) {
    if (!isForeign(name) && made.add(name)) {
      called.forEach(signature -> meet(new Method(name, signature)));
    }
  }

  private Optional<URL> find(String name) {
    return isForeign(name)
        ? Optional.empty()
        : Optional.ofNullable(loader.getResource(name + ".class"));
  }

  private static boolean isForeign(String name) {
    return FOREIGN.stream().anyMatch(name::startsWith)
        || name.startsWith("[")
        || isOfChecker(name);
  }

  private static boolean isOfChecker(String name) {
    String own = Reach.class.getPackageName().replace('.', '/') + "/";
    return name.startsWith(own) && name.indexOf('/', own.length()) < 0;
  }

  /// Whether it is a file of its own, or in an archive of a task.
  private boolean isOwn(URL url, String name) {
    return url.getProtocol().equals("file") || archives.contains(archive(url, name));
  }

  private static String archive(URL url, String name) {
    String text = url.toString();
    return text.substring(0, text.length() - (name + ".class").length());
  }

  private static ClassModel parsed(URL url) {
    try (var in = url.openStream()) {
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String plain(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
