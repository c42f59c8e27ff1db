// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.Flood;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.Store;
import dev.contrail.tracer.ring.read.PacketReceiver;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.read.StoredPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who gets a cell of its own.
class WriterPoolTest {
    /// As many event records as make a thread ask for a cell twice.
    private static final int HOT = 2500;

    private static final int OVER = -1;

    private RingWriter writer;
    private WriterPool pool;

    /// A thread that writes as many records as it is told.
    private final class Writer implements Runnable {
        final Thread thread = new Thread(this); // of no class of its own: JDK 17 asks those for ids
        private final SynchronousQueue<Integer> orders = new SynchronousQueue<>();
        private final SynchronousQueue<Integer> done = new SynchronousQueue<>();
        private long next;

        @Override
        public void run() {
            try {
                for (int count; (count = orders.take()) != OVER; done.put(count)) {
                    for (int i = 0; i < count; i++) {
                        Flood.write(pool, 0, next++);
                    }
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void write(int count) throws InterruptedException {
            orders.put(count);
            done.take();
        }

        void end() throws InterruptedException {
            orders.put(OVER);
            thread.join();
        }
    }

    @BeforeEach
    void open() throws Exception {
        writer = Flood.ownRing();
        pool = writer.openPool(0xce11, 0, PoolMode.DISCARD, 32768, 64);
    }

    @AfterEach
    void close() throws Exception {
        writer.closePool(pool);
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            for (Pool each : ring.pools()) {
                if (each.sessionId() == 0xce11) {
                    each.release();
                }
            }
        }
    }

    /// How many records each cell holds.
    private TreeMap<Integer, Long> recordsByCell() throws Exception {
        TreeMap<Integer, Long> found = new TreeMap<>();
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            for (Pool each : ring.pools()) {
                if (each.sessionId() != 0xce11) {
                    continue;
                }
                assertThat(each.totals().lost()).isZero();
                for (RingPacket packet : each.snapshot().packets()) {
                    found.merge(packet.cell(), (long) packet.recordCount(), Long::sum);
                }
            }
        }
        return found;
    }

    private PoolTotals totals() throws Exception {
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            for (Pool each : ring.pools()) {
                if (each.sessionId() == 0xce11) {
                    return each.totals();
                }
            }
        }
        throw new AssertionError("no pool");
    }

    private Writer startedLike(Writer other) {
        Writer twin = new Writer();
        while ((twin.thread.getId() - other.thread.getId()) % WriterPool.THREADS != 0) {
            twin = new Writer();
        }
        twin.thread.start();
        return twin;
    }

    /// The program may be killed before the link thread does it.
    @Test
    void theNextRecordTellsWhatWasLostWhereNothingCouldBeCalled() throws Exception {
        Writer first = new Writer();
        first.thread.start();
        first.write(HOT); // it has a cell of its own
        pool.unheldLost += 3;
        first.write(1);
        assertThat(totals().lost()).isEqualTo(3);
        first.write(1);
        assertThat(totals().lost()).isEqualTo(3);
        pool.unheldLost += 4;
        Flood.write(pool, 0, 1); // through a shared cell
        assertThat(totals().lost()).isEqualTo(7);
        first.end();
        assertThat(totals().recorded()).isEqualTo(HOT + 3);
    }

    /// A record that is there and whose writer is told that it failed would be counted twice.
    @Test
    void aRecordThatIsThereHasNotFailedForWantOfStack() throws Exception {
        int records = 300;
        Flood.write(pool, 0, 1);
        Thread deep =
                new Thread(
                        null,
                        () -> {
                            for (int i = 0; i < records; i++) {
                                Cell cell = Flood.take(pool);
                                cell.open(Cell.HEADER_BYTES);
                                endAtTheEndOfTheStack(cell, cell.header(0) + Cell.HEADER_BYTES);
                            }
                        },
                        "deep",
                        512 << 10);
        deep.start();
        deep.join();
        assertThat(totals().recorded()).isEqualTo(records + 1);
        assertThat(totals().lost()).isZero();
    }

    /// As near to the end as it can be done.
    private static void endAtTheEndOfTheStack(Cell cell, int end) {
        try {
            endAtTheEndOfTheStack(cell, end);
            return;
        } catch (StackOverflowError e) {
            // then here
        }
        cell.end(end);
    }

    @Test
    void tellsHowMuchIsLeasedSinceTheLastDrain() throws Exception {
        Writer hot = new Writer();
        hot.thread.start();
        Store store = new Store();
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            Pool mine = null;
            for (Pool each : ring.pools()) {
                if (each.sessionId() == 0xce11) {
                    mine = each;
                }
            }
            assertThat(mine.fill()).isZero(); // never drained
            hot.write(HOT);
            mine.drain(store, false);
            assertThat(mine.fill()).isZero();
            hot.write(HOT);
            assertThat(mine.fill() * 64).isBetween(1.0, 64.0);
            mine.drain(store, false);
            assertThat(mine.fill()).isZero();
        }
        hot.end();
    }

    @Test
    void aHotThreadGetsACellOfItsOwn() throws Exception {
        Writer hot = new Writer();
        hot.thread.start();
        hot.write(HOT);
        TreeMap<Integer, Long> cells = recordsByCell();
        assertThat(cells).hasSize(2);
        assertThat(cells.firstEntry().getValue()).isEqualTo(1000);
        assertThat(cells.lastKey()).isEqualTo(pool.place().sharedCells());
        hot.end();
    }

    @Test
    void ofTwoThreadsOfOneIndexTheSecondStaysWithSharedCellsUntilTheFirstHasEnded()
            throws Exception {
        Writer first = new Writer();
        first.thread.start();
        Writer second = startedLike(first);
        first.write(HOT);
        int owned = pool.place().sharedCells();
        long before = recordsByCell().get(owned);
        second.write(HOT);
        assertThat(recordsByCell().tailMap(owned)).containsOnlyKeys(owned);
        assertThat(recordsByCell().get(owned)).isEqualTo(before);
        first.end();
        second.write(HOT);
        assertThat(recordsByCell().get(owned)).isGreaterThan(before);
        long all = recordsByCell().values().stream().mapToLong(Long::longValue).sum();
        assertThat(all).isEqualTo(3L * HOT);
        second.end();
    }

    @Test
    void threadsOfOtherIndicesOwnCellsSideBySide() throws Exception {
        Writer first = new Writer();
        first.thread.start();
        Writer second = new Writer();
        second.thread.start();
        first.write(HOT);
        second.write(HOT);
        int owned = pool.place().sharedCells();
        assertThat(recordsByCell().tailMap(owned).keySet()).isEqualTo(Set.of(owned, owned + 1));
        first.end();
        second.end();
    }

    @Test
    void aFailureIsInTheFileWithTheNextRecord() throws Exception {
        assertThat(Flood.write(pool, 0, 0)).isTrue();
        Cell cell = Flood.take(pool);
        assertThat(cell.open(100)).isTrue();
        cell.failed++; // as generated code does
        cell.limit = 0;
        cell.inside = false;
        cell.lock = 0;
        assertThat(Flood.write(pool, 0, 1)).isTrue();
        assertThat(totals().failed()).isEqualTo(1);
        assertThat(totals().recorded()).isEqualTo(2);
        for (int i = 2; i < HOT; i++) {
            Flood.write(pool, 0, i);
        }
        assertThat(totals().failed()).isEqualTo(1);
        assertThat(totals().recorded()).isEqualTo(HOT);
    }

    /// Records that have times of their own are in a cell of their own, where time never goes back,
    /// and a reader learns how far it is complete before there is one.
    @Test
    void recordsOfOtherTimesAreInACellOfTheirOwn() throws Exception {
        int dated = pool.place().cells() - 1;
        Packets store = new Packets();
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            Pool mine = ours(ring);
            assertThat(mine.floorTicks()).isEqualTo(Long.MAX_VALUE);
            mine.drain(store, true);
            assertThat(store.found).isEmpty();
            long begin = TracerClock.nanos();
            pool.promise(begin);
            assertThat(mine.floorTicks()).isEqualTo(begin);
            mine.drain(store, true);
            assertThat(store.found).hasSize(1);
            assertThat(store.found.get(0).cell()).isEqualTo(dated);
            assertThat(store.found.get(0).isAccounting()).isTrue();

            Flood.write(pool, 0, 0);
            for (long after : new long[] {10, 40, 20, 50}) {
                writeDated(begin + after);
            }
            pool.countLostDated(3);
            pool.promise(begin + 45);
            mine.drain(store, true);
            RingPacket records =
                    store.found.stream()
                            .filter(each -> each.cell() == dated && !each.isAccounting())
                            .findFirst()
                            .orElseThrow();
            assertThat(records.recordCount()).isEqualTo(4);
            assertThat(records.beginTicks()).isEqualTo(begin + 10);
            assertThat(records.endTicks()).isEqualTo(begin + 50);
            assertThat(mine.totals().clamped()).isEqualTo(1);
            assertThat(mine.totals().lost()).isEqualTo(3);
            RingPacket last = store.found.get(store.found.size() - 1);
            assertThat(last.lostTotal()).isEqualTo(3);
            assertThat(last.endTicks())
                    .isEqualTo(begin + 50); // not now: records come that are older
        }
    }

    /// What is recorded for another thread now does not get in their way.
    @Test
    void recordsOfOtherThreadsAreInSharedCells() throws Exception {
        long before = TracerClock.nanos();
        Cell cell = pool.takeFor(-9);
        assertThat(cell.open(100)).isTrue();
        int at = cell.header(1);
        assertThat(Memory.getInt(at + 8)).isEqualTo(-9);
        cell.end(at + Cell.HEADER_BYTES);
        writeDated(before - 10);
        assertThat(totals().clamped()).isZero();
        assertThat(totals().recorded()).isEqualTo(2);
        Cell dated = pool.takeDated(-7);
        assertThat(pool.takeDated(-7)).isNull();
        dated.abandon();
        assertThat(totals().lost()).isEqualTo(1);
    }

    /// Takes packets, each as one that does not grow.
    private static final class Packets implements PacketReceiver {
        final List<RingPacket> found = new ArrayList<>();

        @Override
        public StoredPacket lastStored(int cell) {
            return StoredPacket.NONE;
        }

        @Override
        public boolean mayGrow(int cell, long sequence, int moreBytes) {
            return false;
        }

        @Override
        public void packet(RingPacket packet) {
            found.add(packet);
            if (!packet.isAccounting() && packet.recordCount() == 4) {
                assertThat(packet.records().getInt(8)).isEqualTo(-7); // the thread
            }
        }
    }

    private Pool ours(RingFile ring) throws Exception {
        for (Pool each : ring.pools()) {
            if (each.sessionId() == 0xce11) {
                return each;
            }
        }
        throw new AssertionError("no pool");
    }

    private void writeDated(long ticks) {
        Cell cell = pool.takeDated(-7);
        assertThat(cell.openAt(100, ticks)).isTrue();
        int at = cell.header(1);
        cell.end(at + Cell.HEADER_BYTES);
    }
}
