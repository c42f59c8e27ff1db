// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.ring.EventField;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Event classes as method handles, for callers that do not share our classes: another copy of this
/// jar, of this version or not. What goes between copies are types of the JDK only.
public final class EventHandles {
    /// The request: this, the event's name, its log level, the names of its fields, their types.
    /// The answer: a method handle that takes the fields and returns nothing; null when it cannot
    /// be.
    public static final String REQUEST = "event";

    private static final MethodHandles.Lookup OURS = MethodHandles.lookup();
    private static final AtomicInteger CLASSES = new AtomicInteger();

    private EventHandles() {}

    /// Asks the host, or makes the handle here when we are it (null).
    static @Nullable MethodHandle find(
            @Nullable Function<Object[], Object> host, EventSignature signature, MethodType type) {
        List<String> names = new ArrayList<>();
        for (EventField field : signature.fields()) {
            names.add(field.name());
        }
        Object[] request = {
            REQUEST,
            signature.name(),
            signature.logLevel(),
            names.toArray(new String[0]),
            type.parameterArray()
        };
        Object answer = host == null ? answer(request) : host.apply(request);
        return answer instanceof MethodHandle handle && handle.type().equals(type) ? handle : null;
    }

    /// Answers [#REQUEST].
    public static @Nullable MethodHandle answer(Object[] request) {
        try {
            String[] names = (String[]) request[3];
            Class<?>[] types = (Class<?>[]) request[4];
            List<EventField> fields = new ArrayList<>();
            for (int i = 0; i < types.length; i++) {
                fields.add(new EventField(names[i], EventSignature.typeOf(types[i])));
            }
            EventPoint point = EventClasses.of((String) request[1], (Integer) request[2], fields);
            return implement(point, MethodType.methodType(void.class, types));
        } catch (Throwable e) {
            return null; // the caller does without
        }
    }

    private static MethodHandle implement(EventPoint point, MethodType type)
            throws ReflectiveOperationException {
        String name =
                CodeWriter.internalName(EventHandles.class)
                        + "$$Contrail"
                        + CLASSES.incrementAndGet();
        RecordWriter.Event event =
                new RecordWriter.Event("emit", type.parameterList(), void.class, point, false);
        byte[] file = new ImplementationWriter(name, null, List.of(event)).write();
        MethodHandles.Lookup inside = OURS.defineHiddenClass(file, true);
        MethodHandle made =
                inside.findConstructor(inside.lookupClass(), MethodType.methodType(void.class));
        try {
            return inside.findVirtual(inside.lookupClass(), "emit", type).bindTo(made.invoke());
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
