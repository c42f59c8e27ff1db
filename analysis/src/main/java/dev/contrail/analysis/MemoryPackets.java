// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.file.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Packets that are in memory.
public final class MemoryPackets implements ListedPackets {
    private final String place;
    private final List<ByteBuffer> packets;
    private final List<IndexEntry> entries;
    private final int firstNumber;
    private int next;

    /// @param place where they come from, for messages
    /// @param packets whole, each from position to limit; not to be changed any more
    /// @param entries what they say of themselves, one each
    public MemoryPackets(String place, List<ByteBuffer> packets, List<IndexEntry> entries) {
        this(place, List.copyOf(packets), List.copyOf(entries), 0);
        if (packets.size() != entries.size()) {
            throw new IllegalArgumentException(
                    "%d packets, but %d entries".formatted(packets.size(), entries.size()));
        }
    }

    private MemoryPackets(
            String place, List<ByteBuffer> packets, List<IndexEntry> entries, int firstNumber) {
        this.place = place;
        this.packets = packets;
        this.entries = entries;
        this.firstNumber = firstNumber;
    }

    @Override
    public List<IndexEntry> entries() {
        return entries;
    }

    @Override
    public ListedPackets part(int from, int to) {
        return new MemoryPackets(
                place, packets.subList(from, to), entries.subList(from, to), firstNumber + from);
    }

    @Override
    public Arrival next() {
        if (next == packets.size()) {
            return new End();
        }
        int number = next++;
        ByteBuffer bytes = packets.get(number).duplicate();
        return new Packet(
                bytes, place, firstNumber + number, 0, bytes.remaining(), Optional.empty());
    }
}
