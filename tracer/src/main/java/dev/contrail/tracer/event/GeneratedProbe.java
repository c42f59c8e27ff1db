// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Probes: objects of generated classes, one class for each [ProbeShape], which implement the
/// interface that instrumented methods call.
public final class GeneratedProbe {
    private static final Map<ProbeShape, Class<?>> MADE = new HashMap<>();

    private GeneratedProbe() {}

    /// A probe that records nothing yet.
    ///
    /// @param interfaceType what instrumented methods call
    /// @param message reads that of an exception
    public static Object of(
            ProbeShape shape,
            Class<?> interfaceType,
            ValueReader message,
            List<ValueReader> readers)
            throws ReflectiveOperationException {
        Class<?> type = made(shape, interfaceType);
        Object probe = type.getDeclaredConstructor().newInstance();
        set(probe, "message", message);
        for (int i = 0; i < readers.size(); i++) {
            set(probe, "reader" + i, readers.get(i));
        }
        arm(probe, EventPoint.NEVER, EventPoint.NEVER);
        return probe;
    }

    /// From now on the probe records these events.
    public static void arm(Object probe, EventPoint entry, EventPoint exit)
            throws ReflectiveOperationException {
        set(probe, "exit", exit);
        set(probe, "entry", entry);
    }

    private static void set(Object probe, String name, Object value)
            throws ReflectiveOperationException {
        probe.getClass().getDeclaredField(name).set(probe, value);
    }

    private static Class<?> made(ProbeShape shape, Class<?> interfaceType)
            throws IllegalAccessException {
        synchronized (MADE) {
            Class<?> known = MADE.get(shape);
            if (known == null) {
                byte[] file =
                        new ProbeWriter(shape, CodeWriter.internalName(interfaceType)).write();
                known = MethodHandles.lookup().defineHiddenClass(file, true).lookupClass();
                MADE.put(shape, known);
            }
            return known;
        }
    }
}
