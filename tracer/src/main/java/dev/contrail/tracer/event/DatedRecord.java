// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.write.Cell;

/// Records events that have a time and a thread of their own: those that somebody else has seen,
/// and told later.
public final class DatedRecord {
    private DatedRecord() {}

    /// Records an event in one target, if that wants it, not in those after it. For one thread at a
    /// time. What fails is counted.
    ///
    /// @param values the fields, in boxes
    public static void put(Target target, long ticks, int vtid, Object[] values) {
        Cell cell = null;
        try {
            if (target.filter != null && !BoxedFilter.accepts(target.filter, values)) {
                return;
            }
            EncodedFields fields = EncodedFields.fitting(target, values);
            if (fields == null) {
                target.pool.countLostDated(1);
                return;
            }
            cell = target.pool.takeDated(vtid);
            if (cell == null) {
                return;
            }
            int start = target.openAt(cell, fields.need(), ticks);
            if (start >= 0) {
                cell.end(fields.put(cell, start));
            }
        } catch (Throwable e) {
            if (cell == null) {
                target.pool.countLostDated(1);
                return;
            }
            cell.failed++;
            cell.limit = 0;
            cell.lock = 0;
        }
    }
}
