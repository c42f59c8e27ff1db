// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.process.OtherThread;

/// An event of JFR's, read.
///
/// @param type what JFR calls it
/// @param point what it is recorded as
/// @param epochNanos its end, by JFR's clock
/// @param durationNanos `Long.MAX_VALUE`: it has none, and passes every threshold
/// @param thread whose it is
/// @param values of its fields, in boxes
record LateRecord(
        String type,
        EventPoint point,
        long epochNanos,
        long durationNanos,
        OtherThread thread,
        Object[] values) {
    private static final int USUAL_BYTES = 128;

    /// About what it takes.
    int bytes() {
        int bytes = USUAL_BYTES;
        for (Object value : values) {
            bytes += value instanceof String text ? 2 * text.length() : Long.BYTES;
        }
        return bytes;
    }
}
