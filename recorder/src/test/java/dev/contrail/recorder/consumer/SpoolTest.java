// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.Packets;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.output.TraceUuids;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of packets while their output is away for longer than there is room.
@Timeout(600)
class SpoolTest {
    private static final StreamKey STREAM = Packets.key(0, 0);
    private static final int BYTES = 100_000;
    private static final int RECORDS = 10;
    private static final int MOST_BYTES = 2_000_000;

    @TempDir private Path directory;

    private final Away output = new Away();
    private PacketQueue queue;
    private Outbox outbox;

    /// An output that can be away.
    private final class Away implements SessionOutput {
        private final List<Long> stored = new CopyOnWriteArrayList<>();
        private final TraceUuids uuids = new TraceUuids(new UUID(1, 2));
        private final LostRecords lost = LostRecords.inMemory();
        private volatile boolean isAway = true;

        @Override
        public TraceUuids uuids() {
            return uuids;
        }

        @Override
        public LostRecords lost() {
            return lost;
        }

        @Override
        public Optional<IndexEntry> last(StreamKey stream) {
            return Optional.empty();
        }

        @Override
        public void metadata(String traceDirectory, String text) {}

        @Override
        public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
            throw new AssertionError("sent otherwise");
        }

        @Override
        public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet)
                throws IOException {
            if (isAway) {
                throw new IOException("away");
            }
            stored.add(entry.sequence());
        }

        @Override
        public boolean isSpooled() {
            return true;
        }

        @Override
        public boolean isKept() {
            return true;
        }

        @Override
        public boolean isGrowing() {
            return false;
        }

        @Override
        public void lose(StreamKey stream, IndexEntry entry) {
            lost.add(stream, entry);
        }

        @Override
        public void lose(StreamKey stream, IndexEntry entry, String why) {
            lost.add(stream, entry);
        }

        @Override
        public void tellLosses() {}

        @Override
        public long busyNanos() {
            return 0;
        }

        @Override
        public String place() {
            return "away";
        }

        @Override
        public long roomLeft(StreamKey stream) {
            return 0;
        }

        @Override
        public String problem() {
            return "";
        }

        @Override
        public void close() {}
    }

    private Sender open() {
        Path state = directory.resolve("state");
        queue =
                PacketQueue.open(
                        state, "packets", new SpillBudget(64 << 20), MOST_BYTES, TimeSource.SYSTEM);
        var given = new Given(state);
        var sender =
                new Sender(
                        "test",
                        output,
                        queue,
                        StreamPositions.in(state.resolve("positions")),
                        List::of,
                        given,
                        new Supervisor(why -> {
                            throw new AssertionError(why);
                        }),
                        RecorderHost.real());
        outbox = new Outbox(sender, queue, given);
        return sender;
    }

    private void give(Sender sender, long sequence) throws IOException {
        while (!outbox.hasRoom()) {
            Thread.onSpinWait();
        }
        IndexEntry entry = Packets.entry(sequence, BYTES, RECORDS, 0);
        outbox.metadata(Packets.TRACE, "/* metadata */");
        outbox.store(STREAM, entry, Packets.packet(new UUID(1, 2), entry));
        sender.wake();
    }

    @Test
    void theOldestGivesWayAndIsCounted() throws Exception {
        int given = 60;
        Sender sender = open();
        for (int i = 0; i < given; i++) {
            give(sender, i);
        }
        assertThat(queue.waitingBytes()).isLessThanOrEqualTo(MOST_BYTES);
        output.isAway = false;
        sender.finish(false).get();
        sender.end().get();

        int stored = output.stored.size();
        assertThat(stored).isBetween(5, MOST_BYTES / BYTES);
        assertThat(output.stored.getFirst()).isEqualTo(given - stored);
        assertThat(output.stored).isSorted().doesNotHaveDuplicates();
        assertThat(output.lostRecords()).isEqualTo((long) (given - stored) * RECORDS);
    }

    @Test
    void whatWaitsAtTheEndOfRecordingIsStoredLater() throws Exception {
        Sender sender = open();
        give(sender, 0);
        give(sender, 1);
        sender.finish(false).get();
        assertThat(output.lostRecords()).isZero();
        output.isAway = false;
        sender.finish(false).get();
        assertThat(output.stored).containsExactly(0L, 1L);
        sender.end().get();
    }

    @Test
    void whatWaitsWhenTheSessionIsDestroyedIsLostAndCounted() throws Exception {
        Sender sender = open();
        give(sender, 0);
        give(sender, 1);
        sender.finish(true).get();
        assertThat(output.lostRecords()).isEqualTo(2 * RECORDS);
        assertThat(queue.isEmpty()).isTrue();
        sender.end().get();
    }

    /// Whether it was counted as lost, and the daemon died before it could take it off.
    @Test
    void whatWasGivenUpIsNotStoredByANextDaemon() throws Exception {
        Sender first = open();
        give(first, 0);
        give(first, 1);
        first.end().get();
        output.lose(STREAM, Packets.entry(0, BYTES, RECORDS, 0));
        output.isAway = false;
        Sender next = open();
        next.finish(false).get();
        assertThat(output.stored).containsExactly(1L);
        assertThat(output.lostRecords()).isEqualTo(RECORDS);
        next.end().get();
    }
}
