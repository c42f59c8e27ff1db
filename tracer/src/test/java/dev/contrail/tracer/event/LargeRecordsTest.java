// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Log events that do not fit into a block of their channel's pool.
class LargeRecordsTest {
    interface Log {
        void message(
                Target target,
                String message,
                String logger,
                String className,
                String methodName,
                long millis,
                int level,
                int thread);
    }

    private static final long SESSION = 0x1a29e;
    private static final int ID = 5;
    private static final Bridge<Log> LOG =
            Bridge.bind(
                    MethodHandles.lookup(),
                    Log.class,
                    "log:message",
                    "msg",
                    "logger",
                    "class",
                    "method",
                    "millis",
                    "level",
                    "thread");
    private static final EventDescription EVENT = LOG.description(ID);

    /// A channel's memory by default, on one processor.
    private static final int BLOCKS = 64;

    private static final int BLOCK_BYTES = 32 * 1024;

    /// What a record takes beside a message, with its zero byte: header, `l`, `?`, `?`, integers.
    private static final int BESIDE = 12 + 1 + 2 + 2 + 2 + 16;

    private WriterPool pool;

    private void open(PoolMode mode, int blockBytes, int blocks) throws Exception {
        RingWriter ring = RingWriter.open();
        pool = ring.openPool(SESSION, 0, mode, blockBytes, blocks);
        ring.describe(pool, EVENT);
        ring.openLarge(pool, EVENT);
    }

    @AfterEach
    void close() throws Exception {
        RingWriter.current().closePool(pool);
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (Pool each : ring.pools()) {
                if (each.sessionId() != SESSION) {
                    continue;
                }
                assertThat(each.isDraining()).isTrue();
                each.release();
            }
        }
        RingWriter.current().file().toFile().deleteOnExit();
    }

    private void log(String message) {
        LOG.event.message(new Target(pool, ID), message, "l", "?", "?", 1, 2, 3);
    }

    /// The session's pools, in one account.
    private PoolSnapshot snapshot() throws Exception {
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            List<PoolSnapshot> found = new ArrayList<>();
            for (Pool each : ring.pools()) {
                if (each.sessionId() != SESSION) {
                    continue;
                }
                assertThat(each.channelId()).isZero();
                assertThat(ring.events(each)).containsExactly(EVENT);
                found.add(each.snapshot());
            }
            return found.stream().reduce(PoolSnapshot::and).orElseThrow();
        }
    }

    private static List<String> messages(PoolSnapshot snapshot) {
        List<String> found = new ArrayList<>();
        for (RingPacket packet : snapshot.packets()) {
            ByteBuffer bytes = packet.records();
            while (bytes.hasRemaining()) {
                assertThat(bytes.getLong() & 0xffff).isEqualTo(ID);
                bytes.getInt();
                String message = string(bytes);
                assertThat(string(bytes)).isEqualTo("l");
                assertThat(string(bytes) + string(bytes)).isEqualTo("??");
                assertThat(bytes.getLong() + bytes.getInt() + bytes.getInt()).isEqualTo(6);
                found.add(message);
            }
        }
        return found;
    }

    private static String string(ByteBuffer from) {
        int length = 0;
        while (from.get(from.position() + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        from.get(bytes).get();
        return new String(bytes, UTF_8);
    }

    @Test
    void areWholeInACompanionOfThePool() throws Exception {
        open(PoolMode.DISCARD, BLOCK_BYTES, BLOCKS);
        int fits = BLOCK_BYTES - 128 - BESIDE;
        List<String> messages =
                List.of("a", "b".repeat(fits), "c".repeat(fits + 1), "€".repeat(174_000));
        for (String message : messages) {
            log(message);
        }
        PoolSnapshot found = snapshot();
        assertThat(messages(found)).containsExactlyElementsOf(messages);
        assertThat(found.totals().recorded()).isEqualTo(4);
        assertThat(found.totals().lost()).isZero();
        assertThat(found.totals().cut()).isZero();
    }

    @Test
    void areCutAndCountedWhenTheCompanionIsTooSmall() throws Exception {
        open(PoolMode.DISCARD, BLOCK_BYTES, BLOCKS);
        int fits = 512 * 1024 - 128 - BESIDE;
        log("a".repeat(fits));
        log("b".repeat(fits + 1));
        PoolSnapshot found = snapshot();
        String mark = "… (" + (fits + 1) + " characters)";
        int kept = BLOCK_BYTES - 128 - BESIDE - mark.getBytes(UTF_8).length;
        assertThat(messages(found))
                .containsExactlyInAnyOrder("a".repeat(fits), "b".repeat(kept) + mark);
        assertThat(found.totals().cut()).isEqualTo(1);
        assertThat(found.totals().lost()).isZero();
    }

    @Test
    void areCutAndCountedWhenThereIsNoCompanion() throws Exception {
        open(PoolMode.DISCARD, BLOCK_BYTES, 4);
        log("a".repeat(BLOCK_BYTES));
        PoolSnapshot found = snapshot();
        assertThat(messages(found)).singleElement().asString().endsWith("a… (32768 characters)");
        assertThat(found.totals().cut()).isEqualTo(1);
        assertThat(found.totals().lost()).isZero();
    }

    @Test
    void areAllAccountedForWhenThereAreMoreThanTheCompanionHolds() throws Exception {
        open(PoolMode.DISCARD, BLOCK_BYTES, BLOCKS);
        for (int i = 0; i < 6; i++) {
            log("a".repeat(400_000));
        }
        PoolSnapshot found = snapshot();
        assertThat(messages(found)).hasSize(4);
        assertThat(found.totals().recorded()).isEqualTo(4);
        assertThat(found.totals().noBlock()).isEqualTo(2);
    }

    @Test
    void areOverwrittenOldestFirst() throws Exception {
        open(PoolMode.OVERWRITE, BLOCK_BYTES, BLOCKS);
        log("first");
        for (int i = 0; i < 6; i++) {
            log(i + "a".repeat(400_000));
        }
        PoolSnapshot found = snapshot();
        assertThat(messages(found)).hasSize(5).contains("first").anyMatch(m -> m.startsWith("5a"));
        assertThat(found.totals().recorded()).isEqualTo(7);
        assertThat(found.totals().overwritten()).isEqualTo(2);
        assertThat(found.totals().lost()).isZero();
    }
}
