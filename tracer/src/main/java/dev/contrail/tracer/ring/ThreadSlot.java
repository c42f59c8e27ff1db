// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the tracer keeps of a platform thread. Owned by that thread.
final class ThreadSlot {
    static final ThreadLocal<ThreadSlot> SLOTS = ThreadLocal.withInitial(ThreadSlot::new);

    private static final MethodHandle ID = findId();
    private static final MethodHandle IS_VIRTUAL = findIsVirtual();

    final int vtid = operatingSystemId();

    /// Events by way of shared cells.
    int coldEvents;

    private ThreadSlot() {}

    /// The Java id. On JDK 19 and later `Thread.threadId`, which cannot be overridden.
    static long id(Thread thread) throws Throwable {
        return (long) ID.invokeExact(thread);
    }

    /// On JDK 21 and later `Thread.isVirtual`, before that never.
    static boolean isVirtual(Thread thread) throws Throwable {
        return (boolean) IS_VIRTUAL.invokeExact(thread);
    }

    /// The `vtid` of a virtual thread: minus the low 31 bits of its Java thread id.
    static int virtualId(Thread thread) {
        return -(int) (thread.getId() & 0x7fffffff);
    }

    private static MethodHandle findId() {
        MethodType type = MethodType.methodType(long.class);
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            return lookup.findVirtual(Thread.class, "threadId", type);
        } catch (ReflectiveOperationException e) {
            try {
                return lookup.findVirtual(Thread.class, "getId", type);
            } catch (ReflectiveOperationException f) {
                throw new ExceptionInInitializerError(f);
            }
        }
    }

    private static MethodHandle findIsVirtual() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return MethodHandles.dropArguments(
                    MethodHandles.constant(boolean.class, false), 0, Thread.class);
        }
    }

    /// The link `/proc/thread-self` reads `PID/task/TID`. Without it: the Java id.
    private static int operatingSystemId() {
        try {
            Path task = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return Integer.parseInt(task.getFileName().toString());
        } catch (Exception e) {
            return (int) Thread.currentThread().getId();
        }
    }
}
