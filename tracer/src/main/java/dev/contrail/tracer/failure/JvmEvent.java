// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.event.Bridge;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.EventField;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An event class of this package's. What records it is made when somebody wants it.
final class JvmEvent<T> {
    final EventPoint point;
    private final Class<T> type;
    private volatile @Nullable T bound;

    /// @param type an interface as [Bridge] takes
    /// @param fields of its parameters after the target
    JvmEvent(Class<T> type, String name, int logLevel, List<EventField> fields) {
        this.point = EventClasses.of(name, logLevel, fields);
        this.type = type;
    }

    /// Makes what records it. One thread at a time, none of the application's.
    T bind() {
        T known = bound;
        if (known == null) {
            String[] fields = EventField.names(point.fields());
            known = Bridge.bind(MethodHandles.lookup(), type, point.name(), fields).event;
            bound = known;
        }
        return known;
    }

    /// What records it; null before [#bind]. Any thread.
    @Nullable T bound() {
        return bound;
    }

    /// Counts one event that could not be recorded. Any thread, also one without memory.
    static void countLost(Target targets) {
        for (Target each = targets; each != null; each = each.next) {
            each.pool.unheldLost++;
        }
    }
}
