// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTimeZoneTest {
    private static final Instant NOVEMBER = Instant.parse("2023-11-14T22:13:20Z");
    private static final Instant JULY = Instant.parse("2023-07-22T04:26:40Z");

    /// The offsets are those of `date` of the GNU core utilities.
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "GMT-2 +02:00 +02:00",
                "GMT+5 -05:00 -05:00",
                "GMT+05:30 -05:30 -05:30",
                "GMT-14:30:15 +14:30:15 +14:30:15",
                ":GMT-2 +02:00 +02:00",
                "UTC-2 +02:00 +02:00",
                "<+03>-3 +03:00 +03:00",
                "XYZ4 -04:00 -04:00",
                "XYZ4ABC -04:00 -03:00",
                "GMT0BST,M3.5.0/1,M10.5.0 Z +01:00",
                "CET-1CEST,M3.5.0,M10.5.0/3 +01:00 +02:00",
                "AEST-10AEDT,M10.1.0,M4.1.0/3 +11:00 +10:00",
                "XYZ0ABC,J60,J318 Z +01:00",
                "XYZ0ABC,59,317/22 Z +01:00",
                "XYZ0ABC,59,317/24 +01:00 +01:00",
                "XYZ0ABC,J320/-48,J100 +01:00 Z",
                "XYZ1ABC,M3.5.0 -01:00 Z",
            })
    void readsPosixFormsAsTheCLibraryDoes(String tz, String november, String july) {
        assertThat(offset(tz, NOVEMBER)).isEqualTo(ZoneOffset.of(november).getTotalSeconds());
        assertThat(offset(tz, JULY)).isEqualTo(ZoneOffset.of(july).getTotalSeconds());
    }

    private static int offset(String tz, Instant moment) {
        return LocalTimeZone.offset(tz).orElseThrow().seconds(moment.getEpochSecond());
    }

    /// The times are those of `date` of the GNU core utilities.
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "XYZ20 2023-11-14T02:13:20",
                "XYZ-20 2023-11-15T18:13:20",
                "XYZ24:59:59 2023-11-13T21:13:21",
                "XYZ-99:99 2023-11-15T23:12:20",
                "XYZ123 2023-11-13T22:13:20",
                "XYZ20ABC 2023-11-14T02:13:20",
                "XYZ-24ABC-25,J1,J365 2023-11-15T22:13:20",
            })
    void takesOffsetsOfADayForWhatTheySay(String tz, LocalDateTime november) {
        UtcOffset offset = LocalTimeZone.offset(tz).orElseThrow();
        assertThat(offset.at(NOVEMBER)).isEqualTo(november);
        assertThat(offset.epochSecond(november)).isEqualTo(NOVEMBER.getEpochSecond());
    }

    /// The texts are those of `date +%z`.
    @ParameterizedTest
    @CsvSource({
        "UTC, +0000",
        "XYZ-24:59:59, +2459",
        "XYZ0:30, -0030",
        "XYZ0:0:30, -0000",
        "XYZ5:30, -0530",
    })
    void writesOffsetsAsTheCLibraryDoes(String tz, String text) {
        UtcOffset offset = LocalTimeZone.offset(tz).orElse(UtcOffset.NONE);
        assertThat(offset.text(NOVEMBER)).isEqualTo(text);
    }

    /// As the JDK does it.
    @ParameterizedTest
    @CsvSource({
        "2024-03-31T01:30, 2024-03-31T00:30:00Z",
        "2024-03-31T02:30, 2024-03-31T01:30:00Z",
        "2024-03-31T03:30, 2024-03-31T01:30:00Z",
        "2024-10-27T01:30, 2024-10-26T23:30:00Z",
        "2024-10-27T02:30, 2024-10-27T00:30:00Z",
        "2024-10-27T03:30, 2024-10-27T02:30:00Z",
    })
    void findsTheMomentOfALocalTime(LocalDateTime shown, Instant moment) {
        for (UtcOffset berlin :
                List.of(
                        LocalTimeZone.offset("CET-1CEST,M3.5.0,M10.5.0/3").orElseThrow(),
                        UtcOffset.of(ZoneId.of("Europe/Berlin").getRules()))) {
            assertThat(berlin.epochSecond(shown)).isEqualTo(moment.getEpochSecond());
        }
    }

    @Test
    void changesAtTheHourOfTheRule() {
        String tz = "CET-1CEST,M3.5.0,M10.5.0/3";
        assertThat(offset(tz, Instant.parse("2024-03-31T00:59:59Z"))).isEqualTo(1 * 3600);
        assertThat(offset(tz, Instant.parse("2024-03-31T01:00:00Z"))).isEqualTo(2 * 3600);
        assertThat(offset(tz, Instant.parse("2024-10-27T00:59:59Z"))).isEqualTo(2 * 3600);
        assertThat(offset(tz, Instant.parse("2024-10-27T01:00:00Z"))).isEqualTo(1 * 3600);
    }

    /// As `TZ=:/etc/localtime`: a link into the database, or a copy of what is there.
    @Test
    void readsFilesOfTheDatabase(@TempDir Path folder) throws IOException {
        Path inDatabase = folder.resolve("zoneinfo/posix/Europe/Prague");
        Files.createDirectories(inDatabase.getParent());
        Files.createFile(inDatabase);
        Path link = Files.createSymbolicLink(folder.resolve("localtime"), inDatabase);
        Path copy = folder.resolve("copy");
        Files.writeString(copy, "TZif2\0\0\nCET-1CEST,M3.5.0,M10.5.0/3\n");
        for (Path each : List.of(inDatabase, link, copy)) {
            for (String tz : List.of(":" + each, each.toString())) {
                assertThat(offset(tz, NOVEMBER)).isEqualTo(3600);
                assertThat(offset(tz, JULY)).isEqualTo(2 * 3600);
            }
        }
        Files.writeString(copy, "no time zone\nCET-1\n");
        for (Object none : List.of(copy, folder, folder.resolve("nowhere"))) {
            assertThat(LocalTimeZone.offset(":" + none)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Europe/Berlin",
                "EST5EDT",
                "GMT",
                "Z",
                "5",
                "A1,,,",
                "XYZ1ABC,M13.1.0,J1"
            })
    void leavesNamesAndWhatIsNoFormToTheJdk(String tz) {
        assertThat(LocalTimeZone.offset(tz)).isEmpty();
    }
}
