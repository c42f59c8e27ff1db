// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
            })
    void readsPosixFormsAsTheCLibraryDoes(String tz, String november, String july) {
        var rules = LocalTimeZone.rules(tz).orElseThrow();
        assertThat(rules.getOffset(NOVEMBER)).isEqualTo(ZoneOffset.of(november));
        assertThat(rules.getOffset(JULY)).isEqualTo(ZoneOffset.of(july));
    }

    @Test
    void changesAtTheHourOfTheRule() {
        var rules = LocalTimeZone.rules("CET-1CEST,M3.5.0,M10.5.0/3").orElseThrow();
        assertThat(rules.getOffset(Instant.parse("2024-03-31T00:59:59Z")))
                .isEqualTo(ZoneOffset.ofHours(1));
        assertThat(rules.getOffset(Instant.parse("2024-03-31T01:00:00Z")))
                .isEqualTo(ZoneOffset.ofHours(2));
        assertThat(rules.getOffset(Instant.parse("2024-10-27T00:59:59Z")))
                .isEqualTo(ZoneOffset.ofHours(2));
        assertThat(rules.getOffset(Instant.parse("2024-10-27T01:00:00Z")))
                .isEqualTo(ZoneOffset.ofHours(1));
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
                var rules = LocalTimeZone.rules(tz).orElseThrow();
                assertThat(rules.getOffset(NOVEMBER)).isEqualTo(ZoneOffset.ofHours(1));
                assertThat(rules.getOffset(JULY)).isEqualTo(ZoneOffset.ofHours(2));
            }
        }
        Files.writeString(copy, "no time zone\nCET-1\n");
        for (Object none : List.of(copy, folder, folder.resolve("nowhere"))) {
            assertThat(LocalTimeZone.rules(":" + none)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Europe/Berlin", "EST5EDT", "GMT", "Z", "5", "GMT-99", "A1,,,"})
    void leavesNamesAndWhatIsNoFormToTheJdk(String tz) {
        assertThat(LocalTimeZone.rules(tz)).isEmpty();
    }
}
