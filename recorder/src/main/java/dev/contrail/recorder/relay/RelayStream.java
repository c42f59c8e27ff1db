// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.wire.relay.RelayRequest;

/// One stream of packets at a relay. Owned by one thread.
final class RelayStream {
    private final long handle;
    private long lastNumber = RelayRequest.NONE;
    private long saidTicks = Long.MIN_VALUE;
    private long classId;

    RelayStream(long handle) {
        this.handle = handle;
    }

    /// One that the relay knows from an earlier connection.
    static RelayStream resumed(RelayRequest.SendIndex last) {
        var stream = new RelayStream(last.streamId());
        stream.lastNumber = last.netSeqNum();
        stream.classId = last.streamClassId();
        stream.saidTicks = last.endTicks();
        return stream;
    }

    long handle() {
        return handle;
    }

    /// The number that the relay counts the next packet by.
    long nextNumber() {
        return lastNumber + 1;
    }

    /// The relay has it, or gets it.
    void sent(IndexEntry entry) {
        lastNumber++;
        classId = entry.streamClassId();
        saidTicks = Math.max(saidTicks, entry.endTicks());
    }

    /// Up to where viewers know what is in it.
    long saidTicks() {
        return saidTicks;
    }

    boolean hasPackets() {
        return lastNumber != RelayRequest.NONE;
    }

    /// Whether viewers do not know yet what is up to that moment.
    boolean isQuietUntil(long ticks) {
        return hasPackets() && ticks > saidTicks;
    }

    RelayRequest.SendIndex beacon(long ticks) {
        saidTicks = ticks;
        return RelayRequest.SendIndex.beacon(handle, lastNumber, ticks, classId);
    }

    RelayRequest.SendIndex index(IndexEntry entry) {
        return new RelayRequest.SendIndex(
                handle,
                nextNumber(),
                entry.packetBits(),
                entry.contentBits(),
                entry.beginTicks(),
                entry.endTicks(),
                entry.discardedEvents(),
                entry.streamClassId(),
                entry.streamInstanceId(),
                entry.sequence());
    }

    RelayRequest.DataPending pending() {
        return new RelayRequest.DataPending(handle, nextNumber());
    }

    RelayRequest.CloseStream close() {
        return new RelayRequest.CloseStream(handle, lastNumber);
    }
}
