// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.Flood;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Pools are closed under the hands of their writers.
class PoolCloseStressTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 60;

    @Test
    void nobodyWritesIntoAPoolThatIsClosed() throws Exception {
        RingWriter writer = Flood.ownRing();
        long session = 0x7e57;
        for (int round = 0; round < ROUNDS; round++) {
            WriterPool pool = writer.openPool(session, 0, PoolMode.OVERWRITE, 4096, 32);
            AtomicLong recorded = new AtomicLong();
            AtomicBoolean isOver = new AtomicBoolean();
            Thread[] threads = new Thread[WRITERS];
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                threads[i] = new Thread(() -> flood(pool, number, recorded, isOver));
                threads[i].start();
            }
            while (recorded.get() < 2000L * (round % 5)) {
                Thread.onSpinWait();
            }
            writer.closePool(pool);
            try (RingFile ring = RingFile.open(writer.file(), -1)) {
                Pool read = find(ring, session);
                PoolSnapshot before = read.snapshot();
                for (int i = 0; i < 20; i++) {
                    Thread.yield();
                }
                assertThat(read.isDraining()).isTrue();
                assertThat(before.totals().inFlight()).isZero();
                isOver.set(true);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(before.totals().recorded()).isEqualTo(recorded.get());
                assertThat(read.snapshot().totals()).isEqualTo(before.totals());
                for (RingPacket packet : before.packets()) {
                    assertThat(Flood.check(packet, Flood.noRecords())).isNull();
                }
                read.release();
            }
        }
    }

    private static void flood(
            WriterPool pool, int writer, AtomicLong recorded, AtomicBoolean isOver) {
        long mine = 0;
        for (long n = 0; !isOver.get(); n++) {
            if (Flood.write(pool, writer, n)) {
                mine++;
            }
            if (n % 500 == 0) {
                recorded.addAndGet(mine);
                mine = 0;
            }
        }
        recorded.addAndGet(mine);
    }

    private static Pool find(RingFile ring, long session) throws Exception {
        for (Pool pool : ring.pools()) {
            if (pool.sessionId() == session) {
                return pool;
            }
        }
        throw new AssertionError("no pool");
    }
}
