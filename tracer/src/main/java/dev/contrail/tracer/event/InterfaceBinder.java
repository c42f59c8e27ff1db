// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes the implementation of an event interface: a class of its own in the interface's package.
///
/// Where that class can see ours, it records by itself. Where it cannot, because its class loader
/// has another copy of this jar or none of this package, or where another copy is the tracer of
/// this process, it holds method handles to a class that can.
public final class InterfaceBinder {
    /// Has the JDK's caches of boxes there before an event needs them at the end of a stack.
    @SuppressWarnings("unused") // making them is the use
    private static final Object[] BOXES = {(byte) 1, (short) 1, (char) 1, 1, 1L};

    private InterfaceBinder() {}

    /// @param lookup into the interface's package
    /// @param host the tracer of this process, see [EventHandles]; null when we are
    public static <T> T bind(
            MethodHandles.Lookup lookup,
            Class<T> events,
            @Nullable Function<Object[], Object> host,
            Problems problems) {
        try {
            List<EventMethod> methods = new ArrayList<>();
            for (Method method : sortedMethods(events)) {
                if (Modifier.isAbstract(method.getModifiers()) && !isObjects(method)) {
                    methods.add(
                            new EventMethod(method, EventSignature.read(events, method, problems)));
                }
            }
            return make(
                    events,
                    host == null && seesUs(events)
                            ? define(lookup, events, recorded(methods))
                            : Forwarding.define(lookup, events, methods, host));
        } catch (Throwable e) { // also one of our own: no stack, no memory, no class file
            problems.say(events.getName() + " is not recorded: " + e);
            return inert(events);
        }
    }

    private static <T> T make(Class<T> events, MethodHandles.Lookup inside) throws Throwable {
        MethodHandle constructor =
                inside.findConstructor(inside.lookupClass(), MethodType.methodType(void.class));
        return events.cast(constructor.invoke());
    }

    /// The implementation of an interface of this module with one method, which begins with a
    /// [Target].
    static <T> T bindBridge(MethodHandles.Lookup lookup, Class<T> events, Method method)
            throws Throwable {
        RecordWriter.Event event =
                new RecordWriter.Event(
                        method.getName(),
                        List.of(method.getParameterTypes()),
                        void.class,
                        null,
                        true);
        return make(events, define(lookup, events, List.of(event)));
    }

    /// An implementation that does nothing.
    public static <T> T inert(Class<T> events) {
        InvocationHandler nothing =
                new InvocationHandler() {
                    @Override
                    public @Nullable Object invoke(
                            Object proxy, Method method, Object[] arguments) {
                        if (method.getName().equals("equals") && isObjects(method)) {
                            return proxy == arguments[0];
                        }
                        if (method.getName().equals("hashCode") && isObjects(method)) {
                            return System.identityHashCode(proxy);
                        }
                        if (method.getReturnType() == String.class) {
                            return events.getName();
                        }
                        return method.getReturnType().isPrimitive()
                                ? zeroOf(method.getReturnType())
                                : null;
                    }
                };
        return events.cast(
                Proxy.newProxyInstance(events.getClassLoader(), new Class<?>[] {events}, nothing));
    }

    private static @Nullable Object zeroOf(Class<?> type) {
        return type == void.class ? null : Array.get(Array.newInstance(type, 1), 0);
    }

    /// @throws IllegalArgumentException when `events` is not an interface
    public static void check(Class<?> events) {
        if (!events.isInterface() || events.isAnnotation()) {
            throw new IllegalArgumentException(events.getName() + " is not an interface");
        }
    }

    /// What every object has already, of what an interface may declare.
    private static boolean isObjects(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        String name = method.getName();
        if (parameters.length == 0) {
            return name.equals("hashCode") || name.equals("toString");
        }
        return parameters.length == 1 && parameters[0] == Object.class && name.equals("equals");
    }

    /// Event numbers should not depend on the order in which the JVM lists methods.
    private static List<Method> sortedMethods(Class<?> events) {
        List<Method> methods = new ArrayList<>(Arrays.asList(events.getMethods()));
        methods.sort(Comparator.comparing(Method::getName).thenComparing(Method::toString));
        return methods;
    }

    /// Whether a class beside the interface would find this package's classes by their names.
    private static boolean seesUs(Class<?> events) {
        try {
            return Class.forName(EventPoint.class.getName(), false, events.getClassLoader())
                            == EventPoint.class
                    && Class.forName(WriterPool.class.getName(), false, events.getClassLoader())
                            == WriterPool.class;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static List<RecordWriter.Event> recorded(List<EventMethod> methods) {
        List<RecordWriter.Event> recorded = new ArrayList<>();
        for (EventMethod each : methods) {
            recorded.add(
                    new RecordWriter.Event(
                            each.method().getName(),
                            List.of(each.method().getParameterTypes()),
                            each.method().getReturnType(),
                            each.signature() == null ? null : each.signature().point(),
                            false));
        }
        return recorded;
    }

    /// A hidden class, which is unloaded as soon as nobody uses it; where the lookup, being from
    /// another module, may not define one, a class like any other.
    private static MethodHandles.Lookup define(
            MethodHandles.Lookup lookup, Class<?> events, List<RecordWriter.Event> recorded)
            throws IllegalAccessException {
        openToGenerated(events.getModule());
        byte[] file =
                new ImplementationWriter(
                                GeneratedClass.nameBeside(events),
                                CodeWriter.internalName(events),
                                recorded)
                        .write();
        if (lookup.hasFullPrivilegeAccess()) {
            return lookup.defineHiddenClass(file, true, MethodHandles.Lookup.ClassOption.NESTMATE);
        }
        return lookup.in(lookup.defineClass(file));
    }

    /// What generated code calls is exported to the module it lands in, and to no other.
    private static void openToGenerated(Module target) {
        Module own = InterfaceBinder.class.getModule();
        if (!own.isNamed()) {
            return;
        }
        own.addExports(InterfaceBinder.class.getPackageName(), target);
        own.addExports(WriterPool.class.getPackageName(), target);
    }
}
