// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.IndexFile;
import dev.contrail.ctf.PacketLocation;
import dev.contrail.ctf.packet.PacketDecoder;
import dev.contrail.ctf.packet.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The packets of one stream file: from its index where that is right, from the packets' own
/// headers otherwise.
///
/// A file that is still being written may end in a torn packet. Its index tells: the packets that
/// it lists are whole. Without an index, a torn end is damage.
final class PacketFile {
    /// Bytes that are looked through at once for the next packet behind damage.
    private static final int SEARCH_BYTES = 1 << 16;

    private final Path path;
    private final String name;
    private final List<PacketLocation> packets = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean isIndexed;
    private int damagedPackets;

    private PacketFile(Path path) {
        this.path = path;
        this.name = path.toString();
    }

    /// @param knownBytes only packets that end within this many bytes are listed
    static PacketFile of(Path path, long knownBytes, TracePlan plan) throws IOException {
        var file = new PacketFile(path);
        try (FileChannel channel = FileChannel.open(path)) {
            file.readIndex(channel, plan);
            file.packets.removeIf(packet -> packet.endBytes() > knownBytes);
            file.scan(channel, knownBytes, plan);
            if (file.damagedPackets > 1) {
                file.damage.add(
                        "%s: %d more damaged places".formatted(path, file.damagedPackets - 1));
            }
        }
        return file;
    }

    Path path() {
        return path;
    }

    /// Packets in file order. The last may be longer than the file: then it is torn.
    List<PacketLocation> packets() {
        return packets;
    }

    /// What could not be read at all: the first damage, and how much more there is.
    List<String> damage() {
        return damage;
    }

    List<String> warnings() {
        return warnings;
    }

    /// The index is read before the file's size: a packet is written before its entry.
    private void readIndex(FileChannel stream, TracePlan plan) throws IOException {
        Path index = IndexFile.of(path);
        if (!Files.isRegularFile(index) || stream.size() == 0) {
            return;
        }
        try (FileChannel channel = FileChannel.open(index)) {
            List<PacketLocation> listed =
                    IndexFile.readBegun(index.toString(), channel, Long.MAX_VALUE / 8);
            long size = stream.size();
            long end = listed.isEmpty() ? 0 : listed.getLast().endBytes();
            if (end > size) {
                throw new CtfException(
                        index.toString(),
                        "packets end at byte %d, but the stream file at %d".formatted(end, size));
            }
            ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, plan.startBytes()));
            FileBytes.read(stream, start, 0);
            IndexEntry first = new PacketDecoder(plan).begin(start, name, 0, 0, size);
            for (PacketLocation packet : listed) {
                packets.add(identified(packet, first));
            }
            isIndexed = true;
        } catch (CtfException e) {
            warnings.add(e.getMessage() + "; the packets are found without the index");
        }
    }

    /// An index of version 1.0 does not say which stream of its class it is of; packets do.
    private static PacketLocation identified(PacketLocation packet, IndexEntry first) {
        IndexEntry entry = packet.entry();
        return new PacketLocation(
                packet.offsetBytes(),
                new IndexEntry(
                        entry.packetBits(),
                        entry.contentBits(),
                        entry.beginTicks(),
                        entry.endTicks(),
                        entry.recordCount(),
                        entry.discardedEvents(),
                        first.streamClassId(),
                        first.streamInstanceId(),
                        entry.sequence()));
    }

    private void scan(FileChannel channel, long knownBytes, TracePlan plan) throws IOException {
        long size = channel.size();
        long at = packets.isEmpty() ? 0 : packets.getLast().endBytes();
        var decoder = new PacketDecoder(plan);
        ByteBuffer start = ByteBuffer.allocate(plan.startBytes());
        while (at < Math.min(size, knownBytes)) {
            long rest = size - at;
            start.clear().limit((int) Math.min(rest, start.capacity()));
            FileBytes.read(channel, start, at);
            try {
                IndexEntry entry = decoder.begin(start, name, packets.size(), at, rest);
                boolean isTorn = entry.packetBits() / 8 > rest;
                boolean isLater = !isTorn && at + entry.packetBits() / 8 > knownBytes;
                if (isTorn && isIndexed || isLater) {
                    return; // still being written
                }
                packets.add(new PacketLocation(at, entry));
                at = isTorn ? size : at + entry.packetBits() / 8;
            } catch (CtfException e) {
                if (isIndexed && rest < plan.startBytes()) {
                    return;
                }
                if (damagedPackets++ == 0) {
                    damage.add(e.getMessage());
                }
                at = nextPacket(channel, at + 1, size, plan, decoder);
            }
        }
    }

    /// Finds the next place where a packet header with the trace's UUID begins.
    private long nextPacket(
            FileChannel channel, long from, long size, TracePlan plan, PacketDecoder decoder)
            throws IOException {
        if (!plan.isPacketRecognizable()) {
            return size;
        }
        ByteBuffer window = ByteBuffer.allocate(SEARCH_BYTES + plan.startBytes());
        for (long at = from; at < size; at += SEARCH_BYTES) {
            window.clear().limit((int) Math.min(size - at, window.capacity()));
            FileBytes.read(channel, window, at);
            int last = Math.min(window.limit() - 4, SEARCH_BYTES);
            for (int i = 0; i < last; i++) {
                boolean isPacket =
                        plan.isMagic(window, i)
                                && beginsPacket(decoder, window, i, at + i, size - at - i);
                if (isPacket) {
                    return at + i;
                }
            }
        }
        return size;
    }

    private boolean beginsPacket(
            PacketDecoder decoder, ByteBuffer window, int index, long offset, long rest) {
        try {
            ByteBuffer start = window.slice(index, window.limit() - index);
            return decoder.begin(start, name, 0, offset, rest).packetBits() / 8 <= rest;
        } catch (CtfException e) {
            return false; // the magic number was data
        }
    }
}
