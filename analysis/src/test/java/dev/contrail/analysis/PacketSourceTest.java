// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static dev.contrail.analysis.SmallTrace.EPOCH;
import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.PacketSource.Arrival;
import dev.contrail.analysis.source.StreamSlice;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.ctf.write.CtfWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketSourceTest {
    private static final byte[][] PACKETS = {
        packet(3, 0, 0, 10, 20), packet(3, 1, 5, 30), packet(3, 4, 5, 40, 50)
    };

    @TempDir private Path folder;
    private Metadata metadata;

    @BeforeEach
    void writeTrace() throws IOException, CtfException {
        new SmallTrace(folder).file("c_0", PACKETS);
        metadata = MetadataFile.read("metadata", folder.resolve("metadata"));
    }

    private SourceTrace trace(SourceStream... streams) {
        return new SourceTrace("host1", metadata, List.of(streams));
    }

    private MemoryPackets inMemory(byte[]... packets) throws CtfException {
        var decoder = new PacketDecoder(TracePlan.of("metadata", metadata));
        var bytes = new ArrayList<ByteBuffer>();
        var entries = new ArrayList<IndexEntry>();
        for (byte[] each : packets) {
            bytes.add(ByteBuffer.wrap(each));
            entries.add(decoder.begin(ByteBuffer.wrap(each), "memory", 0, 0, each.length));
        }
        return new MemoryPackets("memory", bytes, entries);
    }

    /// What comes, one word and time each, times from [SmallTrace#EPOCH] on.
    private static List<String> messages(MessageIterator from) throws IOException {
        var told = new ArrayList<String>();
        while (from.next()) {
            told.add(told(from.current()));
        }
        return told;
    }

    private static String told(Message message) {
        return switch (message) {
            case EventRecord event -> event.stream().id() + " event " + (event.nanos() - EPOCH);
            case Message.StreamBegin begin -> begin.stream().id() + " begin";
            case Message.StreamEnd end -> end.stream().id() + " end";
            case Message.PacketBegin begin -> begin.stream().id() + " packet " + begin.ticks();
            case Message.PacketEnd end -> end.stream().id() + " packet end " + end.ticks();
            case Message.DiscardedEvents lost -> lost.count() + " events lost";
            case Message.DiscardedPackets lost -> lost.count() + " packets lost";
            case Message.Inactivity quiet ->
                    quiet.stream().id() + " quiet until " + (quiet.untilNanos() - EPOCH);
            case Message.Damage(String what) -> "damage " + what;
            case Message.Remark(String what) -> "remark " + what;
        };
    }

    @Test
    void tellsTheSameFromMemoryAsFromFiles() throws IOException, CtfException {
        try (TraceReader files = TraceReader.open(List.of(folder));
                TraceReader memory =
                        TraceReader.of(
                                List.of(trace(new SourceStream(0, 3, "c", inMemory(PACKETS)))))) {
            List<String> fromFiles = messages(files);
            assertThat(fromFiles).contains("3 event 40", "5 events lost", "2 packets lost");
            assertThat(messages(memory)).isEqualTo(fromFiles);
        }
    }

    /// Whatever knows its packets can be cut: parts side by side are the whole.
    @Test
    void readsPartsAsTheyAreInTheWhole() throws IOException, CtfException {
        try (TraceReader files = TraceReader.open(List.of(folder));
                TraceReader memory =
                        TraceReader.of(
                                List.of(trace(new SourceStream(0, 3, "c", inMemory(PACKETS)))))) {
            for (TraceReader reader : List.of(files, memory)) {
                List<String> whole = messages(reader);
                StreamSource source = reader.sources().getFirst();
                var parts = new ArrayList<String>();
                long from = Long.MIN_VALUE;
                for (long to : new long[] {EPOCH + 30, EPOCH + 45, Long.MAX_VALUE}) {
                    try (StreamSlice slice = StreamSlice.of(source, from, to)) {
                        parts.addAll(messages(slice));
                    }
                    from = to;
                }
                assertThat(parts).isEqualTo(whole);
            }
        }
    }

    /// Arrivals in order; nothing yet when there is none.
    private static final class Live implements PacketSource {
        private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
        private volatile boolean isClosed;

        Live(Arrival... first) {
            arrivals.addAll(List.of(first));
        }

        @Override
        public Arrival next() {
            Arrival next = arrivals.poll();
            return next == null ? new NotYet() : next;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static Arrival arrived(byte[] packet) {
        return new PacketSource.Packet(
                ByteBuffer.wrap(packet), "live", 0, 0, packet.length, Optional.empty());
    }

    @Test
    void holdsBackNothingThatAQuietStreamHasPromisedNotToPrecede() throws IOException {
        var quiet =
                new Live(
                        new PacketSource.NotYet(),
                        new PacketSource.Quiet(35),
                        new PacketSource.Quiet(35),
                        new PacketSource.Quiet(60),
                        arrived(packet(8, 0, 0, 70)),
                        new PacketSource.End());
        var busy =
                new Live(
                        arrived(PACKETS[0]),
                        new PacketSource.NotYet(),
                        arrived(PACKETS[1]),
                        arrived(packet(7, 2, 5, 65, 75)),
                        new PacketSource.End());
        try (TraceReader reader =
                TraceReader.of(
                        List.of(
                                trace(
                                        new SourceStream(0, 7, "busy", busy),
                                        new SourceStream(0, 8, "quiet", quiet))))) {
            assertThat(messages(reader))
                    .containsExactly(
                            "7 begin",
                            "8 begin",
                            "7 packet 10",
                            "7 event 10",
                            "7 event 20",
                            "7 packet end 20",
                            "5 events lost",
                            "7 packet 30",
                            "7 event 30",
                            "7 packet end 30",
                            "8 quiet until 35",
                            "8 quiet until 60",
                            "7 packet 65",
                            "7 event 65",
                            "8 packet 70",
                            "8 event 70",
                            "8 packet end 70",
                            "8 end",
                            "7 event 75",
                            "7 packet end 75",
                            "7 end");
        }
        assertThat(quiet.isClosed).isTrue();
    }

    @Test
    void showsEventsOfAStreamThatGoesOn() throws IOException, InterruptedException {
        var live = new Live(arrived(PACKETS[0]));
        var second = new CountDownLatch(1);
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                second.await();
                                live.arrivals.add(arrived(PACKETS[1]));
                                live.arrivals.add(new PacketSource.End());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        try (TraceReader reader =
                TraceReader.of(List.of(trace(new SourceStream(0, 3, "live", live))))) {
            var times = new ArrayList<Long>();
            while (reader.nextEvent()) {
                times.add(reader.event().nanos() - EPOCH);
                if (times.size() == 2) {
                    second.countDown();
                }
            }
            assertThat(times).containsExactly(10L, 20L, 30L);
        }
        writer.join();
    }

    @Test
    void ceasesToWaitWhenItIsInterrupted() throws IOException {
        try (TraceReader reader =
                TraceReader.of(List.of(trace(new SourceStream(0, 3, "live", new Live()))))) {
            assertThat(reader.next()).isTrue(); // the stream's begin
            Thread.currentThread().interrupt();
            assertThatThrownBy(reader::next)
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessageContaining("live");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void readsOnBehindWhatCannotBeRead() throws IOException {
        var damaged =
                new Live(
                        new PacketSource.Unreadable("no packet"),
                        arrived(new byte[100]),
                        arrived(PACKETS[0]),
                        new PacketSource.End());
        try (TraceReader reader =
                TraceReader.of(List.of(trace(new SourceStream(0, 3, "live", damaged))))) {
            assertThat(messages(reader))
                    .contains(
                            "damage no packet",
                            "3 event 20",
                            "damage live: 1 more packets are damaged");
        }
    }

    @Test
    void refusesAStreamWhoseClassIsNotDeclared() throws IOException {
        try (TraceReader reader =
                TraceReader.of(List.of(trace(new SourceStream(9, 3, "other", new Live()))))) {
            assertThat(reader.next()).isFalse();
            assertThat(reader.damage()).containsExactly("other: stream class 9 is not declared");
        }
    }

    /// A feed that never ends fits into memory.
    @Test
    void asksAFeedForNoMoreThanIsRead() throws IOException {
        var clock = new ClockClass("unix", "", "", 1_000_000_000, 0, 0, 0, true);
        var stream = new StreamClass(0, "unix");
        var member = new FieldClass.Member("n", FieldClass.signed(64));
        var tick = new EventClass(0, 0, "tick", member);
        CtfWriter writer = CtfWriter.inMemory(new TraceClass(clock), 1 << 12);
        writer.declare(List.of(stream), List.of(tick));
        long[] appended = new long[1];
        RecordFeed endless =
                records -> {
                    records.append(tick, appended[0], appended[0]++);
                    return true;
                };
        SourceStream fed = SourceStream.of(writer, stream, 0, "endless", endless);
        var trace = new SourceTrace("t", writer.declared(), List.of(fed));
        try (TraceReader reader = TraceReader.of(List.of(trace))) {
            for (long read = 0; read < 100_000; read++) {
                assertThat(reader.nextEvent()).isTrue();
                assertThat(reader.event().field("n")).contains(read);
                assertThat(appended[0] - read).isLessThan(1000);
            }
        }
    }
}
