// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A consumer dies while it tells of losses that no record follows.
class KilledConsumerTest {
    private static final long SESSION = 0xdead;
    private static final int BLOCK = 4096;

    private RingWriter writer;
    private WriterPool pool;

    @BeforeEach
    void open() throws Exception {
        writer = Flood.ownRing();
        pool = writer.openPool(SESSION, 0, PoolMode.DISCARD, BLOCK, 8);
    }

    @AfterEach
    void close() throws Exception {
        writer.closePool(pool);
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            mine(ring).release();
        }
    }

    private static Pool mine(RingFile ring) throws Exception {
        for (Pool each : ring.pools()) {
            if (each.sessionId() == SESSION) {
                return each;
            }
        }
        throw new AssertionError("no pool");
    }

    private void lose() {
        assertThat(Flood.take(pool).open(BLOCK)).as("no block is that large").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void whatItWasAboutToTellIsToldByTheNext(Store.Moment death) throws Exception {
        Store store = new Store();
        Flood.write(pool, 0, 0);
        lose();
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            mine(ring).drain(store, true);
            assertThat(store.lost()).isEqualTo(1);
            lose();
            store.killAt(death, 0);
            if (death != Store.Moment.NEVER) {
                assertThatThrownBy(() -> mine(ring).drain(store, true))
                        .isInstanceOf(Store.Killed.class);
                store.restart();
                store.killAt(Store.Moment.NEVER, 0);
            }
        }
        try (RingFile ring = RingFile.open(writer.file(), -1)) {
            mine(ring).drain(store, true);
            assertThat(store.lost()).isEqualTo(2);
            assertThat(store.records()).isEqualTo(1);
            assertThat(store.problem()).isNull();
        }
    }
}
