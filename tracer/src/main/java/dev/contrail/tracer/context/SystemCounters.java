// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.filter.ContextSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What the system knows of the calling thread, or of the thread that carries it: its number in the
/// C library, and what it has counted for it since it began, under the names of perf's software
/// counters. Without a descriptor for each thread, as perf's own would take.
final class SystemCounters {
    private static final String PERF = "perf:thread:";

    private static final Map<String, LongSupplier> READERS = readers();

    /// No counter's value.
    private static final long FAILED = -1;

    /// Whether a channel has wanted one.
    private static volatile boolean isWanted;

    private SystemCounters() {}

    private static Map<String, LongSupplier> readers() {
        Map<String, LongSupplier> readers = new LinkedHashMap<>();
        readers.put("pthread_id", ThreadUsage::pthread);
        readers.put(PERF + "cpu-clock", ThreadUsage::nanos);
        readers.put(PERF + "task-clock", ThreadUsage::nanos);
        readers.put(PERF + "page-fault", ThreadUsage::faults);
        readers.put(PERF + "faults", ThreadUsage::faults);
        readers.put(PERF + "minor-faults", ThreadUsage::minorFaults);
        readers.put(PERF + "major-faults", ThreadUsage::majorFaults);
        readers.put(PERF + "context-switches", ThreadUsage::contextSwitches);
        readers.put(PERF + "cs", ThreadUsage::contextSwitches);
        return readers;
    }

    /// As `add-context` knows them.
    static Iterable<String> names() {
        return READERS.keySet();
    }

    /// As a field, of one of these contexts or another.
    static String field(String name) {
        return name.replace('-', '_').replace(':', '_');
    }

    /// 0 where this JVM cannot ask, and of other threads.
    ///
    /// @return null when there is none
    static @Nullable ContextSource source(String field) {
        for (Map.Entry<String, LongSupplier> each : READERS.entrySet()) {
            if (field(each.getKey()).equals(field)) {
                isWanted = true;
                LongSupplier reader = each.getValue();
                // Read here, too, so that the program's first event loads nothing.
                boolean isPossible =
                        ThreadUsage.problem().isEmpty() && reader.getAsLong() != FAILED;
                return Sources.number(isPossible ? reader : () -> 0, other -> 0);
            }
        }
        return null;
    }

    /// Why those that were wanted are 0; empty when they are not. Any thread.
    static String problem() {
        String problem = isWanted ? ThreadUsage.problem() : "";
        return problem.isEmpty() ? "" : "pthread_id and perf:thread:… are 0 there: " + problem;
    }
}
