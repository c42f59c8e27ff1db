// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.code.PrivateLookup;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/// Whether the application has initialised its `LogManager`: until then we must not ask it
/// anything, because that would.
final class ManagerState {
    private ManagerState() {}

    static boolean isInitialized(Instrumentation agent) throws Exception {
        Class<?> type = Class.forName("java.util.logging.LogManager", false, null);
        return PrivateLookup.isInitialized(agent, type) && Fields.isDone(agent);
    }

    /// The class is there: its fields may be looked at.
    private static final class Fields {
        @SuppressWarnings("NullAway.Init") // found together with the other
        private static VarHandle manager;

        private static @Nullable VarHandle isDone;

        private Fields() {}

        static synchronized boolean isDone(Instrumentation agent) throws Exception {
            if (isDone == null) {
                MethodHandles.Lookup lookup = PrivateLookup.into(agent, LogManager.class);
                manager = lookup.findStaticVarHandle(LogManager.class, "manager", LogManager.class);
                isDone =
                        lookup.findVarHandle(LogManager.class, "initializationDone", boolean.class);
            }
            LogManager made = (LogManager) manager.get();
            return made != null && (boolean) isDone.getVolatile(made);
        }
    }
}
