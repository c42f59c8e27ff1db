// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Message.EventRecord;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Which end of what is selected otherwise is wanted; both bounds hold where both are given.
///
/// The kernel's state dump is no part of an end: a snapshot's is taken last, and tells of what was
/// there before. A filter may ask for it.
///
/// @param nanos only events this long before the last one, and that
/// @param events only so many, the last ones, 1 to [#MOST_EVENTS]
public record Ending(OptionalLong nanos, OptionalInt events) {
    /// Their times are held in memory: 80 MB.
    public static final int MOST_EVENTS = 10_000_000;

    private static final String STATE_DUMP = "lttng_statedump_";

    /// Everything.
    public static final Ending NONE = new Ending(OptionalLong.empty(), OptionalInt.empty());

    public Ending {
        if (nanos.orElse(0) < 0 || events.orElse(1) < 1 || events.orElse(1) > MOST_EVENTS) {
            throw new IllegalArgumentException("nanos=" + nanos + ", events=" + events);
        }
    }

    /// Whether it leaves anything out.
    public boolean isBounded() {
        return nanos.isPresent() || events.isPresent();
    }

    /// Whether an event is the kernel's word on what there is, not on what happens.
    static boolean isStateDump(EventRecord event) {
        return event.name().startsWith(STATE_DUMP);
    }
}
