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
import org.jspecify.annotations.Nullable;

/// Records events whose fields are in boxes: those that come seldom, and those that somebody else
/// has seen and told later, which have a time and a thread of their own.
public final class BoxedRecord {
    private BoxedRecord() {}

    /// Records an event of the calling thread in one target, which has no filter; not in those
    /// after it. What fails is counted.
    ///
    /// @param values the fields, in boxes
    /// @return whether it is recorded
    public static boolean put(Target target, @Nullable Object... values) {
        Cell cell = null;
        try {
            EncodedFields fields = EncodedFields.fitting(target, values);
            if (fields == null) {
                target.countLost();
                return false;
            }
            cell = target.take();
            if (cell == null) {
                return false;
            }
            int start = target.open(cell, fields.need());
            if (start < 0) {
                return false;
            }
            cell.end(fields.put(cell, start));
            return true;
        } catch (Throwable e) {
            if (cell == null) {
                target.countLost();
            } else {
                leave(cell);
            }
            return false;
        }
    }

    /// Records an event that has a time of its own in one target, if that wants it; not in those
    /// after it. For one thread at a time, which records nothing else so: the times of these
    /// records never go back. What fails is counted.
    ///
    /// @param thread whose event it is
    /// @param values the fields, in boxes
    /// @return false when it is lost
    public static boolean putAt(Target target, long ticks, OtherThread thread, Object[] values) {
        return putOf(thread, target, true, ticks, values);
    }

    /// Records another thread's event of this moment, as [#putAt] does. Any thread.
    public static boolean putFor(Target target, OtherThread thread, Object[] values) {
        return putOf(thread, target, false, 0, values);
    }

    private static boolean putOf(
            OtherThread thread, Target target, boolean isDated, long ticks, Object[] values) {
        Cell cell = null;
        TracerThread.actFor(thread);
        try {
            if (target.filter != null && !BoxedFilter.accepts(target.filter, values)) {
                return true;
            }
            EncodedFields fields = EncodedFields.fitting(target, values);
            if (fields == null) {
                countLost(target, isDated);
                return false;
            }
            cell =
                    isDated
                            ? target.pool.takeDated(thread.vtid())
                            : target.pool.takeFor(thread.vtid());
            if (cell == null) {
                return false;
            }
            int start =
                    isDated
                            ? target.openAt(cell, fields.need(), ticks)
                            : target.open(cell, fields.need());
            if (start < 0) {
                return false;
            }
            cell.end(fields.put(cell, start));
            return true;
        } catch (Throwable e) {
            if (cell == null) {
                countLost(target, isDated);
            } else {
                leave(cell);
            }
            return false;
        } finally {
            TracerThread.actFor(null);
        }
    }

    private static void countLost(Target target, boolean isDated) {
        if (isDated) {
            target.pool.countLostDated(1);
        } else {
            target.countLost();
        }
    }

    /// Gives back a cell in which a record has failed, as generated code does: see [RecordWriter].
    private static void leave(Cell cell) {
        cell.failed++;
        cell.limit = 0;
        cell.inside = false;
        cell.slot.isInside = cell.wasInside;
        cell.lock = 0;
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
