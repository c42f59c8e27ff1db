// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.code.PrivateLookup;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Public getters of a type that is not known here, by name, as functions.
///
/// A function is a small class of its own beside the type, made and forgotten together with it; a
/// call through it is inlined, where one by a method handle that is no constant costs ten
/// nanoseconds. Where such a class cannot be made it is a method handle all the same. What keeps a
/// getter keeps the type's class loader: they belong into a [ClassValue] of the type.
public final class Getters {
    private final Class<?> type;
    private final MethodHandles.Lookup lookup;

    private Getters(Class<?> type) {
        this.type = type;
        this.lookup = lookup(type);
    }

    private static boolean isPrepared;

    /// Has the JDK load what makes such classes, which takes tens of milliseconds, once.
    public static synchronized void prepare() {
        if (isPrepared) {
            return;
        }
        isPrepared = true; // each class that is made for it stays
        try {
            Getters own = new Getters(Sample.class);
            own.object("text");
            own.number("number");
            own.integer("integer");
            own.flag("flag");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// With a getter of each kind.
    public static final class Sample {
        private Sample() {}

        public String text() {
            return "";
        }

        public long number() {
            return 0;
        }

        public int integer() {
            return 0;
        }

        public boolean flag() {
            return false;
        }
    }

    private static MethodHandles.Lookup lookup(Class<?> type) {
        try {
            return PrivateLookup.openOrInto(LogRoutes.agent(), type);
        } catch (ReflectiveOperationException e) {
            return MethodHandles.publicLookup();
        }
    }

    /// The interface or class of that name which `type` is a case of.
    ///
    /// @return null when it is none
    private static @Nullable Class<?> ancestor(@Nullable Class<?> type, String name) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each.getName().equals(name)) {
                return each;
            }
            for (Class<?> implemented : each.getInterfaces()) {
                Class<?> found = ancestor(implemented, name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /// Makes something of a type's getters.
    public interface Making<T> {
        T of(Getters getters) throws ReflectiveOperationException;
    }

    /// What is made of the getters that all cases of an interface or class have, once for each that
    /// is loaded.
    ///
    /// @param ancestor the name of the interface or class
    static <T> ClassValue<T> once(String ancestor, Making<T> making) {
        return new ClassValue<>() {
            @Override
            protected T computeValue(Class<?> type) {
                Class<?> known = ancestor(type, ancestor);
                try {
                    return known == null || known == type
                            ? making.of(new Getters(type))
                            : get(known);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    /// The same, and `otherwise` for what is no case of it, or has not those getters.
    public static <T> ClassValue<T> onceOr(String ancestor, Making<T> making, T otherwise) {
        ClassValue<T> made = once(ancestor, making);
        return new ClassValue<>() {
            @Override
            protected T computeValue(Class<?> type) {
                try {
                    return ancestor(type, ancestor) == null ? otherwise : made.get(type);
                } catch (IllegalStateException e) {
                    return otherwise;
                }
            }
        };
    }

    boolean has(String name) {
        try {
            type.getMethod(name);
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /// Those of another class, as the loader of this type has it.
    public Getters beside(String className) throws ClassNotFoundException {
        return new Getters(Class.forName(className, false, type.getClassLoader()));
    }

    /// Those of what the getter `name` returns.
    public Getters of(String name) throws NoSuchMethodException {
        return new Getters(type.getMethod(name).getReturnType());
    }

    /// Those of the elements of the array that the getter `name` returns.
    Getters ofElements(String name) throws NoSuchMethodException {
        return new Getters(type.getMethod(name).getReturnType().getComponentType());
    }

    public Function<Object, Object> object(String name) throws ReflectiveOperationException {
        return object(find(name));
    }

    /// A static method of the type that makes an object of another one.
    ///
    /// @param from the type of the other
    public Function<Object, Object> object(String name, Getters from)
            throws ReflectiveOperationException {
        Class<?> result = type.getMethod(name, from.type).getReturnType();
        return object(lookup.findStatic(type, name, MethodType.methodType(result, from.type)));
    }

    @SuppressWarnings("unchecked")
    private Function<Object, Object> object(MethodHandle getter) {
        Function<Object, Object> made =
                (Function<Object, Object>) make(Function.class, "apply", Object.class, getter);
        MethodHandle slow = generic(getter, Object.class);
        return made != null ? made : given -> Slow.object(slow, given);
    }

    @SuppressWarnings("unchecked")
    ToLongFunction<Object> number(String name) throws ReflectiveOperationException {
        MethodHandle getter = find(name);
        ToLongFunction<Object> made =
                (ToLongFunction<Object>)
                        make(ToLongFunction.class, "applyAsLong", long.class, getter);
        MethodHandle slow = generic(getter, long.class);
        return made != null ? made : given -> Slow.number(slow, given);
    }

    @SuppressWarnings("unchecked")
    ToIntFunction<Object> integer(String name) throws ReflectiveOperationException {
        MethodHandle getter = find(name);
        ToIntFunction<Object> made =
                (ToIntFunction<Object>) make(ToIntFunction.class, "applyAsInt", int.class, getter);
        MethodHandle slow = generic(getter, int.class);
        return made != null ? made : given -> Slow.integer(slow, given);
    }

    @SuppressWarnings("unchecked")
    Predicate<Object> flag(String name) throws ReflectiveOperationException {
        MethodHandle getter = find(name);
        Predicate<Object> made =
                (Predicate<Object>) make(Predicate.class, "test", boolean.class, getter);
        MethodHandle slow = generic(getter, boolean.class);
        return made != null ? made : given -> Slow.flag(slow, given);
    }

    private MethodHandle find(String name) throws ReflectiveOperationException {
        Class<?> result = type.getMethod(name).getReturnType();
        return lookup.findVirtual(type, name, MethodType.methodType(result));
    }

    private static MethodHandle generic(MethodHandle getter, Class<?> result) {
        return getter.asType(MethodType.methodType(result, Object.class));
    }

    private @Nullable Object make(
            Class<?> function, String method, Class<?> result, MethodHandle getter) {
        try {
            return LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(function),
                            MethodType.methodType(result, Object.class),
                            getter,
                            getter.type())
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            return null; // no class may be made there
        }
    }

    /// What an application's method throws it may throw at us.
    private static final class Slow {
        static Object object(MethodHandle getter, Object given) {
            try {
                return (Object) getter.invokeExact(given);
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        static long number(MethodHandle getter, Object given) {
            try {
                return (long) getter.invokeExact(given);
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        static int integer(MethodHandle getter, Object given) {
            try {
                return (int) getter.invokeExact(given);
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        static boolean flag(MethodHandle getter, Object given) {
            try {
                return (boolean) getter.invokeExact(given);
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        private static IllegalStateException failed(Throwable cause) {
            return new IllegalStateException(cause);
        }
    }
}
