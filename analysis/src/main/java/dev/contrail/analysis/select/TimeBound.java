// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.ctf.UtcOffset;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One end of a range of time, as a user wrote it: `[YYYY-MM-DD [hh:mm:]]ss[.nnnnnnnnn]`.
///
/// @param nanos since the epoch; since midnight when `isTimeOfDay`
/// @param isTimeOfDay whether it has no date: it takes that of the first message
public record TimeBound(long nanos, boolean isTimeOfDay, UtcOffset zone) {
    /// What it may look like, in words for a user.
    public static final String FORMS =
            "hh:mm:ss or YYYY-MM-DD hh:mm:ss (with a fraction, or without seconds), or seconds"
                    + " since 1970";

    private static final long NANOS = 1_000_000_000L;
    private static final Pattern SECONDS = Pattern.compile("(-?\\d{1,10})(?:\\.(\\d{1,9}))?");
    private static final Pattern TIME =
            Pattern.compile(
                    "(?:(\\d{4})-(\\d\\d)-(\\d\\d)(?: (?=\\d)|$))?"
                            + "(?:(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,9}))?)?)?");

    /// A bound in nanoseconds since the epoch.
    static TimeBound at(long nanos) {
        return new TimeBound(nanos, false, UtcOffset.NONE);
    }

    /// @return empty when `text` is no time
    public static Optional<TimeBound> parse(String text, UtcOffset zone) {
        Matcher seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            long whole = Long.parseLong(seconds.group(1)) * NANOS;
            long rest = nanos(seconds.group(2));
            boolean isNegative = text.startsWith("-");
            return Optional.of(
                    new TimeBound(isNegative ? whole - rest : whole + rest, false, zone));
        }
        Matcher time = TIME.matcher(text);
        if (text.isEmpty() || !time.matches()) {
            return Optional.empty();
        }
        try {
            LocalTime ofDay =
                    LocalTime.of(
                            number(time.group(4)),
                            number(time.group(5)),
                            number(time.group(6)),
                            (int) nanos(time.group(7)));
            if (time.group(1) == null) {
                return Optional.of(new TimeBound(ofDay.toNanoOfDay(), true, zone));
            }
            LocalDate date =
                    LocalDate.of(
                            number(time.group(1)), number(time.group(2)), number(time.group(3)));
            return Optional.of(
                    new TimeBound(nanos(LocalDateTime.of(date, ofDay), zone), false, zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// The bound in nanoseconds since the epoch, in a trace whose first message with a time is at
    /// `firstNanos`.
    public long resolved(long firstNanos) {
        if (!isTimeOfDay) {
            return nanos;
        }
        Instant first = Instant.ofEpochSecond(Math.floorDiv(firstNanos, NANOS));
        LocalDate day = zone.at(first).toLocalDate();
        return nanos(LocalDateTime.of(day, LocalTime.ofNanoOfDay(nanos)), zone);
    }

    private static long nanos(LocalDateTime time, UtcOffset zone) {
        return zone.epochSecond(time) * NANOS + time.getNano();
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static long nanos(String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "00000000").substring(0, 9));
    }
}
