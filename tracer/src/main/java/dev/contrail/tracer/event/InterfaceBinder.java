// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.WriterPool;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes the implementation of an event interface: a class of its own in the interface's package.
public final class InterfaceBinder {
    private static final AtomicInteger CLASSES = new AtomicInteger();

    private InterfaceBinder() {}

    /// @param lookup into the interface's package
    /// @throws IllegalArgumentException when a method cannot be an event, or the lookup is too weak
    public static <T> T bind(MethodHandles.Lookup lookup, Class<T> events) {
        if (!events.isInterface() || events.isAnnotation())
            throw new IllegalArgumentException(events.getName() + " is not an interface");
        List<ImplementationWriter.Event> methods = new ArrayList<>();
        for (Method method : sortedMethods(events)) {
            if (!Modifier.isAbstract(method.getModifiers())) continue;
            methods.add(
                    new ImplementationWriter.Event(
                            method.getName(),
                            List.of(method.getParameterTypes()),
                            EventSignature.read(events, method)));
        }
        openToGenerated(events.getModule());
        try {
            MethodHandles.Lookup inside = define(lookup, events, methods);
            MethodHandle constructor =
                    inside.findConstructor(inside.lookupClass(), MethodType.methodType(void.class));
            return events.cast(constructor.invoke());
        } catch (Throwable e) {
            throw new IllegalArgumentException("cannot implement " + events.getName(), e);
        }
    }

    /// Event numbers should not depend on the order in which the JVM lists methods.
    private static List<Method> sortedMethods(Class<?> events) {
        List<Method> methods = new ArrayList<>(Arrays.asList(events.getMethods()));
        methods.sort(Comparator.comparing(Method::getName).thenComparing(Method::toString));
        return methods;
    }

    /// A hidden class, which is unloaded as soon as nobody uses it; where the lookup, being from
    /// another module, may not define one, a class like any other.
    private static MethodHandles.Lookup define(
            MethodHandles.Lookup lookup, Class<?> events, List<ImplementationWriter.Event> methods)
            throws IllegalAccessException {
        String name =
                ImplementationWriter.internalName(events)
                        + "$$Contrail"
                        + CLASSES.incrementAndGet();
        byte[] file = new ImplementationWriter(name, events, methods).write();
        if (lookup.hasFullPrivilegeAccess())
            return lookup.defineHiddenClass(file, true, MethodHandles.Lookup.ClassOption.NESTMATE);
        return lookup.in(lookup.defineClass(file));
    }

    /// What generated code calls is exported to the module it lands in, and to no other.
    private static void openToGenerated(Module target) {
        Module own = InterfaceBinder.class.getModule();
        if (!own.isNamed()) return;
        own.addExports(InterfaceBinder.class.getPackageName(), target);
        own.addExports(WriterPool.class.getPackageName(), target);
    }
}
