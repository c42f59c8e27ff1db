// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.ctf.TraceClass;
import java.util.Arrays;
import java.util.Map;

/// What tracers are known to have wrong in the times of their packets, told by the environment of a
/// trace (`ctf.md` section 10; found by what babeltrace2 shows of such packets).
///
/// @param beginsLate the first event may lie before its packet's begin (barectf before 2.3.1)
/// @param endsEarly the last event may lie after its packet's end (LTTng before 2.11)
/// @param endsAtZero a packet that a crash has cut short ends at 0 (LTTng)
record TracerFaults(boolean beginsLate, boolean endsEarly, boolean endsAtZero) {
    private static final int[] BARECTF = {2, 3, 1};
    private static final int[] LTTNG = {2, 11, 0};
    private static final int[] LTTNG_MODULES_2_10 = {2, 10, 10};
    private static final int[] LTTNG_MODULES_2_9 = {2, 9, 13};

    static TracerFaults of(TraceClass trace) {
        Map<String, Object> environment = trace.environment();
        int[] version = {
            number(environment.getOrDefault("tracer_major", 0L)),
            number(environment.getOrDefault("tracer_minor", 0L)),
            number(
                    environment.getOrDefault(
                            "tracer_patch", environment.getOrDefault("tracer_patchlevel", 0L)))
        };
        return switch (environment.getOrDefault("tracer_name", "").toString()) {
            case "barectf" -> new TracerFaults(isBefore(version, BARECTF), false, false);
            case "lttng-ust" -> new TracerFaults(false, isBefore(version, LTTNG), true);
            case "lttng-modules" -> {
                boolean isMended =
                        version[0] == 2
                                && (version[1] == 10 && !isBefore(version, LTTNG_MODULES_2_10)
                                        || version[1] == 9
                                                && !isBefore(version, LTTNG_MODULES_2_9));
                yield new TracerFaults(false, isBefore(version, LTTNG) && !isMended, true);
            }
            default -> new TracerFaults(false, false, false);
        };
    }

    /// The ticks at which a packet ends.
    ///
    /// @param ends what it says itself
    /// @param last of its last event
    long end(long ends, long last) {
        boolean isWrong = endsEarly && Long.compareUnsigned(ends, last) < 0;
        return isWrong || endsAtZero && ends == 0 ? last : ends;
    }

    /// Whether only the events can tell when a packet ends.
    ///
    /// @param ends what it says itself
    boolean isEndUncertain(long ends) {
        return endsEarly || endsAtZero && ends == 0;
    }

    private static int number(Object value) {
        return value instanceof Long number ? number.intValue() : 0;
    }

    private static boolean isBefore(int[] version, int[] other) {
        return Arrays.compare(version, other) < 0;
    }
}
