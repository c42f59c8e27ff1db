// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// The Java id of the thread that logs.
final class LoggingThread {
    /// Null before JDK 19, where a thread can say that it has another id.
    private static final @Nullable MethodHandle ID = find();

    private LoggingThread() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "threadId", MethodType.methodType(long.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /// Before JDK 19 this may call the application.
    @SuppressWarnings("deprecation") // there is no other before JDK 19
    static long id(Thread thread) throws Throwable {
        return ID == null ? thread.getId() : (long) ID.invokeExact(thread);
    }

    /// The name of the calling thread, if `id` is its id; else empty. Asks a thread that can say
    /// anything nothing: what it logs is its own as a rule.
    static String nameIf(long id) throws Throwable {
        Thread thread = Thread.currentThread();
        boolean isKnown = ID != null || thread.getClass() == Thread.class;
        return isKnown && id(thread) != id ? "" : thread.getName();
    }
}
