// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.process.ClockPair;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.ProgramName;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/// The first page of this process's ring.
final class RingHeader {
    private static final int CLOCK_READINGS = 50;

    private RingHeader() {}

    /// All but the magic number, which makes it a ring.
    static byte[] bytes(long processStart, long fileSize) {
        ByteBuffer header = ByteBuffer.allocate(Layout.HEADER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(Layout.H_MAJOR, (short) Layout.MAJOR);
        header.putShort(Layout.H_MINOR, (short) Layout.MINOR);
        header.putInt(Layout.H_HEADER_SIZE, Layout.HEADER_SIZE);
        header.putLong(Layout.H_PROCESS_ID, ProcFacts.processId());
        header.putLong(Layout.H_PROCESS_START, processStart);
        put(header, Layout.H_UUID, UUID.randomUUID());
        put(header, Layout.H_BOOT, ProcFacts.BOOT);
        header.putLong(Layout.H_PID_NAMESPACE, ProcFacts.PID_NAMESPACE);
        header.putLong(Layout.H_CLOCK_FREQUENCY, 1_000_000_000L);
        ClockPair pair = ClockPair.read(CLOCK_READINGS);
        header.putLong(Layout.H_MONOTONIC, pair.monotonic());
        header.putLong(Layout.H_REALTIME, pair.realtime());
        header.putInt(Layout.H_METADATA_OFFSET, Layout.metadataOffset(fileSize));
        header.putInt(Layout.H_METADATA_CAPACITY, Layout.metadataCapacity(fileSize));
        header.putInt(Layout.H_POOLS_OFFSET, Layout.POOLS_OFFSET);
        header.putInt(Layout.H_POOLS, Layout.POOLS);
        header.putLong(Layout.H_HEARTBEAT, pair.monotonic());
        header.duplicate().position(Layout.H_PROGRAM).put(ProgramName.encoded(ProgramName.own()));
        return header.array();
    }

    /// Stores a pair of times as number `count` of the header's ring of them; odd while it is being
    /// written.
    static void put(ClockPair pair, int count) {
        int at = Layout.H_CLOCK_PAIRS + count % Layout.CLOCK_PAIRS * Layout.CLOCK_PAIR_SIZE;
        Memory.putLongOpaque(at, 2L * count + 1);
        VarHandle.storeStoreFence();
        Memory.putLong(at + 8, pair.monotonic());
        Memory.putLong(at + 16, pair.monotonic());
        Memory.putLong(at + 24, pair.realtime());
        Memory.putLongRelease(at, 2L * count + 2);
    }

    /// In its written order: big endian.
    private static void put(ByteBuffer header, int at, UUID uuid) {
        header.duplicate()
                .position(at)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits());
    }
}
