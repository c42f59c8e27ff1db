// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.code;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks into a package of the JDK, and leaves it as closed as it was.
///
/// An agent may open a package to a module, but not close it again. So it is opened to the module
/// of a class loader that is made for this one call and then forgotten.
public final class PrivateLookup {
    private static final String INTERNAL = "jdk.internal.misc";

    private PrivateLookup() {}

    /// A loader of one class: this one, again.
    private static final class Visitor extends ClassLoader {
        Visitor() {
            super(null);
        }

        Class<?> define(byte[] file) {
            return defineClass(PrivateLookup.class.getName(), file, 0, file.length);
        }
    }

    /// A lookup with all rights in `inside` and its package. Does not initialise the class.
    public static MethodHandles.Lookup into(Instrumentation agent, Class<?> inside)
            throws ReflectiveOperationException, IOException {
        return (MethodHandles.Lookup)
                visit(agent, inside.getModule(), inside.getPackageName(), "of", inside);
    }

    /// A lookup with all rights in `inside`: ours where its module is open to us, or else as
    /// [#into].
    ///
    /// @param agent null: only where its module is open to us
    public static MethodHandles.Lookup openOrInto(@Nullable Instrumentation agent, Class<?> inside)
            throws ReflectiveOperationException {
        try {
            return of(inside);
        } catch (IllegalAccessException e) {
            if (agent == null) {
                throw e;
            }
            try {
                return into(agent, inside);
            } catch (IOException | RuntimeException f) {
                throw new ReflectiveOperationException(f);
            }
        }
    }

    /// The class of that name that the boot loader has, initialised: made the first time, in the
    /// package of `neighbour`.
    public static Class<?> findOrDefine(
            Instrumentation agent, String neighbour, String name, Supplier<byte[]> file)
            throws ReflectiveOperationException, IOException {
        String dotted = name.replace('/', '.');
        try {
            return Class.forName(dotted, true, null);
        } catch (ClassNotFoundException e) {
            into(agent, Class.forName(neighbour, false, null)).defineClass(file.get());
            return Class.forName(dotted, true, null);
        }
    }

    /// Whether a class has been initialised, of which nobody else may be asked without doing it.
    public static boolean isInitialized(Instrumentation agent, Class<?> type)
            throws ReflectiveOperationException, IOException {
        return (boolean) visit(agent, Object.class.getModule(), INTERNAL, "isInitialized", type);
    }

    private static Object visit(
            Instrumentation agent, Module host, String room, String method, Class<?> type)
            throws ReflectiveOperationException, IOException {
        Visitor visitor = new Visitor();
        agent.redefineModule(
                host,
                Set.of(),
                Map.of(),
                Map.of(room, Set.of(visitor.getUnnamedModule())),
                Set.of(),
                Map.of());
        return visitor.define(ownFile()).getMethod(method, Class.class).invoke(null, type);
    }

    private static byte[] ownFile() throws IOException {
        try (InputStream file = PrivateLookup.class.getResourceAsStream("PrivateLookup.class")) {
            return file.readAllBytes();
        }
    }

    /// Called in the visitor's copy of this class too.
    public static MethodHandles.Lookup of(Class<?> inside) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(inside, MethodHandles.lookup());
    }

    /// Called in the visitor's copy of this class.
    public static boolean isInitialized(Class<?> type) throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName(INTERNAL + ".Unsafe");
        Object instance = unsafe.getMethod("getUnsafe").invoke(null);
        return !(boolean)
                unsafe.getMethod("shouldBeInitialized", Class.class).invoke(instance, type);
    }
}
