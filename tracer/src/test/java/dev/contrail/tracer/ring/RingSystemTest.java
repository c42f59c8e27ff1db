// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Another process floods a ring, or dies in the middle of it; we read.
class RingSystemTest {
    private static final int KILLS = 30;

    @TempDir(factory = SharedMemory.class)
    Path directory;

    @ParameterizedTest
    @CsvSource({"OVERWRITE, 1", "OVERWRITE, 2", "OVERWRITE, 12", "DISCARD, 1", "DISCARD, 12"})
    void whatWasEmittedIsStoredOverwrittenOrLost(PoolMode mode, int threads) throws Exception {
        Process child = Flood.start(directory, mode.name(), "4096", "64", "" + threads, "200000");
        BufferedReader output = child.inputReader();
        try (RingFile ring = RingFile.open(Path.of(output.readLine()), -1)) {
            Pool pool = ring.pools().get(0);
            Store store = new Store();
            while (child.isAlive()) {
                pool.drain(store, false);
            }
            long emitted = Long.parseLong(output.readLine());
            PoolTotals totals = pool.totals();
            assertThat(totals.recorded() + totals.lost()).isEqualTo(emitted);
            PoolSnapshot snapshot = pool.snapshot();
            assertThat(snapshot.totals().recorded()).isEqualTo(totals.recorded());
            pool.drain(store, true);
            assertThat(store.problem()).isNull();
            assertThat(store.records() + store.lost()).isEqualTo(emitted);
            pool.drain(store, true);
            assertThat(store.records() + store.lost()).as("said twice").isEqualTo(emitted);
            assertThat(pool.totals().overwritten()).isEqualTo(store.lost() - totals.lost());
        }
    }

    @Test
    void aSnapshotAccountsForWhatItDoesNotHold() throws Exception {
        Process child = Flood.start(directory, "OVERWRITE", "4096", "64", "3", "100000");
        BufferedReader output = child.inputReader();
        try (RingFile ring = RingFile.open(Path.of(output.readLine()), -1)) {
            long emitted = Long.parseLong(output.readLine());
            child.waitFor();
            PoolSnapshot snapshot = ring.pools().get(0).snapshot();
            long kept = 0;
            Map<Integer, Long> told = new HashMap<>();
            for (RingPacket packet : snapshot.packets()) {
                kept += packet.recordCount();
                told.put(packet.cell(), packet.lostTotal());
            }
            PoolTotals totals = snapshot.totals();
            assertThat(kept + totals.overwritten() + totals.lost()).isEqualTo(emitted);
            assertThat(told.values().stream().mapToLong(Long::longValue).sum())
                    .as("told, as the first records of each thread are there")
                    .isEqualTo(totals.lost() + totals.overwritten());
            assertThat(snapshot.dropped()).isZero();
            assertThat(snapshot.horizonTicks()).isGreaterThan(0);
        }
    }

    @Test
    void snapshotsUnderLoadHoldNoBadRecord() throws Exception {
        Process child = Flood.start(directory, "OVERWRITE", "8192", "128", "2", "0");
        try (RingFile ring = RingFile.open(Path.of(child.inputReader().readLine()), -1)) {
            Pool pool = ring.pools().get(0);
            while (pool.totals().overwritten() == 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 100; i++) {
                check(pool.snapshot());
            }
            for (int i = 0; i < 100; i++) {
                check(streamed(pool));
            }
            assertThat(child.isAlive()).isTrue();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void aKilledWriterLeavesNoBadRecord() throws Exception {
        Random random = new Random(4711);
        for (int i = 0; i < 10; i++) {
            PoolMode mode = i % 2 == 0 ? PoolMode.OVERWRITE : PoolMode.DISCARD;
            Process child =
                    Flood.start(directory, mode.name(), "4096", "32", "" + (1 + i % 4), "0");
            Path file = Path.of(child.inputReader().readLine());
            try (RingFile ring = RingFile.open(file, -1)) {
                assertThat(ring.writer()).isEqualTo(WriterState.LIVES);
                Pool pool = ring.pools().get(0);
                Store store = new Store();
                long until = System.nanoTime() + 150_000_000 + random.nextInt(150_000_000);
                while (System.nanoTime() < until || store.records() == 0) {
                    pool.drain(store, random.nextBoolean());
                }
                child.destroyForcibly().waitFor();
                assertThat(ring.writer()).isEqualTo(WriterState.ENDED);
                PoolSnapshot snapshot = pool.snapshot();
                check(snapshot);
                PoolSnapshot streamed = streamed(pool);
                assertThat(told(streamed)).isEqualTo(told(snapshot));
                assertThat(streamed.totals()).isEqualTo(snapshot.totals());
                assertThat(streamed.horizonTicks()).isEqualTo(snapshot.horizonTicks());
                assertThat(streamed.cutOff()).hasSameElementsAs(snapshot.cutOff());
                List<RingPacket> surveyed = new ArrayList<>();
                assertThat(pool.survey(surveyed::add).totals()).isEqualTo(snapshot.totals());
                assertThat(surveyed.stream().mapToLong(RingPacket::recordCount).sum())
                        .isEqualTo(
                                snapshot.packets().stream()
                                        .mapToLong(RingPacket::recordCount)
                                        .sum());
                assertThat(snapshot.cutOff()).hasSizeLessThanOrEqualTo(pool.cells());
                pool.drain(store, true);
                assertThat(store.problem()).isNull();
                PoolTotals totals = pool.totals();
                assertThat(store.records() + store.lost())
                        .as("round " + i)
                        .isEqualTo(totals.recorded() + totals.lost());
                assertThat(store.records()).isGreaterThan(0);
            }
            Files.delete(file);
        }
    }

    /// What is handed on block by block, as the whole that it makes.
    private static PoolSnapshot streamed(Pool pool) throws IOException {
        List<RingPacket> packets = new ArrayList<>();
        PoolSnapshot end =
                pool.stream(packet -> {
                    ByteBuffer records = ByteBuffer.allocate(packet.records().remaining());
                    records.put(packet.records()).flip();
                    packets.add(
                            new RingPacket(
                                    packet.cell(),
                                    packet.sequence(),
                                    packet.packetNumber(),
                                    packet.beginTicks(),
                                    packet.endTicks(),
                                    packet.recordCount(),
                                    packet.lostTotal(),
                                    records.order(LITTLE_ENDIAN)));
                });
        packets.sort(Comparator.comparingInt(RingPacket::cell));
        return new PoolSnapshot(
                end.takenAtTicks(),
                end.horizonTicks(),
                packets,
                end.dropped(),
                end.totals(),
                end.cutOff());
    }

    /// All but until when accounting packets account: until the snapshot was taken.
    private static List<List<Object>> told(PoolSnapshot snapshot) {
        List<List<Object>> told = new ArrayList<>();
        for (RingPacket packet : snapshot.packets()) {
            told.add(
                    List.of(
                            packet.cell(),
                            packet.sequence(),
                            packet.beginTicks(),
                            packet.recordCount(),
                            packet.lostTotal(),
                            packet.records()));
        }
        return told;
    }

    private static void check(PoolSnapshot snapshot) {
        Map<Integer, Map<Integer, Long>> last = new HashMap<>();
        for (RingPacket packet : snapshot.packets()) {
            String problem =
                    Flood.check(
                            packet, last.computeIfAbsent(packet.cell(), c -> Flood.noRecords()));
            assertThat(problem).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"OVERWRITE", "DISCARD"})
    void aKilledConsumerIsFollowedByOneThatRepeatsAndOmitsNothing(PoolMode mode) throws Exception {
        Random random = new Random(mode.ordinal());
        Process child = Flood.start(directory, mode.name(), "4096", "64", "2", "0");
        BufferedReader output = child.inputReader();
        Path file = Path.of(output.readLine());
        Store store = new Store();
        int kills = 0;
        boolean isLast = false;
        while (!isLast) {
            if (kills >= KILLS) {
                child.getOutputStream().close();
            }
            isLast = !child.isAlive();
            store.killAt(isLast ? Store.Moment.NEVER : Store.Moment.random(random), random);
            try (RingFile ring = RingFile.open(file, -1)) {
                Pool pool = ring.pools().get(0);
                for (int i = 0; i < 20 && !isLast; i++) {
                    pool.drain(store, random.nextBoolean());
                }
                if (isLast) {
                    pool.drain(store, true);
                }
            } catch (Store.Killed e) {
                kills++;
                store.restart();
            }
        }
        assertThat(store.problem()).isNull();
        assertThat(store.records() + store.lost()).isEqualTo(Long.parseLong(output.readLine()));
        assertThat(store.grown).isPositive();
    }
}
