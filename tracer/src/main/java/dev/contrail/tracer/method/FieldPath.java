// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.code.PrivateLookup;
import dev.contrail.tracer.event.ValueReader;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a field of an object by way of others, as `customer.id` of an order. Fields are read, also
/// private ones; nothing of the program's is called. Where one on the way is null, the value is 0
/// or, of a text, `null`, as that of a string that is.
///
/// What reads belongs to the class that the path begins in, and is forgotten together with it.
final class FieldPath extends ValueReader {
    private static final int CALLS_UNTIL_SETTLED = 200;

    private static final MethodHandle BITS;

    static {
        try {
            BITS =
                    MethodHandles.lookup()
                            .findStatic(
                                    Double.class,
                                    "doubleToRawLongBits",
                                    MethodType.methodType(long.class, double.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// @param before read an object each
    /// @param last reads a long, a string or, where the field is another object, that
    private record Steps(List<MethodHandle> before, MethodHandle last, Class<?> type) {}

    private static final String NULL = "null";

    private final WeakReference<Class<?>> root;
    private final ClassValue<Steps> steps;
    private final String ifNull;

    private FieldPath(Class<?> root, ClassValue<Steps> steps, String ifNull) {
        this.root = new WeakReference<>(root);
        this.steps = steps;
        this.ifNull = ifNull;
    }

    /// The message of an exception; empty where it has none.
    static FieldPath message(Instrumentation agent) {
        return of(agent, Throwable.class, "detailMessage", "");
    }

    /// May load classes of the program: those of fields.
    ///
    /// @param path names of fields, with dots
    /// @throws IllegalArgumentException when there is no such field
    static FieldPath of(Instrumentation agent, Class<?> root, String path) {
        return of(agent, root, path, NULL);
    }

    private static FieldPath of(Instrumentation agent, Class<?> root, String path, String ifNull) {
        ClassValue<Steps> steps =
                new ClassValue<>() {
                    @Override
                    protected Steps computeValue(Class<?> type) {
                        return resolve(agent, type, path.split("\\."));
                    }
                };
        steps.get(root); // now, not when the program calls the method
        return new FieldPath(root, steps, ifNull);
    }

    /// Has the JDK make and link what reading a field needs, which must not happen in the middle of
    /// a method of its own that calls a probe.
    static void prepare(Instrumentation agent) {
        Sample from = new Sample();
        from.inner = from;
        FieldPath number = of(agent, Sample.class, "inner.number");
        FieldPath wide = of(agent, Sample.class, "inner.wide");
        FieldPath text = of(agent, Sample.class, "inner.text");
        if (number.number(from) + wide.number(from) != 0 || !text.text(from).isEmpty()) {
            throw new IllegalStateException();
        }
    }

    /// With a field of each kind.
    static final class Sample {
        @Nullable Sample inner;
        int number;
        double wide;
        String text = "";
    }

    /// Of the field at the end: a primitive type, or `String`.
    Class<?> type() {
        Class<?> type = root.get();
        Class<?> found = type == null ? String.class : steps.get(type).type;
        return found.isPrimitive() ? found : String.class;
    }

    private static Steps resolve(Instrumentation agent, Class<?> root, String[] names) {
        List<MethodHandle> before = new ArrayList<>();
        Class<?> type = root;
        for (int i = 0; i < names.length - 1; i++) {
            MethodHandle getter = getter(agent, type, names[i]);
            type = getter.type().returnType();
            before.add(getter.asType(MethodType.methodType(Object.class, Object.class)));
        }
        MethodHandle last = getter(agent, type, names[names.length - 1]);
        type = last.type().returnType();
        MethodHandle adapted = adapted(last, type);
        before.forEach(FieldPath::settle);
        settle(adapted);
        return new Steps(List.copyOf(before), adapted, type);
    }

    /// Calls a getter, in vain, until the JDK has made a class for it: at the 128th call, which
    /// might be anywhere in the program.
    private static void settle(MethodHandle getter) {
        for (int i = 0; i < CALLS_UNTIL_SETTLED; i++) {
            try {
                if (getter.type().returnType() == long.class) {
                    long none = (long) getter.invokeExact((Object) null);
                } else {
                    Object none = (Object) getter.invokeExact((Object) null);
                }
            } catch (Throwable e) {
                // it wants an object
            }
        }
    }

    private static MethodHandle adapted(MethodHandle getter, Class<?> type) {
        if (!type.isPrimitive()) {
            return getter.asType(MethodType.methodType(Object.class, Object.class));
        }
        if (type == float.class || type == double.class) {
            MethodType wide = MethodType.methodType(double.class, Object.class);
            return MethodHandles.filterReturnValue(getter.asType(wide), BITS);
        }
        return MethodHandles.explicitCastArguments(
                getter, MethodType.methodType(long.class, Object.class));
    }

    private static MethodHandle getter(Instrumentation agent, Class<?> type, String name) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            try {
                Field field = each.getDeclaredField(name);
                if ((field.getModifiers() & java.lang.reflect.Modifier.STATIC) != 0) {
                    throw new IllegalArgumentException(
                            "the field %s of %s is static".formatted(name, each.getName()));
                }
                return PrivateLookup.openOrInto(agent, each).unreflectGetter(field);
            } catch (NoSuchFieldException e) {
                // perhaps of its superclass
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(
                        "the field %s of %s cannot be read: %s".formatted(name, each.getName(), e));
            }
        }
        throw new IllegalArgumentException(
                "%s has no field %s".formatted(type.getTypeName(), name));
    }

    /// The steps and the object before the last of them.
    private @Nullable Object parent(Steps found, Object from) throws Throwable {
        Object at = from;
        for (int i = 0; at != null && i < found.before.size(); i++) {
            at = (Object) found.before.get(i).invokeExact(at);
        }
        return at;
    }

    @Override
    public long number(Object from) {
        Class<?> type = root.get();
        if (type == null) {
            return 0;
        }
        try {
            Steps found = steps.get(type);
            Object parent = parent(found, from);
            return parent == null ? 0 : (long) found.last.invokeExact(parent);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String text(Object from) {
        Class<?> type = root.get();
        if (type == null) {
            return ifNull;
        }
        try {
            Steps found = steps.get(type);
            Object parent = parent(found, from);
            Object value = parent == null ? null : (Object) found.last.invokeExact(parent);
            if (value == null) {
                return ifNull;
            }
            return ObjectIdentity.of(value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
