// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.write.Cell;
import org.jspecify.annotations.Nullable;

/// Records events of the calling thread whose fields are in boxes: those that come seldom.
public final class BoxedRecord {
    private BoxedRecord() {}

    /// Records an event in one target, not in those after it. What fails is counted. A target of
    /// such events has no filter.
    ///
    /// @param values the fields, in boxes
    /// @return whether it is recorded
    public static boolean put(Target target, @Nullable Object... values) {
        Cell cell = null;
        try {
            EncodedFields fields = EncodedFields.fitting(target, values);
            if (fields == null) {
                target.countLost();
                return false;
            }
            cell = target.take();
            if (cell == null) {
                return false;
            }
            int start = target.open(cell, fields.need());
            if (start < 0) {
                return false;
            }
            cell.end(fields.put(cell, start));
            return true;
        } catch (Throwable e) {
            if (cell == null) {
                target.countLost();
            } else {
                cell.failed++;
                cell.limit = 0;
                cell.lock = 0;
            }
            return false;
        }
    }
}
