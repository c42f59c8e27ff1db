// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.Progress;
import dev.contrail.analysis.source.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The end of a trace is what the whole ends with.
class ViewEndingTest {
    private static final int STREAMS = 3;

    @TempDir private Path folder;

    /// Packets that overlap in time, and many equal times.
    @BeforeEach
    void writeTrace() throws IOException {
        var random = new Random(12);
        var trace = new SmallTrace(folder);
        for (int stream = 0; stream < STREAMS; stream++) {
            var packets = new ArrayList<byte[]>();
            long at = 100;
            for (int i = 0; i < 40; i++) {
                long[] ticks = SmallTrace.ticks(random, at);
                at = ticks[ticks.length - 1];
                packets.add(packet(stream, i, 0, ticks));
            }
            trace.file("c_" + stream, packets.toArray(byte[][]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 333, 100_000})
    void showsTheLastEvents(int count) throws UsageException {
        List<String> whole = whole();

        assertThat(shown(OptionalLong.empty(), OptionalInt.of(count)))
                .isEqualTo(whole.subList(Math.max(0, whole.size() - count), whole.size()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 60, 100_000})
    void showsTheLastTime(long nanos) throws UsageException {
        List<String> whole = whole();
        long begin = cycles(whole.getLast()) - nanos;

        assertThat(shown(OptionalLong.of(nanos), OptionalInt.empty()))
                .isEqualTo(whole.stream().filter(line -> cycles(line) >= begin).toList());
    }

    /// What an index says of packets in the middle is not compared with them when it is read.
    @Test
    void believesPacketsBeforeTheIndex(@TempDir Path other) throws Exception {
        var trace = new SmallTrace(other);
        byte[][] packets = new byte[20][];
        byte[][] listed = new byte[20][];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = packet(0, i, 0, i * 100, i * 100 + 40, i * 100 + 80);
            listed[i] = packets[i].clone();
        }
        for (int wrong = 9; wrong <= 11; wrong++) {
            ByteBuffer.wrap(listed[wrong])
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(32, 900) // all of them begin and end where the first of them does
                    .putLong(40, 900);
        }
        trace.file("c_0", packets);
        trace.index("c_0", listed.length, listed);
        List<String> whole = shown(other, OptionalLong.empty(), OptionalInt.empty());
        assertThat(whole).hasSize(60);

        for (long nanos : new long[] {740, 800, 840, 880, 900, 1000, 1040, 1080, 1100}) {
            assertThat(shown(other, OptionalLong.of(nanos), OptionalInt.empty()))
                    .isEqualTo(
                            whole.stream().filter(line -> cycles(line) >= 1980 - nanos).toList());
        }
        for (int count = 22; count < 36; count++) {
            assertThat(shown(other, OptionalLong.empty(), OptionalInt.of(count)))
                    .isEqualTo(whole.subList(60 - count, 60));
        }
    }

    /// A snapshot's state dump is taken last: what the user asks for is what happened before it.
    @Test
    void showsWhatHappenedAndNotTheStateDump(@TempDir Path other) throws Exception {
        var trace = new SmallTrace(other);
        trace.declare(1, "lttng_statedump_process_state");
        trace.file("c_0", packet(0, 0, 0, 100, 200, 300), packet(0, 1, 0, 400, 500));
        byte[] dump = packet(1, 0, 0, 900, 901, 902, 903);
        for (int i = 0; i < 4; i++) {
            SmallTrace.reclass(dump, i, 1);
        }
        trace.file("c_statedump", dump);
        List<String> whole = shown(other, OptionalLong.empty(), OptionalInt.empty());
        assertThat(whole).hasSize(9);

        assertThat(shown(other, OptionalLong.empty(), OptionalInt.of(2)))
                .isEqualTo(whole.subList(3, 5));
        assertThat(shown(other, OptionalLong.empty(), OptionalInt.of(100)))
                .isEqualTo(whole.subList(0, 5));
        assertThat(shown(other, OptionalLong.of(150), OptionalInt.empty()))
                .isEqualTo(whole.subList(3, 5));
        String[] filter = {"--filter", "$name == \"lttng_statedump_*\""};
        assertThat(shown(other, OptionalLong.empty(), OptionalInt.of(1), filter))
                .isEqualTo(whole.subList(8, 9));
    }

    /// The events that it has lost may be among the last.
    @Test
    void saysThatAPacketOfBeforeIsDamaged(@TempDir Path other) throws Exception {
        var trace = new SmallTrace(other);
        trace.file("c_0", packet(0, 0, 0, 700, 800, 810, 820));
        byte[] damaged = packet(1, 0, 0, 100, 200, 300, 900);
        SmallTrace.reclass(damaged, 1, 77);
        trace.file("c_1", damaged);
        ViewOptions options =
                ViewArguments.parse(new String[0])
                        .endingWith(OptionalLong.empty(), OptionalInt.of(2));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.run(
                        List.of(other),
                        options,
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("c_1: packet 0 at byte 0, event 1: ", "event id 77 is not declared")
                .hasLineCount(1);
        assertThat(status).isEqualTo(1);
    }

    /// Its packets end at 0, and the last events are what somebody wants to see of it.
    @Test
    void showsTheLastEventsBeforeACrash(@TempDir Path other) throws Exception {
        var trace = new SmallTrace(other);
        Files.writeString(
                other.resolve("metadata"),
                "env { tracer_name = \"lttng-ust\"; tracer_major = 2; tracer_minor = 13; };\n",
                StandardOpenOption.APPEND);
        byte[] crashed = packet(0, 1, 0, 300, 400, 900);
        long end = 900;
        ByteBuffer bytes = ByteBuffer.wrap(crashed).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (bytes.getLong(at) != end) {
            at += Long.BYTES;
        }
        bytes.putLong(at, 0);
        trace.file("c_0", packet(0, 0, 0, 100, 200), crashed);
        trace.file("c_1", packet(1, 0, 0, 150, 250, 850));
        List<String> whole = shown(other, OptionalLong.empty(), OptionalInt.empty());
        assertThat(whole).hasSize(8);

        for (int count = 1; count <= 8; count++) {
            assertThat(shown(other, OptionalLong.empty(), OptionalInt.of(count)))
                    .isEqualTo(whole.subList(8 - count, 8));
        }
        assertThat(shown(other, OptionalLong.of(50), OptionalInt.empty()))
                .isEqualTo(whole.subList(6, 8));
        long[] range =
                Summary.of(List.of(other), false, new Progress())
                        .traces()
                        .getFirst()
                        .range()
                        .orElseThrow();
        assertThat(range).containsExactly(SmallTrace.EPOCH + 100, SmallTrace.EPOCH + 900);
    }

    @Test
    void showsTheLastEventsOfARangeOfTime() throws UsageException {
        String[] range = {"-b", "1600000000.000000130", "-e", "1600000000.000000160"};
        List<String> whole = shown(OptionalLong.empty(), OptionalInt.empty(), range);
        assertThat(whole).hasSizeBetween(20, whole().size() / 2);

        assertThat(shown(OptionalLong.empty(), OptionalInt.of(9), range))
                .isEqualTo(whole.subList(whole.size() - 9, whole.size()));
        assertThat(shown(OptionalLong.of(10_000), OptionalInt.empty(), range)).isEqualTo(whole);
    }

    @Test
    void showsTheLastOfTheEventsThatAFilterAccepts() throws UsageException {
        String[] filter = {"--filter", "$time < 1600000000000000200"};
        List<String> whole = shown(OptionalLong.empty(), OptionalInt.empty(), filter);
        assertThat(whole).hasSizeBetween(20, whole().size() / 2);

        assertThat(shown(OptionalLong.empty(), OptionalInt.of(9), filter))
                .isEqualTo(whole.subList(whole.size() - 9, whole.size()));
        assertThat(shown(OptionalLong.of(5), OptionalInt.empty(), filter)).isEmpty();
    }

    private List<String> whole() throws UsageException {
        return shown(OptionalLong.empty(), OptionalInt.empty());
    }

    /// `[00000000000000000100] …`
    private static long cycles(String line) {
        return Long.parseLong(line.substring(1, line.indexOf(']')));
    }

    private List<String> shown(OptionalLong nanos, OptionalInt events, String... arguments)
            throws UsageException {
        return shown(folder, nanos, events, arguments);
    }

    private static List<String> shown(
            Path trace, OptionalLong nanos, OptionalInt events, String... arguments)
            throws UsageException {
        var words = new ArrayList<>(List.of("--clock-cycles", "--no-delta"));
        words.addAll(List.of(arguments));
        ViewOptions options =
                ViewArguments.parse(words.toArray(String[]::new)).endingWith(nanos, events);
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status =
                View.run(
                        List.of(trace),
                        options,
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
