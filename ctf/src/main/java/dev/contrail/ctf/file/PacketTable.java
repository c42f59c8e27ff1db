// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// The places of many packets, in little memory: three numbers a packet in most streams, where the
/// sizes are equal, and everything else is equal or counts.
///
/// What it gives are copies. One thread writes; any may read what was written before.
public final class PacketTable extends AbstractList<PacketLocation> implements RandomAccess {
    private final Column offsets = new Column();
    private final Column packetBits = new Column();
    private final Column contentBits = new Column();
    private final Column begins = new Column();
    private final Column ends = new Column();
    private final Column recordCounts = new Column();
    private final Column discarded = new Column();
    private final Column streamClasses = new Column();
    private final Column streamInstances = new Column();
    private final Column sequences = new Column();

    /// An empty table.
    public PacketTable() {}

    @Override
    public boolean add(PacketLocation packet) {
        IndexEntry entry = packet.entry();
        offsets.add(packet.offsetBytes());
        packetBits.add(entry.packetBits());
        contentBits.add(entry.contentBits());
        begins.add(entry.beginTicks());
        ends.add(entry.endTicks());
        recordCounts.add(entry.recordCount());
        discarded.add(entry.discardedEvents());
        streamClasses.add(entry.streamClassId());
        streamInstances.add(entry.streamInstanceId());
        sequences.add(entry.sequence());
        return true;
    }

    @Override
    public PacketLocation get(int number) {
        return new PacketLocation(
                offsets.get(number),
                new IndexEntry(
                        packetBits.get(number),
                        contentBits.get(number),
                        begins.get(number),
                        ends.get(number),
                        recordCounts.get(number),
                        discarded.get(number),
                        streamClasses.get(number),
                        streamInstances.get(number),
                        sequences.get(number)));
    }

    @Override
    public PacketLocation removeLast() {
        PacketLocation last = getLast();
        for (Column each : columns()) {
            each.removeLast();
        }
        return last;
    }

    private List<Column> columns() {
        return List.of(
                offsets,
                packetBits,
                contentBits,
                begins,
                ends,
                recordCounts,
                discarded,
                streamClasses,
                streamInstances,
                sequences);
    }

    @Override
    public int size() {
        return offsets.size();
    }
}
