// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.EncodedFields;
import dev.contrail.tracer.tap.Glob;
import dev.contrail.tracer.tap.LogCapture;
import java.util.function.Consumer;

/// Records the events of a log system that the application brings, and whose classes are not known
/// here: it may be there several times, each in a class loader of its own.
///
/// As [LogRecords]: runs in the application's threads, takes no lock, logs nothing, lets nothing
/// escape. For what it calls of the application see [Nesting].
final class LogEvents implements Consumer<Object> {
    private final LogRoutes system;
    private final ClassValue<? extends EventReader> readers;

    /// @param readers by the events' class
    LogEvents(LogRoutes system, ClassValue<? extends EventReader> readers) {
        this.system = system;
        this.readers = readers;
    }

    /// Loads what the first event needs, so that no application's thread has to.
    static void load() throws ClassNotFoundException {
        Class<?>[] needed = {
            EncodedFields.class,
            Caller.class,
            Glob.class,
            Getters.class,
            LogEvents.class,
            LoggingThread.class,
            Nesting.class,
            EventReader.Reading.class,
            LogStatement.class,
            ThrownText.class
        };
        LogCapture.load(needed);
        Getters.prepare();
        FirstStatement.rehearse();
    }

    /// Prepares the reading of events in a program that runs: it takes some 20 ms, which the thread
    /// that logs next would wait.
    static final class Preparation implements LogCapture.Preparation {
        private final String event;
        private final ClassValue<?> readers;

        /// @param event the name of what all events are
        Preparation(String event, ClassValue<?> readers) {
            this.event = event;
            this.readers = readers;
        }

        @Override
        public void run() throws ClassNotFoundException {
            load();
        }

        @Override
        public void loaded(Class<?> type) {
            if (type.getName().equals(event)) {
                try {
                    readers.get(type);
                } catch (RuntimeException | LinkageError e) {
                    // another version: the first event tells
                }
            }
        }
    }

    @Override
    public void accept(Object event) {
        LogRoutes.Route[] routes = system.routes;
        if (routes.length == 0) {
            return;
        }
        int[] depth = null;
        boolean isRead = false;
        try {
            depth = Nesting.depth();
            depth[0]++;
            if (depth[0] <= Nesting.MOST_DEPTH) {
                EventReader reader = readers.get(event.getClass());
                LogStatement.record(routes, reader, event, depth[0] == 1);
                isRead = true;
            }
        } catch (Throwable e) {
            // of the application's; or there is no stack, or no memory
        } finally {
            if (depth != null) {
                depth[0]--; // no call: there may be no stack for one
            }
        }
        if (isRead) {
            return;
        }
        for (int i = 0; i < routes.length; i++) {
            routes[i].target.pool.unheldLost++;
        }
    }
}
