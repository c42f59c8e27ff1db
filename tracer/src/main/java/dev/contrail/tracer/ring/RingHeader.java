// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

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
        header.putLong(Layout.H_PROCESS_ID, ProcFiles.processId());
        header.putLong(Layout.H_PROCESS_START, processStart);
        put(header, Layout.H_UUID, UUID.randomUUID());
        put(header, Layout.H_BOOT, ProcFiles.BOOT);
        header.putLong(Layout.H_PID_NAMESPACE, ProcFiles.PID_NAMESPACE);
        header.putLong(Layout.H_CLOCK_FREQUENCY, 1_000_000_000L);
        ClockPair pair = ClockPair.read(CLOCK_READINGS);
        header.putLong(Layout.H_MONOTONIC, pair.monotonic());
        header.putLong(Layout.H_REALTIME, pair.realtime());
        header.putInt(Layout.H_METADATA_OFFSET, Layout.metadataOffset(fileSize));
        header.putInt(Layout.H_METADATA_CAPACITY, Layout.metadataCapacity(fileSize));
        header.putInt(Layout.H_POOLS_OFFSET, Layout.POOLS_OFFSET);
        header.putInt(Layout.H_POOLS, Layout.POOLS);
        header.putLong(Layout.H_HEARTBEAT, pair.monotonic());
        return header.array();
    }

    /// In its written order: big endian.
    private static void put(ByteBuffer header, int at, UUID uuid) {
        header.duplicate()
                .position(at)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits());
    }
}
