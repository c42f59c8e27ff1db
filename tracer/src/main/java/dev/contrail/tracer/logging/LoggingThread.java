// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.ring.write.ThreadFacts;

/// The Java id of the thread that logs.
final class LoggingThread {
    private LoggingThread() {}

    /// Before JDK 19 this may call the application.
    static long id(Thread thread) {
        return ThreadFacts.javaId(thread);
    }

    /// The name of the calling thread, if `id` is its id; else empty. Asks a thread that can say
    /// anything nothing: what it logs is its own as a rule.
    static String nameIf(long id) {
        Thread thread = Thread.currentThread();
        return ThreadFacts.hasOwnId(thread) && id(thread) != id ? "" : thread.getName();
    }
}
