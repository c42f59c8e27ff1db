// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.analysis.ClockTime;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.UtcOffset;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Locale;

/// Writes times of day as the user chose to see them.
///
/// babeltrace2 prints only the first time before the origin as signed seconds, and every later one
/// as the time of day of its absolute value; so do we (`ctf.md` section 21).
final class TimeText {
    private static final long NANOS = 1_000_000_000L;

    private final boolean withDate;
    private final boolean inSeconds;
    private final UtcOffset zone;
    private boolean wasNegative;

    /// What stands before each time.
    private final byte[] before;

    /// The second that `secondText` shows; most events lie in the second of the one before.
    private long second = Long.MIN_VALUE;

    private FixedText secondText = new FixedText("");

    /// Times from here to `endNanos` are in that second, and not before the origin.
    private long beginNanos;

    private long endNanos;

    /// @param before is written before each time
    TimeText(TextOptions options, byte[] before) {
        this.before = before;
        withDate = options.clockDate();
        inSeconds = options.clockSeconds();
        zone = options.clockGmt() ? UtcOffset.NONE : LocalTimeZone.offset();
    }

    /// @throws IOException when the time lies beyond what 64 bits hold
    void write(TextBuffer out, long nanos) throws IOException {
        if (nanos >= beginNanos && nanos < endNanos) {
            out.addNine(secondText, nanos - beginNanos);
        } else {
            writeOther(out, nanos);
        }
    }

    private void writeOther(TextBuffer out, long nanos) throws IOException {
        ClockTime.check(nanos);
        boolean isNegative = nanos < 0;
        long distance = Math.abs(nanos); // not of the smallest number, which is refused
        long seconds = distance / NANOS;
        long rest = distance % NANOS;
        if (isNegative && (inSeconds || !wasNegative)) {
            wasNegative = true;
            out.add(before).add('-').addUnsigned(seconds).add('.').addNine(rest);
            return;
        }
        if (seconds != second) {
            second = seconds;
            secondText = new FixedText(before(seconds));
        }
        beginNanos = isNegative ? 0 : seconds * NANOS;
        endNanos = isNegative ? 0 : beginNanos + NANOS; // in the last second, negative: no time
        out.add(secondText).addNine(rest);
    }

    /// What stands before the nanoseconds of a second.
    private byte[] before(long seconds) {
        var text = new TextBuffer();
        text.add(before);
        if (inSeconds) {
            text.addUnsigned(seconds);
        } else {
            text.add(text(seconds));
        }
        return text.add('.').bytes();
    }

    private byte[] text(long seconds) {
        LocalDateTime time = zone.at(Instant.ofEpochSecond(seconds));
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
