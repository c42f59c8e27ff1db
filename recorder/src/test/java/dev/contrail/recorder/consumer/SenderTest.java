// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.Packets;
import dev.contrail.recorder.output.TraceOutput;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class SenderTest {
    private static final UUID SEED = UUID.randomUUID();
    private static final StreamKey STREAM = Packets.key(0, 0);
    private static final int BYTES = 1000;

    @TempDir private Path directory;

    private TraceOutput output;
    private Outbox outbox; // of the sender that was opened last

    private Sender open() {
        output = new TraceOutput(directory.resolve("trace"), SEED);
        var queue = PacketQueue.open(state(), "packets", new SpillBudget(4 << 20));
        var given = new Given(state());
        var sender =
                new Sender(
                        "test",
                        output,
                        queue,
                        StreamPositions.in(state().resolve("positions")),
                        List::of,
                        given,
                        new Supervisor(why -> {
                            throw new AssertionError(why);
                        }),
                        RecorderHost.real());
        outbox = new Outbox(sender, queue, given);
        return sender;
    }

    private Path state() {
        return directory.resolve("state");
    }

    private void give(Sender sender, long sequence, int bytes) throws IOException {
        IndexEntry entry = Packets.entry(sequence, bytes, 10, 0);
        outbox.metadata(Packets.TRACE, "/* metadata */\n" + "x".repeat((int) sequence));
        outbox.store(STREAM, entry, Packets.packet(sender.traceUuid(Packets.TRACE), entry));
        sender.wake();
    }

    private long stored() throws IOException {
        var last = new TraceOutput(directory.resolve("trace"), SEED).last(STREAM);
        return last.map(IndexEntry::sequence).orElse(-1L);
    }

    private Path trace() {
        return directory.resolve("trace").resolve(Packets.TRACE);
    }

    /// Whoever writes the metadata waits until somebody reads it.
    private void block() throws Exception {
        Files.createDirectories(trace());
        var made = new ProcessBuilder("mkfifo", trace().resolve("metadata").toString()).start();
        assertThat(made.waitFor()).isZero();
    }

    /// Lets go of it, and reads what comes until the other end is closed.
    private void unblock() throws IOException {
        Path fifo = trace().resolve("metadata");
        try (var writer = Files.newOutputStream(fifo, StandardOpenOption.WRITE)) {
            Files.delete(fifo);
            writer.flush(); // who reads it finds nothing in it
        }
        while (output.busyNanos() > Sender.LONGEST_SILENCE_NANOS) {
            Thread.onSpinWait();
        }
    }

    @Test
    void storesWhatItIsGiven() throws Exception {
        Sender sender = open();
        for (int i = 0; i < 100; i++) {
            give(sender, i, BYTES);
        }
        sender.finish(false).get();
        assertThat(sender.problem()).isEmpty();
        assertThat(stored()).isEqualTo(99);
        assertThat(outbox.last(STREAM)).contains(Packets.entry(99, BYTES, 10, 0));
        assertThat(trace().resolve("metadata")).content().endsWith("\n" + "x".repeat(99));
        sender.end().get();
        try (var files = Files.list(state())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("positions", "metadata-ust_uid_1_64-bit");
        }
    }

    @Test
    void goesOnWithoutAnOutputThatDoesNotAnswer() throws Exception {
        block();
        Sender sender = open();
        give(sender, 0, BYTES);
        give(sender, 1, BYTES);
        CompletableFuture<Void> finished = sender.finish(false);
        finished.get(); // though nothing is stored
        assertThat(sender.problem())
                .startsWith("No answer from " + directory.resolve("trace") + " for ")
                .endsWith(" 2,000 bytes wait in memory");
        for (int i = 2; i < 10; i++) {
            give(sender, i, BYTES);
        }
        assertThat(outbox.last(STREAM)).contains(Packets.entry(9, BYTES, 10, 0));
        unblock();
        sender.finish(false).get();
        sender.end().get();
        assertThat(stored()).isEqualTo(9);
    }

    @Test
    void takesNoMoreThanItMayWhileTheOutputIsSilent() throws Exception {
        block();
        Sender sender = open();
        int given = 0;
        while (outbox.hasRoom()) {
            give(sender, given++, 100_000);
        }
        assertThat(given).isBetween(20, 45);
        unblock();
        sender.finish(false).get();
        assertThat(outbox.hasRoom()).isTrue();
        sender.end().get();
        assertThat(stored()).isEqualTo(given - 1);
    }

    /// A last drain cannot come again.
    @Test
    void waitsWithALastPacketForRoomThatTheOutputMakes() throws Exception {
        block();
        Sender sender = open();
        long given = 0;
        while (outbox.hasRoom()) {
            give(sender, given++, 100_000);
        }
        long last = given;
        var isGiven = new AtomicBoolean();
        var drain =
                new Thread(() -> {
                    IndexEntry entry = Packets.entry(last, 100_000, 10, 0);
                    outbox.packet(
                            STREAM, entry, Packets.packet(sender.traceUuid(Packets.TRACE), entry));
                    isGiven.set(true);
                });
        drain.start();
        while (drain.getState() == Thread.State.NEW || drain.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        unblock();
        drain.join();
        assertThat(isGiven).isTrue();
        sender.finish(false).get();
        sender.end().get();
        assertThat(stored()).isEqualTo(last);
        assertThat(output.lostRecords()).isZero();
    }

    @Test
    void storesForADaemonThatWasKilledEachPacketOnce() throws Exception {
        block();
        Sender killed = open();
        for (int i = 0; i < 10; i++) {
            give(killed, i, BYTES);
        }
        while (output.busyNanos() == 0) {
            Thread.onSpinWait();
        }
        try (var before = new TraceOutput(directory.resolve("trace"), SEED)) { // had stored these
            for (int i = 0; i < 4; i++) {
                Packets.write(before, STREAM, i, BYTES);
            }
        }
        Files.delete(trace().resolve("metadata"));
        Sender next = open();
        assertThat(outbox.last(STREAM)).contains(Packets.entry(9, BYTES, 10, 0));
        give(next, 10, BYTES);
        next.finish(false).get();
        next.end().get();
        assertThat(stored()).isEqualTo(10);
        assertThat(Files.size(trace().resolve("c_0"))).isEqualTo(11L * BYTES);
        assertThat(trace().resolve("metadata")).content().endsWith("x".repeat(10));
    }

    @Test
    void storesNothingAgainThatWasStoredOrCountedAsLost() throws Exception {
        Sender first = open();
        give(first, 0, BYTES);
        outbox.end(STREAM);
        first.finish(false).get();
        Files.move(directory.resolve("trace"), directory.resolve("elsewhere"));
        Files.writeString(directory.resolve("trace"), "no directory");
        give(first, 1, BYTES);
        first.finish(false).get();
        assertThat(output.lostRecords()).isEqualTo(10);
        Files.delete(directory.resolve("trace"));
        Sender next = open(); // the first was killed, and its queue is there
        next.finish(false).get();
        next.end().get();
        assertThat(directory.resolve("trace")).doesNotExist();
    }

    @Test
    void countsWhatANextDaemonCannotStoreEither() throws Exception {
        block();
        Sender killed = open();
        give(killed, 0, BYTES);
        give(killed, 1, BYTES);
        while (output.busyNanos() == 0) {
            Thread.onSpinWait();
        }
        Files.move(directory.resolve("trace"), directory.resolve("elsewhere"));
        Files.writeString(directory.resolve("trace"), "no directory");
        Sender next = open();
        next.finish(false).get();
        assertThat(output.lostRecords()).isEqualTo(20);
        next.end().get();
    }

    /// A packet that grew while it waited is in the queue twice, the second time whole.
    @Test
    void countsNothingAsLostThatThePacketBehindItHolds() throws Exception {
        block();
        Sender sender = open();
        give(sender, 0, BYTES);
        put(sender, 1, BYTES, 10);
        while (output.busyNanos() == 0) {
            Thread.onSpinWait();
        }
        try (var files = Files.list(state())) {
            for (Path each : files.filter(file -> file.toString().contains("packets")).toList()) {
                Files.write(each, new byte[0]);
            }
        }
        put(sender, 1, 2 * BYTES, 5);
        unblock();
        sender.finish(false).get();
        assertThat(output.lostRecords()).isEqualTo(10);
        assertThat(stored()).isEqualTo(1);
        sender.end().get();
    }

    private void put(Sender sender, long sequence, int bytes, int records) throws IOException {
        IndexEntry entry = Packets.entry(sequence, bytes, records, 0);
        UUID uuid = sender.traceUuid(Packets.TRACE);
        outbox.store(STREAM, entry, Packets.packet(uuid, entry));
        sender.wake();
    }

    @Test
    void goesOnNumberingWhereTheFilesAreGone() throws Exception {
        Sender first = open();
        give(first, 6, BYTES);
        first.finish(false).get();
        first.end().get();
        Files.move(directory.resolve("trace"), directory.resolve("elsewhere"));
        Sender next = open();
        assertThat(outbox.last(STREAM)).contains(Packets.entry(6, BYTES, 10, 0));
        next.end().get();
    }

    @Test
    void asksAnOutputOfADaemonThatKeptNoPositions() throws Exception {
        try (var before = new TraceOutput(directory.resolve("trace"), SEED)) {
            before.metadata(Packets.TRACE, "/* metadata */");
            Packets.write(before, STREAM, 5, BYTES);
        }
        Sender next = open();
        assertThat(outbox.last(STREAM)).isEmpty();
        next.takenOver();
        assertThat(outbox.last(STREAM)).map(IndexEntry::sequence).contains(5L);
        next.end().get();
    }

    @Test
    void triesAgainUntilItIsTheLastTime() throws Exception {
        Files.writeString(directory.resolve("trace"), "no directory");
        Sender sender = open();
        give(sender, 0, BYTES);
        while (sender.problem().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        assertThat(output.lostRecords()).isZero();
        Files.delete(directory.resolve("trace"));
        while (stored() < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        output.beginRound();
        sender.finish(false).get();
        assertThat(output.lostRecords()).isZero();

        Files.move(directory.resolve("trace"), directory.resolve("elsewhere"));
        Files.writeString(directory.resolve("trace"), "no directory");
        give(sender, 1, BYTES);
        assertThat(outbox.mayGrow(STREAM, 1, 10)).isTrue();
        sender.finish(false).get();
        assertThat(output.lostRecords()).isEqualTo(10);
        assertThat(outbox.mayGrow(STREAM, 1, 10)).isFalse();
        sender.end().get();
    }

    @Test
    void letsAPacketGrowThatWaitsOrIsStored() throws Exception {
        Sender sender = open();
        give(sender, 0, BYTES);
        assertThat(outbox.mayGrow(STREAM, 0, 100)).isTrue();
        give(sender, 0, BYTES + 100);
        sender.finish(false).get();
        assertThat(outbox.mayGrow(STREAM, 0, 100)).isTrue();
        assertThat(outbox.mayGrow(STREAM, 1, 100)).isFalse();
        give(sender, 0, BYTES + 200);
        give(sender, 1, BYTES);
        sender.finish(false).get();
        sender.end().get();
        assertThat(Files.size(trace().resolve("c_0"))).isEqualTo(2L * BYTES + 200);
    }

    @Test
    void letsAPacketGrowOnlyAsFarAsItsFileMay() throws Exception {
        StreamKey limited = Packets.key(4096, 2);
        Sender sender = open();
        IndexEntry entry = Packets.entry(0, BYTES, 10, 0);
        outbox.metadata(Packets.TRACE, "/* metadata */");
        outbox.store(limited, entry, Packets.packet(sender.traceUuid(Packets.TRACE), entry));
        sender.wake();
        sender.finish(false).get();
        assertThat(outbox.mayGrow(limited, 0, 3096)).isTrue();
        assertThat(outbox.mayGrow(limited, 0, 3097)).isFalse();
        sender.end().get();
    }
}
