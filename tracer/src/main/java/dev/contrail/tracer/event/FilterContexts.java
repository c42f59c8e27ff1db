// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.ValueKind;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.ProgramName;
import dev.contrail.tracer.ring.write.WriterPool;
import org.jspecify.annotations.Nullable;

/// The contexts that filters can name, whether they are recorded or not.
final class FilterContexts {
    private FilterContexts() {}

    /// @param name as it stands in traces: `vtid`, `app_PROVIDER_NAME`
    /// @return null when there is none
    static @Nullable ContextSource named(String name) {
        return switch (name) {
            case "vtid" -> new CallingThread();
            case "vpid" -> new Fixed(ValueKind.INTEGER, ProcFacts.processId(), "");
            case "procname" -> new Fixed(ValueKind.TEXT, 0, ProgramName.ofPackets());
            default -> null;
        };
    }

    private static final class CallingThread implements ContextSource {
        @Override
        public ValueKind kind() {
            return ValueKind.INTEGER;
        }

        @Override
        public long number() {
            return WriterPool.currentThreadId();
        }

        @Override
        public @Nullable String text() {
            return null;
        }
    }

    private record Fixed(ValueKind kind, long number, String text) implements ContextSource {}
}
