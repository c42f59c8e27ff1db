// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a snapshot tells of records that were overwritten: those that are missing in its middle.
class SnapshotHoleTest {
    private static final long SESSION = 0x401e;

    /// Fewer than make a thread ask for a cell of its own, and more than eight blocks hold.
    private static final int FEW = 900;

    private static final int MANY = 30_000;

    private RingWriter writer;
    private WriterPool pool;
    private RingFile ring;

    @BeforeEach
    void open() throws Exception {
        writer = Flood.ownRing();
        pool = writer.openPool(SESSION, 0, PoolMode.OVERWRITE, 4096, 8);
        ring = RingFile.open(writer.file(), -1);
    }

    @AfterEach
    void close() throws Exception {
        writer.closePool(pool);
        read().release();
        ring.close();
    }

    private Pool read() throws Exception {
        return ring.pools().stream()
                .filter(each -> each.sessionId() == SESSION)
                .findFirst()
                .orElseThrow();
    }

    private void write(int events) {
        for (int i = 0; i < events; i++) {
            Flood.write(pool, 0, i);
        }
    }

    @Test
    void aRingThatHasGoneRoundTellsNothingOfWhatIsOlderThanAllThatItHolds() throws Exception {
        write(FEW);

        PoolSnapshot snapshot = read().snapshot();
        assertThat(snapshot.totals().overwritten()).isPositive();
        assertThat(snapshot.horizonTicks()).isEqualTo(snapshot.packets().get(0).beginTicks());
        assertThat(snapshot.packets())
                .allMatch(packet -> packet.recordCount() > 0 && packet.lostTotal() == 0);
    }

    @Test
    void itDoesBesideRecordsThatAreOlder() throws Exception {
        long before = TracerClock.nanos();
        write(FEW);

        PoolSnapshot snapshot = read().snapshot(before);
        assertThat(told(snapshot.packets())).isEqualTo(snapshot.totals().overwritten());
        List<RingPacket> streamed = new ArrayList<>();
        read().stream(before, streamed::add);
        assertThat(told(streamed)).isEqualTo(snapshot.totals().overwritten());
    }

    @Test
    void oneThatWasNeverFullTellsNothing() throws Exception {
        write(10);

        PoolSnapshot snapshot = read().snapshot(0);
        assertThat(snapshot.packets()).singleElement().returns(10, RingPacket::recordCount);
        assertThat(snapshot.packets().get(0).lostTotal()).isZero();
        assertThat(snapshot.horizonTicks()).isEqualTo(Long.MIN_VALUE);
    }

    /// The shared cell's block is open all the time, so the first records stay.
    @Test
    void whatIsMissingBehindRecordsThatStayedIsToldInFrontOfEachStream() throws Exception {
        int threads = 3;
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) { // so the last one leaves others without any block
                CountDownLatch done = new CountDownLatch(1);
                Thread thread =
                        new Thread(() -> {
                            write(MANY);
                            done.countDown();
                            awaitQuietly(end); // nobody else gets its cell
                        });
                writers.add(thread);
                thread.start();
                done.await();
            }

            PoolSnapshot snapshot = read().snapshot();
            assertThat(stored(snapshot.packets()) + told(snapshot.packets()))
                    .isEqualTo((long) threads * MANY);
            assertThat(told(snapshot.packets())).isEqualTo(snapshot.totals().overwritten());
            byCell(snapshot.packets()).values().forEach(SnapshotHoleTest::checkFront);
            List<RingPacket> streamed = new ArrayList<>();
            PoolSnapshot account = read().stream(streamed::add);
            assertThat(stored(streamed)).isEqualTo(stored(snapshot.packets()));
            assertThat(told(streamed)).isEqualTo(told(snapshot.packets()));
            assertThat(account.totals()).isEqualTo(snapshot.totals());
            byCell(streamed).values().forEach(SnapshotHoleTest::checkFront);
        } finally {
            end.countDown();
            for (Thread each : writers) {
                each.join();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nothing lost, then the loss, which ends where the records begin.
    private static void checkFront(List<RingPacket> stream) {
        long told = stream.get(stream.size() - 1).lostTotal();
        for (int i = 1; i < stream.size(); i++) {
            RingPacket before = stream.get(i - 1);
            assertThat(stream.get(i).sequence()).isEqualTo(before.sequence() + 1);
            assertThat(stream.get(i).beginTicks()).isGreaterThanOrEqualTo(before.endTicks());
        }
        if (told > 0) {
            assertThat(stream.get(0)).returns(0, RingPacket::recordCount);
            assertThat(stream.get(0).lostTotal()).isZero();
            assertThat(stream.get(1)).returns(0, RingPacket::recordCount);
            assertThat(stream.get(1).lostTotal()).isEqualTo(told);
        }
        if (stream.size() > 2) {
            assertThat(stream.get(1).endTicks()).isEqualTo(stream.get(2).beginTicks());
        }
    }

    private static Map<Integer, List<RingPacket>> byCell(List<RingPacket> packets) {
        Map<Integer, List<RingPacket>> cells = new TreeMap<>();
        for (RingPacket packet : packets) {
            cells.computeIfAbsent(packet.cell(), cell -> new ArrayList<>()).add(packet);
        }
        return cells;
    }

    private static long stored(List<RingPacket> packets) {
        return packets.stream().mapToLong(RingPacket::recordCount).sum();
    }

    /// What the last packets tell.
    private static long told(List<RingPacket> packets) {
        return byCell(packets).values().stream()
                .mapToLong(stream -> stream.get(stream.size() - 1).lostTotal())
                .sum();
    }
}
