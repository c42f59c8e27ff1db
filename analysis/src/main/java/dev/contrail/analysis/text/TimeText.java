// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.analysis.ClockTime;
import dev.contrail.ctf.LocalTimeZone;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Locale;

/// Writes times of day as the user chose to see them.
///
/// babeltrace2 prints only the first time before the origin as signed seconds, and every later one
/// as the time of day of its absolute value; so do we (`ctf.md` section 21).
final class TimeText {
    private static final long NANOS = 1_000_000_000L;

    private final boolean withDate;
    private final boolean inSeconds;
    private final ZoneRules zone;
    private boolean wasNegative;

    /// The second that `secondText` shows; most events lie in the second of the one before.
    private long second = Long.MIN_VALUE;

    private byte[] secondText = {};

    TimeText(TextOptions options) {
        withDate = options.clockDate();
        inSeconds = options.clockSeconds();
        zone = options.clockGmt() ? ZoneOffset.UTC.getRules() : LocalTimeZone.rules();
    }

    /// @throws IOException when the time lies beyond what 64 bits hold
    void write(TextBuffer out, long nanos) throws IOException {
        ClockTime.check(nanos);
        boolean isNegative = nanos < 0;
        long distance = Math.abs(nanos);
        // The smallest number has no absolute value but as an unsigned one.
        long seconds = distance < 0 ? Long.divideUnsigned(distance, NANOS) : distance / NANOS;
        long rest = distance < 0 ? Long.remainderUnsigned(distance, NANOS) : distance % NANOS;
        if (inSeconds || isNegative && !wasNegative) {
            wasNegative |= isNegative;
            if (isNegative) {
                out.add('-');
            }
            out.addUnsigned(seconds).add('.').addPadded(rest, 9);
            return;
        }
        if (seconds != second) {
            second = seconds;
            secondText = text(seconds);
        }
        out.add(secondText).add('.').addPadded(rest, 9);
    }

    private byte[] text(long seconds) {
        Instant instant = Instant.ofEpochSecond(seconds);
        OffsetDateTime time = instant.atOffset(zone.getOffset(instant));
        String date =
                withDate
                        ? String.format(
                                Locale.ROOT,
                                "%04d-%02d-%02d ",
                                time.getYear(),
                                time.getMonthValue(),
                                time.getDayOfMonth())
                        : "";
        return String.format(
                        Locale.ROOT,
                        "%s%02d:%02d:%02d",
                        date,
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond())
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
