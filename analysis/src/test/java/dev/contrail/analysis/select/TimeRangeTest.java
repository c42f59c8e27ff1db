// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What lies over an end of a range of time is cut there, as babeltrace2 2.0.4 was seen to do.
class TimeRangeTest {
    @TempDir private Path folder;

    /// Packets from 10 to 30, from 50 to 70 with 5 events lost before, and from 80 to 90 with 2
    /// packets missing before.
    @BeforeEach
    void writeTrace() throws IOException {
        new SmallTrace(folder)
                .file(
                        "c_0",
                        packet(0, 0, 0, 10, 20, 30),
                        packet(0, 1, 5, 50, 60, 70),
                        packet(0, 4, 5, 80, 90));
    }

    private List<String> show(String... options) {
        List<String> details =
                List.of("-c", "sink.text.details", "-p", "compact=yes,with-metadata=no");
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.main(
                        Stream.of(
                                        details.stream(),
                                        Stream.of(options),
                                        Stream.of(folder.toString()))
                                .flatMap(each -> each)
                                .toArray(String[]::new),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return status == 0
                ? out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceAll(" 1,600,000,000,000,000,0\\d\\d\\]", "]"))
                        .map(line -> line.replace(" {0 0 0}", ""))
                        .toList()
                : err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String time(int nanos) {
        return "1600000000.%09d".formatted(nanos);
    }

    @Test
    void beginsAPacketWhereTheRangeBegins() {
        assertThat(show("--begin=" + time(81)))
                .containsExactly(
                        "[81] Stream beginning",
                        "[81] Packet beginning",
                        "[90] Event `tick` (0)",
                        "[90] Packet end",
                        "[Unknown] Stream end");
    }

    @Test
    void leavesAPacketWholeThatBeginsWithTheRange() {
        assertThat(show("--begin=" + time(10), "--end=" + time(30)))
                .containsExactly(
                        "[Unknown] Stream beginning",
                        "[10] Packet beginning",
                        "[10] Event `tick` (0)",
                        "[20] Event `tick` (0)",
                        "[30] Event `tick` (0)",
                        "[30] Packet end",
                        "[30] [30] Discarded events",
                        "[30] Stream end");
    }

    @Test
    void cutsLossesOfWhichTheNumberIsThenUnknown() {
        assertThat(show("--timerange=[" + time(40) + "," + time(75) + "]"))
                .containsExactly(
                        "[40] Stream beginning",
                        "[40] [70] Discarded events",
                        "[50] Packet beginning",
                        "[50] Event `tick` (0)",
                        "[60] Event `tick` (0)",
                        "[70] Event `tick` (0)",
                        "[70] Packet end",
                        "[70] [75] Discarded packets",
                        "[75] Stream end");
    }

    @Test
    void showsNoPacketOfAStreamThatTheRangeEndsBefore() {
        assertThat(show("--end=1599999999"))
                .containsExactly("[Unknown] Stream beginning", "[Unknown] Stream end");
        assertThat(show("--begin=1600000001")).isEmpty();
    }

    @Test
    void takesTheDateOfTheFirstMessage() {
        assertThat(show("--clock-gmt", "--begin=12:26:40.000000090"))
                .startsWith(
                        "[90] Stream beginning", "[90] Packet beginning", "[90] Event `tick` (0)");
    }

    @Test
    void cutsEveryStreamWhereAllAreActive() throws IOException {
        new SmallTrace(folder).file("c_1", packet(1, 0, 0, 20, 60));
        assertThat(show("--stream-intersection"))
                .containsExactly(
                        "[Unknown] {0 0 1} Stream beginning",
                        "[20] Stream beginning",
                        "[20] Packet beginning",
                        "[20] Event `tick` (0)",
                        "[20] {0 0 1} Packet beginning",
                        "[20] {0 0 1} Event `tick` (0)",
                        "[30] Event `tick` (0)",
                        "[30] Packet end",
                        "[30] [60] Discarded events",
                        "[50] Packet beginning",
                        "[50] Event `tick` (0)",
                        "[60] Event `tick` (0)",
                        "[60] Packet end",
                        "[60] Stream end",
                        "[60] {0 0 1} Event `tick` (0)",
                        "[60] {0 0 1} Packet end",
                        "[Unknown] {0 0 1} Stream end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--begin=", "--begin=1:2:3", "--begin=2020-9-1", "--begin=2020-09-13 ",
                "--end=2020-02-30", "--timerange=,5", "--timerange=[5,6,7]", "--timerange=[6,5]"
            })
    void refusesWhatIsNoRange(String option) {
        assertThat(show(option)).singleElement().asString().startsWith("ERROR: ").contains("time");
    }
}
