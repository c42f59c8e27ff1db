// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/// How far the time of some place is ahead of UTC, at any moment.
///
/// Of up to a day and more: [ZoneOffset] ends at 18 hours, and the C library does not.
@FunctionalInterface
public interface UtcOffset {
    /// No difference.
    UtcOffset NONE = _ -> 0;

    /// More than any offset is.
    int LIMIT_SECONDS = 25 * 3600;

    /// The difference at a moment, in seconds; less than [#LIMIT_SECONDS] either way.
    int seconds(long epochSecond);

    /// That of a time zone that the JDK knows.
    static UtcOffset of(ZoneRules rules) {
        return second -> rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    }

    /// What a clock of the place shows at a moment.
    default LocalDateTime at(Instant moment) {
        return LocalDateTime.ofEpochSecond(
                moment.getEpochSecond() + seconds(moment.getEpochSecond()),
                moment.getNano(),
                ZoneOffset.UTC);
    }

    /// The difference at a moment as `+hhmm`, which is what `strftime` of the C library makes of
    /// `%z`.
    default String text(Instant moment) {
        int seconds = seconds(moment.getEpochSecond());
        int minutes = Math.abs(seconds) / 60;
        return "%s%02d%02d".formatted(seconds < 0 ? "-" : "+", minutes / 60, minutes % 60);
    }

    /// The second at which a clock of the place shows a time: the first of two where it is set
    /// back, and where it is set forward over that time, as if it had not been.
    default long epochSecond(LocalDateTime shown) {
        long local = shown.toEpochSecond(ZoneOffset.UTC);
        int before = seconds(local - LIMIT_SECONDS);
        int then = seconds(local - before);
        boolean isAfter = then != before && seconds(local - then) == then;
        return local - (isAfter ? then : before);
    }
}
