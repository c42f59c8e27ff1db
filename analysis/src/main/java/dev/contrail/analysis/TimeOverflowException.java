// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;

/// A time cannot be shown, as it lies beyond what 64 bits of nanoseconds hold.
public final class TimeOverflowException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final String WHAT =
            " overflows the signed 64-bit range of nanoseconds from the origin (years 1677 to"
                    + " 2262); --clock-cycles shows its clock value";

    TimeOverflowException() {
        super("a time" + WHAT);
    }

    private TimeOverflowException(String what, TimeOverflowException cause) {
        super(what + WHAT, cause);
    }

    /// The same with the name of the stream, and of what there has that time.
    ///
    /// @param ticks of the stream's clock, unsigned
    public TimeOverflowException of(TraceStream stream, String what, long ticks) {
        String form = "%s: the %s, clock value %s,";
        return new TimeOverflowException(
                form.formatted(stream.name(), what, Long.toUnsignedString(ticks)), this);
    }
}
