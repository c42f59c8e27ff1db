// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.file.PacketTable;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The packets of one stream file: from its index where that is right, from the packets' own
/// headers otherwise.
///
/// A file that is still being written may end in a torn packet. Its index tells: the packets that
/// it lists are whole. Without an index, a torn end is damage.
///
/// The last packet may also be growing in place. It is as long as its header says if all of that
/// was there when the file was listed, otherwise as it was then.
public final class PacketFile {
    /// Bytes that are looked through at once for the next packet after damage.
    private static final int SEARCH_BYTES = 1 << 16;

    /// As far as that: a file may be sparse, and say that it has terabytes.
    private static final long MAX_SEARCHED_BYTES = 1L << 30;

    /// Nobody writes on in a file that has not changed for so long.
    private static final long WRITTEN_MILLIS = 1000;

    /// How long a header may take that says what lies after its packet: it is written at once.
    private static final long GROWTH_NANOS = 200_000_000;

    private static final long GROWTH_POLL_NANOS = 5_000_000;

    private final ListedStream listed;
    private final String name;
    private final TracePlan plan;
    private final StreamBytes bytes;
    private final PacketDecoder decoder;
    private final ByteBuffer start;
    private final PacketTable packets = new PacketTable();
    private final List<String> damage = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean isIndexed;
    private int damagedPackets;

    private PacketFile(ListedStream listed, TracePlan plan, StreamBytes bytes) {
        this.listed = listed;
        this.name = listed.path().toString();
        this.plan = plan;
        this.bytes = bytes;
        this.decoder = new PacketDecoder(plan);
        this.start = ByteBuffer.allocate(plan.startBytes());
    }

    /// Finds the packets: those that the index lists, then what lies after them. A file that cannot
    /// be read has none, and [#damage].
    public static PacketFile of(ListedStream listed, TracePlan plan) {
        try (StreamBytes bytes = listed.open()) {
            var file = new PacketFile(listed, plan, bytes);
            if (!listed.damage().isEmpty()) {
                file.damage.add(listed.damage());
            }
            file.takeListed();
            file.scan(listed.sizeBytes());
            if (file.damagedPackets > 1) {
                file.damage.add(
                        "%s: %d more damaged places".formatted(file.name, file.damagedPackets - 1));
            }
            return file;
        } catch (IOException e) {
            var file = new PacketFile(listed, plan, new StreamBytes.None());
            file.damage.add(UnreadableFile.of(listed.path(), "", e).getMessage());
            return file;
        }
    }

    /// The stream file.
    public Path path() {
        return listed.path();
    }

    /// Packets in file order. The last may be longer than the file: then it is torn.
    public List<PacketLocation> packets() {
        return packets;
    }

    /// The same as [FilePackets] reads them: made when asked for, as they take much memory.
    public List<FilePackets.Part> parts() {
        return new FileParts(listed.withoutPackets(), packets, isIndexed);
    }

    /// Whether there is an index that is right.
    public boolean isIndexed() {
        return isIndexed;
    }

    /// What could not be read at all: the first damage, and how much more there is.
    public List<String> damage() {
        return damage;
    }

    /// What was passed over but costs no event, such as a wrong index.
    public List<String> warnings() {
        return warnings;
    }

    private void takeListed() throws IOException {
        String refusal = listed.refusal();
        if (listed.isIndexed()) {
            try {
                IndexEntry first = begin(0, 0, bytes.size());
                int indexed = listed.packets().size() - listed.unlisted();
                List<PacketLocation> entries = listed.packets().subList(0, indexed);
                check(entries);
                for (PacketLocation packet : entries) {
                    packets.add(identified(packet, first));
                }
                isIndexed = true;
                takeUnlisted(listed.packets().subList(indexed, listed.packets().size()));
            } catch (CtfException e) {
                refusal = e.getMessage();
            }
        }
        if (!refusal.isEmpty()) {
            warnings.add(refusal + "; the packets are found without the index");
        }
    }

    /// Compares the first and the last entry of the index with their packets; all of them where one
    /// is behind the one before it, which a wrong entry may be. The last packet of a compressed
    /// file is as far away as all of them, and left alone.
    private void check(List<PacketLocation> entries) throws IOException, CtfException {
        boolean isPlausible = IndexCheck.isAscending(entries);
        int last = listed.compression() == Compression.NONE ? entries.size() - 1 : 0;
        for (int i = 0; i < entries.size(); i++) {
            if (!isPlausible || i == 0 || i == last) {
                PacketLocation packet = entries.get(i);
                IndexEntry said = begin(i, packet.offsetBytes(), bytes.size());
                if (!said.isGrownFrom(packet.entry())
                        && !IndexCheck.isSame(plan, packet.entry(), said)) {
                    throw new CtfException(
                            listed.index() + ": entry " + i,
                            "says something else of the packet at byte %d than its header does"
                                    .formatted(packet.offsetBytes()));
                }
            }
        }
    }

    /// Takes packets that were found by the layout that we write: as they were found if they have
    /// grown since, otherwise as the metadata says.
    private void takeUnlisted(List<PacketLocation> found) throws IOException {
        for (PacketLocation packet : found) {
            try {
                IndexEntry now = begin(packets.size(), packet.offsetBytes(), bytes.size());
                if (now.packetBits() == packet.entry().packetBits()) {
                    packets.add(new PacketLocation(packet.offsetBytes(), now));
                } else if (now.isGrownFrom(packet.entry())) {
                    packets.add(packet);
                } else {
                    return;
                }
            } catch (CtfException e) {
                return; // the scan will tell
            }
        }
    }

    /// Reads what stands before a packet's event records; once more when it makes no sense, as it
    /// may be written at this moment.
    private IndexEntry begin(int number, long at, long size) throws IOException, CtfException {
        try {
            return beginOnce(number, at, size);
        } catch (CtfException e) {
            return beginOnce(number, at, size);
        }
    }

    private IndexEntry beginOnce(int number, long at, long size) throws IOException, CtfException {
        start.clear().limit((int) Math.min(size - at, start.capacity()));
        bytes.read(start, at);
        return decoder.begin(start, name, number, at, size - at);
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

    /// Finds the packets after those that the index lists.
    ///
    /// @param knownBytes only packets that end within this many bytes are taken
    private void scan(long knownBytes) throws IOException {
        long size = bytes.size();
        if (end() < knownBytes && !takeGrown(knownBytes)) {
            return;
        }
        long at = end();
        while (at < Math.min(size, knownBytes)) {
            long rest = size - at;
            try {
                IndexEntry entry = begin(packets.size(), at, size);
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
                if (at == end() && isGrowing()) {
                    if (!takeGrown(knownBytes)) {
                        return;
                    }
                    at = end();
                    continue;
                }
                if (damagedPackets++ == 0) {
                    damage.add(e.isCut() ? cut(at, rest) : e.getMessage());
                }
                at = nextPacket(at + 1, size);
            }
        }
    }

    private String cut(long at, long rest) {
        return "%s: packet %d at byte %d is cut within its header: only %d bytes of it are here; if"
                        .formatted(name, packets.size(), at, rest)
                + " this is a copy, copy it again";
    }

    /// Where the last packet ends.
    private long end() {
        return packets.isEmpty() ? 0 : packets.getLast().endBytes();
    }

    /// Takes the last packet as long as it is now.
    ///
    /// @return false when it has grown beyond what is known, and stays as it was
    private boolean takeGrown(long knownBytes) throws IOException {
        Optional<PacketLocation> grown = grown();
        if (grown.isEmpty()) {
            return true;
        }
        if (grown.get().endBytes() > knownBytes) {
            return false;
        }
        packets.removeLast();
        packets.add(grown.get());
        return true;
    }

    /// The last packet, when its header says that it is longer, and the file has all of it.
    private Optional<PacketLocation> grown() throws IOException {
        if (!isIndexed || packets.isEmpty()) {
            return Optional.empty();
        }
        PacketLocation last = packets.getLast();
        try {
            IndexEntry now = begin(packets.size() - 1, last.offsetBytes(), bytes.size());
            var grown = new PacketLocation(last.offsetBytes(), now);
            boolean isWhole = now.packetBits() / 8 <= bytes.size() - last.offsetBytes();
            return now.isGrownFrom(last.entry()) && isWhole ? Optional.of(grown) : Optional.empty();
        } catch (CtfException e) {
            return Optional.empty(); // who reads the packet will tell
        }
    }

    /// Whether what is after the last packet becomes a part of it now.
    private boolean isGrowing() throws IOException {
        long age = System.currentTimeMillis() - Files.getLastModifiedTime(listed.path()).toMillis();
        boolean isWaitedFor = isIndexed && !packets.isEmpty() && Math.abs(age) < WRITTEN_MILLIS;
        long begin = System.nanoTime();
        while (grown().isEmpty()) {
            if (!isWaitedFor || System.nanoTime() - begin > GROWTH_NANOS) {
                return false;
            }
            LockSupport.parkNanos(GROWTH_POLL_NANOS);
        }
        return true;
    }

    /// Finds the next place where a packet header with the trace's UUID begins.
    private long nextPacket(long from, long size) throws IOException {
        if (!plan.isPacketRecognizable()) {
            return size;
        }
        long end = size - from > MAX_SEARCHED_BYTES ? from + MAX_SEARCHED_BYTES : size;
        ByteBuffer window = ByteBuffer.allocate(SEARCH_BYTES + plan.startBytes());
        for (long at = from; at < end; at += SEARCH_BYTES) {
            window.clear().limit((int) Math.min(size - at, window.capacity()));
            bytes.read(window, at);
            int last = Math.min(window.limit() - 4, SEARCH_BYTES);
            for (int i = 0; i < last; i++) {
                while (i + Long.BYTES < last && window.getLong(i) == 0) {
                    i += Long.BYTES; // no byte of a magic number is zero
                }
                boolean isPacket =
                        plan.isMagic(window, i) && beginsPacket(window, i, at + i, size - at - i);
                if (isPacket) {
                    return at + i;
                }
            }
        }
        if (end < size) {
            damage.add(
                    "%s: no packet begins in %d MiB after byte %d: what follows is not looked at, %d bytes"
                            .formatted(name, MAX_SEARCHED_BYTES >> 20, from, size - end));
        }
        return size;
    }

    private boolean beginsPacket(ByteBuffer window, int index, long offset, long rest) {
        try {
            ByteBuffer start = window.slice(index, window.limit() - index);
            return decoder.begin(start, name, 0, offset, rest).packetBits() / 8 <= rest;
        } catch (CtfException e) {
            return false; // the magic number was data
        }
    }
}
