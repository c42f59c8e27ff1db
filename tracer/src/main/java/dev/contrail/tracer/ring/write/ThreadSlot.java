// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the tracer keeps of a platform thread. Owned by that thread.
///
/// Nothing here but [#operatingSystemId], which has a guard, calls a method that a program can
/// override, or that can be instrumented: see [Cell].
final class ThreadSlot {
    private static final ThreadLocal<ThreadSlot> SLOTS = new ThreadLocal<>();

    /// Whether a program's threads can say that they have another id: before JDK 19.
    private static final boolean IS_ID_THEIRS;

    private static final @Nullable MethodHandle ID;
    private static final MethodHandle IS_VIRTUAL = findIsVirtual();

    static {
        MethodHandle id = find("threadId");
        IS_ID_THEIRS = id == null;
        ID = id != null ? id : find("getId");
    }

    /// 0 before it is known.
    int vtid;

    /// Events by way of shared cells.
    int coldEvents;

    private boolean isAsking;

    private ThreadSlot() {}

    /// The calling thread's.
    ///
    /// @return null in an event on the way to the thread's id, which asks the JDK for it
    static @Nullable ThreadSlot current() {
        ThreadSlot slot = SLOTS.get();
        if (slot == null) {
            SLOTS.set(slot = new ThreadSlot());
        }
        return slot.vtid != 0 || slot.ask() ? slot : null;
    }

    private boolean ask() {
        if (isAsking) {
            return false;
        }
        isAsking = true;
        try {
            vtid = operatingSystemId();
            RecordingThread.add(vtid, Thread.currentThread());
        } finally {
            isAsking = false; // no call: there may be no stack for one
        }
        return true;
    }

    /// What tells the calling thread from nearly all others: its Java id, as long as it cannot be
    /// overridden. Threads that are made one after the other have numbers that are.
    static int index(Thread thread) throws Throwable {
        if (!IS_ID_THEIRS || thread.getClass() == Thread.class) {
            return (int) id(thread);
        }
        ThreadSlot slot = current();
        return slot == null ? 0 : slot.vtid;
    }

    @SuppressWarnings("NullAway") // every JDK has one of the two methods
    static long id(Thread thread) throws Throwable {
        return (long) ID.invokeExact(thread);
    }

    /// On JDK 21 and later `Thread.isVirtual`, before that never.
    static boolean isVirtual(Thread thread) throws Throwable {
        return (boolean) IS_VIRTUAL.invokeExact(thread);
    }

    /// The `vtid` of a virtual thread: minus the low 31 bits of its Java thread id.
    static int virtualId(Thread thread) throws Throwable {
        return -(int) (id(thread) & 0x7fffffff);
    }

    /// Null when there is no such method.
    private static @Nullable MethodHandle find(String method) {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Thread.class, method, MethodType.methodType(long.class));
        } catch (ReflectiveOperationException e) {
            return null;
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
