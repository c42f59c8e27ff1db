// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.stress;

import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.PacketReceiver;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.read.StoredPacket;
import dev.contrail.tracer.ring.write.Cell;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pool of this process with its writer's and its reader's side. A record is `s64 n`, `s64 ~n`;
/// `n` goes up, so that in a cell every record has a greater one than the record before it.
final class StressedPool {
    private static final int RECORD = 12 + 16;
    private static final int EVENT_ID = 21;

    private final WriterPool writer;
    private final Pool reader;
    private final Map<Integer, Long> lastDrained = new HashMap<>();
    private final Map<Integer, Long> lastSequence = new HashMap<>();
    private long next;
    private int bad;

    StressedPool(PoolMode mode, int blocks) {
        try {
            RingWriter ring = RingWriter.open();
            long session = System.nanoTime();
            writer = ring.openPool(session, 0, mode, 4096, blocks);
            reader = find(RingFile.open(ring.file(), -1), session);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Pool find(RingFile file, long session) throws Exception {
        for (Pool pool : file.pools()) {
            if (pool.sessionId() == session) {
                return pool;
            }
        }
        throw new IllegalStateException("no pool");
    }

    /// Writes `count` records. One thread.
    void write(int count) {
        for (int i = 0; i < count; i++) {
            Cell cell = take();
            if (cell == null || !cell.open(RECORD)) {
                continue;
            }
            int at = cell.header(EVENT_ID);
            long n = next++;
            Memory.putLong(at + 12, n);
            Memory.putLong(at + 20, ~n);
            cell.end(at + RECORD);
        }
    }

    private @Nullable Cell take() {
        try {
            return writer.take();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return how many records of a snapshot are not what was written
    int badInSnapshot() {
        try {
            bad = 0;
            PoolSnapshot snapshot = reader.snapshot();
            Map<Integer, Long> last = new HashMap<>();
            for (RingPacket packet : snapshot.packets()) {
                check(packet, last);
            }
            return bad;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return how many drained records are not what was written, and packets not the next ones
    int badInDrain() {
        try {
            bad = 0;
            reader.drain(
                    new PacketReceiver() {
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
                            Long before = lastSequence.put(packet.cell(), packet.sequence());
                            if (packet.sequence() != (before == null ? 0 : before + 1)) {
                                bad++;
                            }
                            check(packet, lastDrained);
                        }
                    },
                    true);
            return bad;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(RingPacket packet, Map<Integer, Long> last) {
        ByteBuffer bytes = packet.records().duplicate().order(packet.records().order());
        if (bytes.remaining() != packet.recordCount() * RECORD) {
            bad++;
        }
        while (bytes.remaining() >= RECORD) {
            if ((bytes.getLong() & 0xffff) != EVENT_ID) {
                bad++;
            }
            bytes.getInt();
            long n = bytes.getLong();
            if (bytes.getLong() != ~n) {
                bad++;
            }
            Long before = last.put(packet.cell(), n);
            if (before != null && before >= n) {
                bad++;
            }
        }
    }
}
