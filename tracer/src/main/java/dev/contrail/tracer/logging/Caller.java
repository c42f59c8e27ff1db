// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogRecord;

/// Whether the caller of a log statement is known: it named itself (`logp`, `entering`), or a
/// handler before ours has asked.
///
/// Asking a record for its source class walks the stack when it is not known. Whether it is, is in
/// a private field; an agent may open the package to itself, and reads it. Without an agent the
/// answer is always no.
final class Caller {
    private static final VarHandle IS_UNKNOWN = find();

    private Caller() {}

    static boolean isKnown(LogRecord record) {
        return IS_UNKNOWN != null && !(boolean) IS_UNKNOWN.get(record);
    }

    private static VarHandle find() {
        Instrumentation agent = LogBridge.agent();
        if (agent == null) return null;
        try {
            Module own = Caller.class.getModule();
            agent.redefineModule(
                    LogRecord.class.getModule(),
                    Set.of(),
                    Map.of(),
                    Map.of(LogRecord.class.getPackageName(), Set.of(own)),
                    Set.of(),
                    Map.of());
            return MethodHandles.privateLookupIn(LogRecord.class, MethodHandles.lookup())
                    .findVarHandle(LogRecord.class, "needToInferCaller", boolean.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
