// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.process.OtherThread;
import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.write.Cell;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Objects;

/// Records events that have a time and a thread of their own: those that somebody else has seen,
/// and told later.
public final class DatedRecord {
    private DatedRecord() {}

    /// Records an event in one target, if that wants it, not in those after it. For one thread at a
    /// time. What fails is counted.
    ///
    /// @param thread whose event it is
    /// @param values the fields, in boxes
    public static void put(Target target, long ticks, OtherThread thread, Object[] values) {
        TracerThread.actFor(thread);
        try {
            putOf(thread.vtid(), target, ticks, values);
        } finally {
            TracerThread.actFor(null);
        }
    }

    private static void putOf(int vtid, Target target, long ticks, Object[] values) {
        Cell cell = null;
        try {
            if (target.filter != null && !BoxedFilter.accepts(target.filter, values)) {
                return;
            }
            EncodedFields fields = EncodedFields.fitting(target, values);
            if (fields == null) {
                target.pool.countLostDated(1);
                return;
            }
            cell = target.pool.takeDated(vtid);
            if (cell == null) {
                return;
            }
            int start = target.openAt(cell, fields.need(), ticks);
            if (start >= 0) {
                cell.end(fields.put(cell, start));
            }
        } catch (Throwable e) {
            if (cell == null) {
                target.pool.countLostDated(1);
                return;
            }
            cell.failed++;
            cell.limit = 0;
            cell.lock = 0;
        }
    }

    /// Asks the filter of a [Target] about an event whose fields are in boxes.
    private static final class BoxedFilter {
        /// By the class above the filters that names the fields' types.
        private static final ClassValue<MethodHandle> ACCEPTS =
                new ClassValue<>() {
                    @Override
                    protected MethodHandle computeValue(Class<?> type) {
                        return accepts(type);
                    }
                };

        private BoxedFilter() {}

        private static MethodHandle accepts(Class<?> type) {
            try {
                for (Method method : type.getDeclaredMethods()) {
                    if (method.getName().equals("accepts")) {
                        return MethodHandles.lookup()
                                .unreflect(method)
                                .asSpreader(Object[].class, method.getParameterCount())
                                .asType(
                                        MethodType.methodType(
                                                boolean.class, TargetFilter.class, Object[].class));
                    }
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
            throw new IllegalStateException(type + " accepts nothing");
        }

        /// @param values boxes of the parameters' types
        static boolean accepts(TargetFilter filter, Object[] values) throws Throwable {
            Class<?> shape = Objects.requireNonNull(filter.getClass().getSuperclass());
            return (boolean) ACCEPTS.get(shape).invokeExact(filter, values);
        }
    }
}
