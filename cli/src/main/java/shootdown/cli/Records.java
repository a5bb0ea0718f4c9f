package shootdown.cli;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import shootdown.check.WholeFile;

/// Writes and reads trees of records, enums, texts and numbers, lists and optionals of them, by
/// their types: a reader must have the writer's classes.
final class Records {
  private Records() {}

  static void write(WholeFile.Out out, Type type, Object value) {
    switch (value) {
      case String text -> out.put(text);
      case Integer number -> out.put((int) number);
      case Long number -> out.put((long) number);
      case Double number -> out.put(Double.doubleToRawLongBits(number));
      case Boolean flag -> out.put((boolean) flag);
      case Enum<?> constant -> out.put(constant.ordinal());
      case List<?> list -> {
        out.put(list.size());
        list.forEach(element -> write(out, argument(type), element));
      }
      case Optional<?> optional -> {
        out.put(optional.isPresent());
        optional.ifPresent(inner -> write(out, argument(type), inner));
      }
      case OptionalInt optional -> {
        out.put(optional.isPresent());
        optional.ifPresent(out::put);
      }
      case Record tree -> {
        if (((Class<?>) type).isSealed()) {
          out.put(kinds(type).indexOf(tree.getClass()));
        }
        for (RecordComponent part : tree.getClass().getRecordComponents()) {
          write(out, part.getGenericType(), get(part, tree));
        }
      }
      default -> throw new IllegalArgumentException("cannot be written: " + value.getClass());
    }
  }

  static <T> T read(WholeFile.In in, Class<T> type) throws IOException {
    return type.cast(readAny(in, type));
  }

  private static Object readAny(WholeFile.In in, Type type) throws IOException {
    if (type instanceof ParameterizedType generic) {
      boolean isList = generic.getRawType() == List.class;
      return isList ? list(in, generic) : optional(in, generic);
    }
    var plain = (Class<?>) type;
    if (plain == String.class) {
      return in.getString();
    } else if (plain == int.class) {
      return in.getInt();
    } else if (plain == long.class) {
      return in.getLong();
    } else if (plain == double.class) {
      return Double.longBitsToDouble(in.getLong());
    } else if (plain == boolean.class || plain == Boolean.class) {
      return in.getBoolean();
    } else if (plain.isEnum()) {
      return plain.getEnumConstants()[in.getInt()];
    } else if (plain == OptionalInt.class) {
      return in.getBoolean() ? OptionalInt.of(in.getInt()) : OptionalInt.empty();
    }
    return record(in, plain.isSealed() ? kinds(plain).get(in.getInt()) : plain);
  }

  private static List<Object> list(WholeFile.In in, Type type) throws IOException {
    int size = in.getInt();
    var list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(readAny(in, argument(type)));
    }
    return List.copyOf(list);
  }

  private static Optional<Object> optional(WholeFile.In in, Type type) throws IOException {
    return in.getBoolean() ? Optional.of(readAny(in, argument(type))) : Optional.empty();
  }

  private static Object record(WholeFile.In in, Class<?> type) throws IOException {
    RecordComponent[] parts = type.getRecordComponents();
    Object[] values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = readAny(in, parts[i].getGenericType());
    }
    try {
      Class<?>[] types =
          Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot be made: " + type, e);
    }
  }

  private static Object get(RecordComponent part, Record tree) {
    try {
      part.getAccessor().setAccessible(true);
      return part.getAccessor().invoke(tree);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot be read: " + part, e);
    }
  }

  private static Type argument(Type generic) {
    return ((ParameterizedType) generic).getActualTypeArguments()[0];
  }

  private static List<Class<?>> kinds(Type sealed) {
    return List.of(((Class<?>) sealed).getPermittedSubclasses());
  }
}
