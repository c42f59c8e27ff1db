// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The user's time zone as the C library has it from the environment variable `TZ`.
///
/// The JDK takes `GMT-2` for two hours behind UTC, where POSIX means two hours ahead, and of
/// `CET-1CEST,M3.5.0,M10.5.0/3` it takes the offset of today for that of the whole year.
public final class LocalTimeZone {
    private static final Path DATABASE = Path.of("/usr/share/zoneinfo");
    private static final Pattern IN_DATABASE = Pattern.compile(".*/zoneinfo/(?:posix/)?(.+)");
    private static final int MAX_FILE_BYTES = 1 << 16;

    private LocalTimeZone() {}

    /// The offset of the process's time zone.
    public static UtcOffset offset() {
        return offset(Optional.ofNullable(System.getenv("TZ")).orElse(""))
                .orElseGet(() -> UtcOffset.of(ZoneId.systemDefault().getRules()));
    }

    /// The local time of a moment.
    public static LocalDateTime at(Instant moment) {
        return offset().at(moment);
    }

    /// What a POSIX form such as `GMT-2` or `EST5EDT,M3.2.0,M11.1.0` states, or a file of the time
    /// zone database such as `:/etc/localtime`; none for names of time zones.
    static Optional<UtcOffset> offset(String tz) {
        if (isNamed(tz)) {
            return Optional.empty();
        }
        return PosixTimeZone.parse(tz).or(() -> ofFile(tz));
    }

    /// The JDK takes of a file the offset of today for that of the whole year.
    private static Optional<UtcOffset> ofFile(String tz) {
        String name = tz.startsWith(":") ? tz.substring(1) : tz;
        if (!name.contains("/")) {
            return Optional.empty();
        }
        try {
            Path file = DATABASE.resolve(name).toRealPath();
            Matcher inDatabase = IN_DATABASE.matcher(file.toString());
            return inDatabase.matches() && isNamed(inDatabase.group(1))
                    ? Optional.of(UtcOffset.of(ZoneId.of(inDatabase.group(1)).getRules()))
                    : lastRule(file);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// What holds from a file's last change on: a POSIX form in its last line (RFC 9636).
    private static Optional<UtcOffset> lastRule(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.ISO_8859_1);
            int begin = text.lastIndexOf('\n', text.length() - 2);
            return text.startsWith("TZif") && text.endsWith("\n") && begin > 0
                    ? offset(text.substring(begin + 1, text.length() - 1))
                    : Optional.empty();
        }
    }

    /// Some names of the time zone database look like POSIX forms.
    private static boolean isNamed(String tz) {
        String name = tz.startsWith(":") ? tz.substring(1) : tz;
        return !name.startsWith("GMT") && ZoneId.getAvailableZoneIds().contains(name);
    }
}
