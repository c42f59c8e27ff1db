// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A time zone that a POSIX form such as `GMT-2` or `EST5EDT,M3.2.0,M11.1.0` states, computed as
/// the GNU C library does, which takes offsets up to 24:59:59 for what they say and larger hours
/// for 24.
///
/// @param summerSeconds the offset between the two changes of a year
record PosixTimeZone(int standardSeconds, int summerSeconds, Change begin, Change end)
        implements UtcOffset {
    private static final int DAY_SECONDS = 24 * 3600;
    private static final String NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
    private static final String OFFSET = "([+-]?)(\\d{1,4})(?::(\\d{1,2}))?(?::(\\d{1,2}))?";
    private static final Pattern FORM =
            Pattern.compile(
                    ":?"
                            + NAME
                            + OFFSET
                            + "("
                            + NAME
                            + "(?:"
                            + OFFSET
                            + ")?(?:,([^,]*))?(?:,([^,]*))?)?");
    private static final Pattern DAY =
            Pattern.compile(
                    "(?:M(\\d{1,2})\\.([1-5])\\.([0-6])|(J?)(\\d{1,3}))(?:/"
                            + "(-?)(\\d{1,3})(?::(\\d{1,2}))?(?::(\\d{1,2}))?)?");

    /// What POSIX leaves open, and the C library takes from the United States.
    private static final Change SUMMER = new Change(Rule.WEEKDAY, 3, 2, 0, 7200);

    private static final Change WINTER = new Change(Rule.WEEKDAY, 11, 1, 0, 7200);

    /// How a day of the year is named.
    private enum Rule {
        /// The n-th day of the week in a month, 5 for the last.
        WEEKDAY,
        /// From 1, without a 29 February.
        JULIAN,
        /// From 0.
        ORDINAL
    }

    /// When a year changes from one offset to the other.
    ///
    /// @param month of a day of the week
    /// @param number of the week, or of the day
    /// @param dayOfWeek 0 for Sunday
    /// @param ofDaySeconds since that day's begin; also before it, or days later
    record Change(Rule rule, int month, int number, int dayOfWeek, int ofDaySeconds) {
        /// The local time of the change, as seconds since the epoch of a place without an offset.
        long in(int year) {
            LocalDate begin = LocalDate.of(year, 1, 1);
            LocalDate day =
                    switch (rule) {
                        case WEEKDAY -> weekday(year);
                        case ORDINAL -> begin.plusDays(number);
                        case JULIAN ->
                                begin.plusDays(
                                        number - 1 + (Year.isLeap(year) && number >= 60 ? 1 : 0));
                    };
            return day.toEpochDay() * DAY_SECONDS + ofDaySeconds;
        }

        private LocalDate weekday(int year) {
            var day = DayOfWeek.of(dayOfWeek == 0 ? 7 : dayOfWeek);
            LocalDate first = LocalDate.of(year, month, 1);
            return first.with(
                    number == 5
                            ? TemporalAdjusters.lastInMonth(day)
                            : TemporalAdjusters.dayOfWeekInMonth(number, day));
        }

        /// @return empty when it is no day of the year
        static Optional<Change> parse(@Nullable String text, Change otherwise) {
            if (text == null || text.isEmpty()) {
                return Optional.of(otherwise);
            }
            Matcher form = DAY.matcher(text);
            if (!form.matches()) {
                return Optional.empty();
            }
            int hour = form.group(7) == null ? 2 : value(form.group(7));
            int seconds = hour * 3600 + value(form.group(8)) * 60 + value(form.group(9));
            int ofDay = "-".equals(form.group(6)) ? -seconds : seconds;
            if (form.group(1) != null) {
                int month = value(form.group(1));
                int week = value(form.group(2));
                return month < 1 || month > 12
                        ? Optional.empty()
                        : Optional.of(
                                new Change(Rule.WEEKDAY, month, week, value(form.group(3)), ofDay));
            }
            int day = value(form.group(5));
            Rule rule = form.group(4).isEmpty() ? Rule.ORDINAL : Rule.JULIAN;
            return day > 365 || day == 0 && rule == Rule.JULIAN
                    ? Optional.empty()
                    : Optional.of(new Change(rule, 0, day, 0, ofDay));
        }
    }

    /// @return empty when the text is no such form
    static Optional<UtcOffset> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int standard = offset(form, 1);
        if (form.group(5) == null) {
            return Optional.of(_ -> standard);
        }
        int summer = form.group(7) == null ? standard + 3600 : offset(form, 6);
        Optional<Change> begin = Change.parse(form.group(10), SUMMER);
        Optional<Change> end = Change.parse(form.group(11), WINTER);
        return begin.isPresent() && end.isPresent()
                ? Optional.of(new PosixTimeZone(standard, summer, begin.get(), end.get()))
                : Optional.empty();
    }

    /// POSIX counts hours west of Greenwich as positive.
    private static int offset(Matcher form, int at) {
        int seconds =
                Math.min(24, value(form.group(at + 1))) * 3600
                        + Math.min(59, value(form.group(at + 2))) * 60
                        + Math.min(59, value(form.group(at + 3)));
        return "-".equals(form.group(at)) ? seconds : -seconds;
    }

    private static int value(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /// South of the equator summer ends before it begins.
    @Override
    public int seconds(long epochSecond) {
        int year = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC).getYear();
        long from = begin.in(year) - standardSeconds;
        long to = end.in(year) - summerSeconds;
        boolean isSummer =
                from <= to
                        ? epochSecond >= from && epochSecond < to
                        : epochSecond >= from || epochSecond < to;
        return isSummer ? summerSeconds : standardSeconds;
    }
}
