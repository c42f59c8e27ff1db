// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.event.EventPoint;

/// An event of JFR's, read.
///
/// @param type what JFR calls it
/// @param point what it is recorded as
/// @param epochNanos its end, by JFR's clock
/// @param durationNanos `Long.MAX_VALUE`: it has none, and passes every threshold
/// @param vtid of its thread, 0 for none
/// @param values of its fields, in boxes
record LateRecord(
        String type,
        EventPoint point,
        long epochNanos,
        long durationNanos,
        int vtid,
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
