// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.EPOCH;
import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.source.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinksTest {
    @TempDir private Path folder;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writeTrace() throws IOException {
        new SmallTrace(folder)
                .file("c_0", packet(3, 0, 0, 10, 20), packet(3, 1, 5, 30), packet(3, 4, 5, 40));
    }

    private String run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(folder.toString());
        var out = new ByteArrayOutputStream();
        int status =
                View.main(
                        all.toArray(String[]::new),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    /// They declare the same, word for word, but for their UUIDs and hosts.
    @Test
    void textSaysOfEachTraceItsOwnHost(@TempDir Path other) throws IOException {
        new SmallTrace(other).file("c_0", packet(3, 0, 0, 15));
        Path metadata = other.resolve("metadata");
        String declared = Files.readString(metadata);
        Files.writeString(
                metadata,
                declared.replace("host1", "host2")
                        .replace(SmallTrace.TRACE.toString(), UUID.randomUUID().toString()));
        assertThat(run(other.toString()).lines())
                .extracting(line -> line.contains("host1") ? 1 : line.contains("host2") ? 2 : 0)
                .containsExactly(1, 2, 1, 1, 1);
    }

    @Test
    void jsonHasALineForEachEventAndLoss() {
        String stream = "\"trace\":\"host1\",\"stream\":3";
        assertThat(run("-o", "json").lines())
                .hasSize(6)
                .contains(
                        "{\"time\":"
                                + (EPOCH + 10)
                                + ","
                                + stream
                                + ",\"event\":\"tick\",\"payload\":{\"n\":-10,\"text\":\"é\\n\",\"_values_length\":2,"
                                + "\"values\":[1,65535]}}",
                        "{\"discarded_events\":5,"
                                + stream
                                + ",\"begin\":"
                                + (EPOCH + 20)
                                + ",\"end\":"
                                + (EPOCH + 30)
                                + "}",
                        "{\"discarded_packets\":2,"
                                + stream
                                + ",\"begin\":"
                                + (EPOCH + 30)
                                + ",\"end\":"
                                + (EPOCH + 40)
                                + "}");
        assertThat(err.size()).isZero();
    }

    @Test
    void counterHidesZeros() {
        assertThat(
                        run("-c", "sink.utils.counter", "-p", "hide-zero=yes")
                                .lines()
                                .map(String::strip))
                .containsExactly(
                        "4 Event messages",
                        "1 Stream beginning message",
                        "1 Stream end message",
                        "3 Packet beginning messages",
                        "3 Packet end messages",
                        "1 Discarded event message",
                        "1 Discarded packet message",
                        "14 messages (TOTAL)");
    }

    @Test
    void counterLooksAtBatchesOfFifteen() throws IOException {
        new SmallTrace(folder).file("c_1", packet(4, 0, 0, LongStream.range(0, 25_000).toArray()));
        assertThat(totals()).containsExactly("10005", "20010", "25018");
        assertThat(totals("-p", "step=+12000")).containsExactly("12000", "24000", "25018");
        assertThat(totals("-p", "step=+0")).containsExactly("25018");
    }

    private List<String> totals(String... parameters) {
        var arguments = new ArrayList<>(List.of("-c", "sink.utils.counter"));
        arguments.addAll(List.of(parameters));
        return run(arguments.toArray(String[]::new))
                .lines()
                .filter(line -> line.contains("(TOTAL)"))
                .map(line -> line.strip().split(" ")[0])
                .toList();
    }

    @Test
    void explicitTextTakesItsOptionsAsParameters() {
        String options = run("--clock-seconds", "--no-delta", "-n", "none", "-f", "trace:vpid");
        String parameters =
                run(
                        "-c",
                        "sink.text.pretty",
                        "-p",
                        "clock-seconds=yes,no-delta=yes,name-default=\"hide\"",
                        "-p",
                        "field-default=hide,field-trace:vpid=yes");

        assertThat(parameters).isEqualTo(options);
        assertThat(options).startsWith("[1600000000.000000010] (42) tick: ");
    }

    @Test
    void summaryTellsWhatTheIndexKnows() throws IOException {
        Summary summary = Summary.of(List.of(folder), true);

        assertThat(summary.damage()).isEmpty();
        Summary.OneTrace trace = summary.traces().getFirst();
        assertThat(trace.packets()).isEqualTo(3);
        assertThat(trace.discardedEvents()).isEqualTo(5);
        assertThat(trace.lostPackets()).isEqualTo(2);
        assertThat(trace.range()).contains(new long[] {EPOCH + 10, EPOCH + 40});
        assertThat(trace.classes()).containsExactly(java.util.Map.entry("tick", 4L));
        assertThat(Summary.of(List.of(folder), false).traces().getFirst().classes()).isEmpty();
    }

    /// babeltrace2 says of it that events may have been discarded.
    @Test
    void summaryTellsWhatTheFirstPacketCountsAlready() throws IOException {
        new SmallTrace(folder).file("c_1", packet(4, 0, 7, 15), packet(4, 1, 9, 35));
        Summary.OneTrace trace = Summary.of(List.of(folder), false).traces().getFirst();
        assertThat(trace.streams())
                .extracting(Summary.OneStream::discardedEvents, Summary.OneStream::perhapsDiscarded)
                .containsExactlyInAnyOrder(tuple(5L, 0L), tuple(2L, 7L));
        assertThat(trace.perhapsDiscarded()).isEqualTo(7);
    }
}
