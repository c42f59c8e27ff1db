// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Probes: objects of generated classes, one class for each [ProbeShape], which implement the
/// interface that instrumented methods call. Public because those call it.
///
/// A probe is made and armed in the middle of the application's class loading: by fields and calls,
/// without reflection or method handles, which load classes of the JDK when they have been used for
/// a while.
public abstract class GeneratedProbe {
    private static final Map<ProbeShape, GeneratedProbe> MADE = new HashMap<>();

    /// The first probe of a class that is being initialised.
    static @Nullable GeneratedProbe first;

    EventPoint entry = EventPoint.NEVER;
    EventPoint exit = EventPoint.NEVER;

    /// Reads that of an exception.
    @Nullable ValueReader message;

    /// A probe that records nothing yet.
    ///
    /// @param interfaceType what instrumented methods call
    /// @param message reads that of an exception
    public static GeneratedProbe of(
            ProbeShape shape,
            Class<?> interfaceType,
            ValueReader message,
            List<ValueReader> readers)
            throws IllegalAccessException {
        GeneratedProbe probe = made(shape, interfaceType).next();
        probe.message = message;
        probe.read(readers.toArray(new ValueReader[0]));
        return probe;
    }

    /// From now on the probe records these events.
    public final void arm(EventPoint entryPoint, EventPoint exitPoint) {
        exit = exitPoint;
        entry = entryPoint;
    }

    /// Another one of the same class.
    abstract GeneratedProbe next();

    /// Keeps what reads fields from objects.
    abstract void read(ValueReader[] readers);

    @SuppressWarnings("NullAway") // a class that is initialised has made one
    private static GeneratedProbe made(ProbeShape shape, Class<?> interfaceType)
            throws IllegalAccessException {
        synchronized (MADE) {
            GeneratedProbe known = MADE.get(shape);
            if (known == null) {
                byte[] file =
                        new ProbeWriter(
                                        shape,
                                        CodeWriter.internalName(GeneratedProbe.class),
                                        CodeWriter.internalName(interfaceType))
                                .write();
                MethodHandles.lookup().defineHiddenClass(file, true);
                known = first;
                first = null;
                MADE.put(shape, known);
            }
            return known;
        }
    }
}
