// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneOffsetTransitionRule.TimeDefinition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The user's time zone as the C library has it from the environment variable `TZ`.
///
/// The JDK takes `GMT-2` for two hours behind UTC, where POSIX means two hours ahead, and of
/// `CET-1CEST,M3.5.0,M10.5.0/3` it takes the offset of today for that of the whole year.
public final class LocalTimeZone {
    /// What POSIX leaves open, and the C library takes from the United States.
    private static final String DEFAULT_CHANGES = ",M3.2.0,M11.1.0";

    private static final int FIRST_YEAR = 1800;
    private static final String NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
    private static final String OFFSET = "([+-]?)(\\d{1,2})(?::(\\d\\d))?(?::(\\d\\d))?";
    private static final Pattern FORM =
            Pattern.compile(
                    ":?" + NAME + OFFSET + "(?:" + NAME + "(?:" + OFFSET + ")?(,[^,]+,[^,]+)?)?");
    private static final Pattern WITH_SUMMER = Pattern.compile(":?" + NAME + OFFSET + NAME + ".*");
    private static final Pattern DAY_OF_WEEK =
            Pattern.compile("M(\\d{1,2})\\.([1-5])\\.([0-6])(?:/(\\d{1,2})(?::(\\d\\d))?)?");

    private static final Path DATABASE = Path.of("/usr/share/zoneinfo");
    private static final Pattern IN_DATABASE = Pattern.compile(".*/zoneinfo/(?:posix/)?(.+)");
    private static final int MAX_FILE_BYTES = 1 << 16;

    private LocalTimeZone() {}

    /// The rules of the process's time zone.
    public static ZoneRules rules() {
        return rules(Optional.ofNullable(System.getenv("TZ")).orElse(""))
                .orElseGet(() -> ZoneId.systemDefault().getRules());
    }

    /// The local time of a moment.
    public static OffsetDateTime at(Instant moment) {
        return moment.atOffset(rules().getOffset(moment));
    }

    /// The rules that a POSIX form such as `GMT-2` or `EST5EDT,M3.2.0,M11.1.0` states, or a file of
    /// the time zone database such as `:/etc/localtime`; none for names of time zones, and for
    /// changes on numbered days or at negative hours.
    static Optional<ZoneRules> rules(String tz) {
        Matcher form = FORM.matcher(tz);
        if (isNamed(tz)) {
            return Optional.empty();
        }
        if (!form.matches()) {
            return ofFile(tz);
        }
        try {
            ZoneOffset standard = offset(form, 1);
            if (!WITH_SUMMER.matcher(tz).matches()) {
                return Optional.of(ZoneRules.of(standard));
            }
            ZoneOffset summer =
                    form.group(6) == null
                            ? ZoneOffset.ofTotalSeconds(standard.getTotalSeconds() + 3600)
                            : offset(form, 5);
            String changes = form.group(9) == null ? DEFAULT_CHANGES : form.group(9);
            String[] days = changes.substring(1).split(",");
            ZoneOffsetTransitionRule begin = rule(days[0], standard, standard, summer);
            ZoneOffsetTransitionRule end = rule(days[1], standard, summer, standard);
            ZoneOffsetTransition first = begin.createTransition(FIRST_YEAR);
            return Optional.of(
                    ZoneRules.of(
                            standard, standard, List.of(), List.of(first), inOrder(begin, end)));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The JDK takes of a file the offset of today for that of the whole year.
    private static Optional<ZoneRules> ofFile(String tz) {
        String name = tz.startsWith(":") ? tz.substring(1) : tz;
        if (!name.contains("/")) {
            return Optional.empty();
        }
        try {
            Path file = DATABASE.resolve(name).toRealPath();
            Matcher inDatabase = IN_DATABASE.matcher(file.toString());
            return inDatabase.matches() && isNamed(inDatabase.group(1))
                    ? Optional.of(ZoneId.of(inDatabase.group(1)).getRules())
                    : lastRules(file);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// What holds from a file's last change on: a POSIX form in its last line (RFC 9636).
    private static Optional<ZoneRules> lastRules(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.ISO_8859_1);
            int begin = text.lastIndexOf('\n', text.length() - 2);
            return text.startsWith("TZif") && text.endsWith("\n") && begin > 0
                    ? rules(text.substring(begin + 1, text.length() - 1))
                    : Optional.empty();
        }
    }

    /// Some names of the time zone database look like POSIX forms.
    private static boolean isNamed(String tz) {
        String name = tz.startsWith(":") ? tz.substring(1) : tz;
        return !name.startsWith("GMT") && ZoneId.getAvailableZoneIds().contains(name);
    }

    /// POSIX counts hours west of Greenwich as positive.
    private static ZoneOffset offset(Matcher form, int at) {
        int seconds =
                number(form.group(at + 1)) * 3600
                        + number(form.group(at + 2)) * 60
                        + number(form.group(at + 3));
        return ZoneOffset.ofTotalSeconds("-".equals(form.group(at)) ? seconds : -seconds);
    }

    private static ZoneOffsetTransitionRule rule(
            String day, ZoneOffset standard, ZoneOffset before, ZoneOffset after) {
        Matcher form = DAY_OF_WEEK.matcher(day);
        if (!form.matches()) {
            throw new IllegalArgumentException(day);
        }
        int week = Integer.parseInt(form.group(2));
        int dayOfWeek = Integer.parseInt(form.group(3));
        int hour = form.group(4) == null ? 2 : number(form.group(4));
        LocalTime time = LocalTime.of(hour % 24, number(form.group(5)));
        if (hour > 24) {
            throw new IllegalArgumentException(day);
        }
        return ZoneOffsetTransitionRule.of(
                Month.of(Integer.parseInt(form.group(1))),
                week == 5 ? -1 : week * 7 - 6,
                DayOfWeek.of(dayOfWeek == 0 ? 7 : dayOfWeek),
                time,
                hour == 24,
                TimeDefinition.WALL,
                standard,
                before,
                after);
    }

    /// South of the equator summer ends before it begins.
    private static List<ZoneOffsetTransitionRule> inOrder(
            ZoneOffsetTransitionRule begin, ZoneOffsetTransitionRule end) {
        return begin.getMonth().compareTo(end.getMonth()) <= 0
                ? List.of(begin, end)
                : List.of(end, begin);
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
