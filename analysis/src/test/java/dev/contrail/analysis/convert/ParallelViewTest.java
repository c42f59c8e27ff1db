// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.Sink;
import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.select.Selection;
import dev.contrail.analysis.source.Progress;
import dev.contrail.analysis.source.TraceReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Slices of a few packets each, laid end to end, are what one thread writes.
class ParallelViewTest {
    private static final int STREAMS = 3;
    private static final int PACKETS = 40;
    private static final int PROCESSORS = 3;
    private static final long SLICE_BYTES = 1000;

    /// More than are interpreted before code is generated.
    private static final int MANY_EVENTS = 60_000;

    @TempDir private Path folder;
    private final Random random = new Random(12);
    private int sliced;

    /// Three streams with losses, packets that overlap in time, and many equal times.
    private void writeTrace() throws IOException {
        var trace = new SmallTrace(folder);
        for (int stream = 0; stream < STREAMS; stream++) {
            var packets = new ArrayList<byte[]>();
            long at = 100;
            long sequence = 0;
            long discarded = 0;
            for (int i = 0; i < PACKETS; i++) {
                long[] ticks = SmallTrace.ticks(random, at);
                at = ticks[ticks.length - 1];
                packets.add(packet(stream, sequence, discarded, ticks));
                sequence += random.nextInt(8) == 0 ? 3 : 1;
                discarded += random.nextInt(4) == 0 ? 5 : 0;
            }
            trace.file("c_" + stream, packets.toArray(byte[][]::new));
        }
    }

    /// How many bytes of packets a slice has at least.
    private long sliceBytes = SLICE_BYTES;

    private record Shown(String out, String err, boolean isWhole) {}

    private Shown show(boolean isParallel, String... arguments) throws IOException, UsageException {
        return show(folder, isParallel, arguments);
    }

    private Shown show(Path traces, boolean isParallel, String... arguments)
            throws IOException, UsageException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var lines = new PrintStream(err, true, StandardCharsets.UTF_8);
        var notices = new Notices(lines, Notices.BABELTRACE);
        ViewOptions options = ViewArguments.parse(arguments);
        boolean isWhole;
        var progress = new Progress();
        try (TraceReader reader = TraceReader.open(List.of(traces))) {
            var selection = new Selection(reader, options.selection());
            var parallel = new ParallelView(selection, options);
            if (isParallel) {
                List<Long> cuts = parallel.cuts(PROCESSORS, sliceBytes);
                sliced += cuts.size();
                isWhole = parallel.run(cuts, PROCESSORS, out, notices, progress);
            } else {
                try (Sink sink = Sinks.open(options, reader.sources(), out, notices)) {
                    isWhole = ParallelView.pour(selection.messages(), sink, notices, progress);
                }
            }
        }
        return new Shown(
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                isWhole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--fields=all",
                "--clock-cycles",
                "--no-delta",
                "--clock-gmt --begin=2020-09-13T12:26:40",
                "--begin=1600000000.000000150 --end=1600000000.000000300",
                "-o json",
                "-o dummy"
            })
    void writesWhatOneThreadWrites(String arguments) throws IOException, UsageException {
        writeTrace();
        String[] words = arguments.replace('T', ' ').split(" (?=-)|(?<=-o) ");

        Shown alone = show(false, words);
        assertThat(show(true, words)).isEqualTo(alone);
        assertThat(alone.isWhole).isTrue();
        assertThat(sliced).isGreaterThan(5);
    }

    /// What the list says of a sink holds.
    @Test
    void slicesEverySinkThatIsSaidToBeSliced() throws IOException, UsageException {
        writeTrace();
        for (BuiltInSink sink : Sinks.BUILT_IN) {
            if (sink.isSliced()) {
                String[] words = {"-c", sink.className()};
                int before = sliced;
                assertThat(show(true, words)).as(sink.className()).isEqualTo(show(false, words));
                assertThat(sliced).as(sink.className()).isGreaterThan(before);
            }
        }
    }

    @Test
    void writesWhatOneThreadWritesAlsoWhereTheTraceIsDamaged() throws IOException, UsageException {
        for (int round = 0; round < 40; round++) {
            writeTrace();
            Path file = folder.resolve("c_1");
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, bytes);

            assertThat(show(true)).as("round %d", round).isEqualTo(show(false));
        }
        assertThat(sliced).isGreaterThan(20 * 5);
    }

    /// Slices that were read before say nothing of what is not there any more, those after it must.
    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1000})
    void saysWhatHasGoneMeanwhile(long leftBytes) throws IOException, UsageException {
        writeTrace();
        ViewOptions options = ViewArguments.parse(new String[0]);
        var err = new ByteArrayOutputStream();
        var notices =
                new Notices(new PrintStream(err, true, StandardCharsets.UTF_8), Notices.BABELTRACE);
        var out =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        for (int stream = 0; stream < STREAMS; stream++) {
                            Path file = folder.resolve("c_" + stream);
                            if (leftBytes < 0) {
                                Files.deleteIfExists(file);
                            } else {
                                try (var cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
                                    cut.truncate(leftBytes);
                                }
                            }
                        }
                    }
                };
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            ParallelView parallel = parallel(reader, options);
            List<Long> cuts = parallel.cuts(PROCESSORS, SLICE_BYTES);
            assertThat(cuts).hasSizeGreaterThan(2 * PROCESSORS);
            assertThat(parallel.run(cuts, PROCESSORS, out, notices, new Progress())).isFalse();
        }
        String said = err.toString(StandardCharsets.UTF_8);
        for (int stream = 0; stream < STREAMS; stream++) {
            assertThat(said).contains("c_" + stream + ": packet ");
        }
    }

    /// Generated code decodes many records before they are asked for, the interpreter one.
    @Test
    void writesWhatIsInterpretedAlsoWhereRecordsAreDecodedAhead()
            throws IOException, UsageException {
        int rounds = 40;
        var interpreted = new ArrayList<Shown>();
        for (int round = 0; round < rounds; round++) {
            writeOddTrace(folder.resolve("trace" + round), round);
            interpreted.add(show(folder.resolve("trace" + round), false));
        }
        assertThat(interpreted.stream().filter(each -> each.err.contains("goes back")))
                .isNotEmpty();
        assertThat(interpreted.stream().filter(each -> !each.isWhole)).isNotEmpty();

        Path many = folder.resolve("many");
        uniqueTrace(many).file("c_0", packet(0, 0, 0, new long[MANY_EVENTS]));
        assertThat(show(many, false, "-o", "dummy").isWhole).isTrue();
        for (int round = 0; round < rounds; round++) {
            Path odd = folder.resolve("trace" + round);
            assertThat(show(odd, false)).as("round %d", round).isEqualTo(interpreted.get(round));
            assertThat(show(odd, true)).as("round %d", round).isEqualTo(interpreted.get(round));
        }
        assertThat(sliced).isGreaterThan(rounds);
    }

    /// What is wrong in a slice may show after a part of it was written.
    @Test
    void writesWhatOneThreadWritesAlsoWhereSlicesAreLarge() throws IOException, UsageException {
        sliceBytes = 100 * SLICE_BYTES;
        for (int round = 0; round < 30; round++) {
            Path odd = folder.resolve("large" + round);
            writeOddTrace(odd, round, 300);
            String form = round % 2 == 0 ? "text" : "json";
            assertThat(show(odd, true, "-o", form))
                    .as("round %d", round)
                    .isEqualTo(show(odd, false, "-o", form));
        }
        assertThat(sliced).isGreaterThan(30);
    }

    /// A layout that no other test has had code generated for.
    private static SmallTrace uniqueTrace(Path trace) throws IOException {
        var made = new SmallTrace(trace);
        made.declare(1, "ahead");
        return made;
    }

    /// Two streams of packets of up to 200 events, with times that go back, and damage.
    private void writeOddTrace(Path trace, int round) throws IOException {
        writeOddTrace(trace, round, 20);
    }

    private void writeOddTrace(Path trace, int round, int packetCount) throws IOException {
        SmallTrace made = uniqueTrace(trace);
        for (int stream = 0; stream < 2; stream++) {
            var packets = new ArrayList<byte[]>();
            long at = 100;
            for (int i = 0; i < packetCount; i++) {
                long[] ticks = new long[1 + random.nextInt(200)];
                for (int event = 0; event < ticks.length; event++) {
                    boolean isBack = round % 2 == 0 && random.nextInt(packetCount * 25) == 0;
                    at = isBack ? Math.max(100, at - random.nextInt(50)) : at + random.nextInt(4);
                    ticks[event] = at;
                }
                packets.add(packet(stream, i, 0, ticks));
                if (round % 3 == 0 && random.nextInt(packetCount / 5) == 0) {
                    byte[] packet = packets.getLast();
                    packet[80 + random.nextInt(packet.length - 80)] ^= 1;
                }
                if (random.nextInt(3) == 0) {
                    SmallTrace.reclass(packets.getLast(), random.nextInt(ticks.length), 1);
                }
            }
            made.file("c_" + stream, packets.toArray(byte[][]::new));
        }
    }

    private static ParallelView parallel(TraceReader reader, ViewOptions options)
            throws IOException {
        try {
            return new ParallelView(new Selection(reader, options.selection()), options);
        } catch (UsageException e) {
            throw new AssertionError("there is no filter", e);
        }
    }

    @Test
    void readsNoMoreSlicesAtOnceThanPacketsFitIntoMemory() throws IOException, UsageException {
        writeTrace();
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            ParallelView view = parallel(reader, ViewOptions.DEFAULT);
            long packets =
                    reader.sources().stream()
                            .mapToLong(source -> source.packets().largestBytes())
                            .sum();

            assertThat(packets).isPositive();
            assertThat(view.threads(PROCESSORS, Long.MAX_VALUE)).isEqualTo(PROCESSORS);
            assertThat(view.threads(PROCESSORS, 4 * packets)).isEqualTo(2);
            assertThat(view.threads(PROCESSORS, packets)).isZero();
            assertThat(view.cuts(view.threads(PROCESSORS, packets), SLICE_BYTES)).isEmpty();
        }
    }

    @Test
    void failsAsOneThreadDoes() {
        var error = new OutOfMemoryError("of a slice");
        var failure = new IOException("of a slice");

        assertThatThrownBy(() -> ParallelView.await(CompletableFuture.failedFuture(error)))
                .isSameAs(error);
        assertThatThrownBy(() -> ParallelView.await(CompletableFuture.failedFuture(failure)))
                .isSameAs(failure);
    }

    @Test
    void isNotTriedWhereSlicesHaveNoMeaning() throws IOException, UsageException {
        writeTrace();
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            for (String arguments : List.of("--begin=12:26:40", "-c sink.utils.counter")) {
                ViewOptions options = ViewArguments.parse(arguments.split(" "));
                assertThat(parallel(reader, options).cuts(PROCESSORS, SLICE_BYTES)).isEmpty();
            }
            ViewOptions options = ViewOptions.DEFAULT;
            assertThat(parallel(reader, options).cuts(1, SLICE_BYTES)).isEmpty();
            assertThat(parallel(reader, options).cuts(PROCESSORS)).isEmpty();
        }
    }
}
