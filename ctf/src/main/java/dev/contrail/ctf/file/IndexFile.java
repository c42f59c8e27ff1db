// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import dev.contrail.ctf.CtfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// LTTng's packet index, `index/STREAM_FILE.idx` beside each stream file (`ctf-index.md`).
///
/// A header, then one entry per packet, all big-endian, whatever the byte order of the trace. The
/// index is an aid: a reader that finds it wrong walks the packets instead.
public final class IndexFile {
    /// First 32 bits of an index file.
    public static final int MAGIC = 0xC1F1DCC1;

    /// The version that [#header] announces.
    public static final int MAJOR = 1;

    /// The version that [#header] announces.
    public static final int MINOR = 1;

    /// Bytes of the header: magic, major, minor, entry length.
    public static final int HEADER_BYTES = 16;

    /// Bytes of an entry of version 1.1; later versions may be longer.
    public static final int ENTRY_BYTES = 72;

    /// Bytes of an entry of version 1.0: without stream instance id and sequence number.
    public static final int ENTRY_BYTES_1_0 = 56;

    /// Longest entry that is believed: later versions may add fields, not kilobytes.
    private static final int MAX_ENTRY_BYTES = 4096;

    private IndexFile() {}

    /// The file of the index of a stream file.
    public static Path of(Path streamFile) {
        return streamFile.resolveSibling("index").resolve(streamFile.getFileName() + ".idx");
    }

    /// The 16 bytes that begin an index file of version 1.1, ready to be written.
    public static ByteBuffer header() {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putInt(MAGIC)
                .putInt(MAJOR)
                .putInt(MINOR)
                .putInt(ENTRY_BYTES)
                .flip();
    }

    /// The 72 bytes of one entry, ready to be appended.
    ///
    /// @param offsetBytes where the packet begins in the stream file
    public static ByteBuffer entry(long offsetBytes, IndexEntry entry) {
        ByteBuffer out = ByteBuffer.allocate(ENTRY_BYTES);
        putEntry(out, offsetBytes, entry);
        return out.flip();
    }

    /// Puts the 72 bytes of one entry at the buffer's position, and leaves it big-endian.
    public static void putEntry(ByteBuffer out, long offsetBytes, IndexEntry entry) {
        out.order(ByteOrder.BIG_ENDIAN);
        out.putLong(offsetBytes);
        out.putLong(entry.packetBits());
        out.putLong(entry.contentBits());
        out.putLong(entry.beginTicks());
        out.putLong(entry.endTicks());
        out.putLong(entry.discardedEvents());
        out.putLong(entry.streamClassId());
        out.putLong(entry.streamInstanceId());
        out.putLong(entry.sequence());
    }

    /// Takes one entry from the buffer's position, big-endian, without checking its values.
    public static PacketLocation takeEntry(ByteBuffer untrusted) {
        untrusted.order(ByteOrder.BIG_ENDIAN);
        long offset = untrusted.getLong();
        return new PacketLocation(
                offset,
                new IndexEntry(
                        untrusted.getLong(),
                        untrusted.getLong(),
                        untrusted.getLong(),
                        untrusted.getLong(),
                        -1,
                        untrusted.getLong(),
                        untrusted.getLong(),
                        untrusted.hasRemaining() ? untrusted.getLong() : IndexEntry.NONE,
                        untrusted.hasRemaining() ? untrusted.getLong() : IndexEntry.NONE));
    }

    /// Reads an index and checks it against its stream file: packets must touch and fill the file,
    /// sizes be whole bytes, content fit its packet, and time not go back inside a packet.
    ///
    /// @param name how messages call the index
    /// @param untrusted positioned at the beginning
    /// @param streamBytes size of the stream file
    /// @return every packet, in file order
    /// @throws CtfException when the index must not be used
    public static PacketTable read(String name, FileChannel untrusted, long streamBytes)
            throws IOException, CtfException {
        PacketTable packets = readBegun(name, untrusted, streamBytes);
        long end = packets.isEmpty() ? 0 : packets.getLast().endBytes();
        if (end != streamBytes) {
            throw new CtfException(
                    name,
                    "packets end at byte %d, want the stream file's %d"
                            .formatted(end, streamBytes));
        }
        return packets;
    }

    /// Reads an index that may still grow: as [#read], but the packets need not fill the file.
    public static PacketTable readBegun(String name, FileChannel untrusted, long streamBytes)
            throws IOException, CtfException {
        int entryBytes = readHeader(name, untrusted);
        long entriesBytes = untrusted.size() - HEADER_BYTES;
        if (entriesBytes % entryBytes != 0) {
            throw new CtfException(
                    name,
                    "%d bytes of entries, want a multiple of %d"
                            .formatted(entriesBytes, entryBytes));
        }
        var packets = new PacketTable();
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(64 * 1024 / entryBytes, 1) * entryBytes);
        long end = 0;
        for (long at = HEADER_BYTES; at < HEADER_BYTES + entriesBytes; at += buffer.limit()) {
            buffer.clear();
            buffer.limit((int) Math.min(buffer.capacity(), HEADER_BYTES + entriesBytes - at));
            readFully(name, untrusted, buffer);
            for (int start = 0; start < buffer.limit(); start += entryBytes) {
                int known = entryBytes < ENTRY_BYTES ? ENTRY_BYTES_1_0 : ENTRY_BYTES;
                PacketLocation packet = takeEntry(buffer.slice(start, known));
                check(name, packets.size(), packet, end, streamBytes);
                packets.add(packet);
                end = packet.endBytes();
            }
        }
        return packets;
    }

    private static int readHeader(String name, FileChannel untrusted)
            throws IOException, CtfException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        readFully(name, untrusted, header);
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new CtfException(
                    name,
                    "magic number %s, want %s"
                            .formatted(CtfException.bytes(magic), CtfException.bytes(MAGIC)));
        }
        int major = header.getInt();
        if (major != MAJOR) {
            throw new CtfException(name, "version %d, want %d".formatted(major, MAJOR));
        }
        header.getInt(); // a higher minor version only adds fields
        int entryBytes = header.getInt();
        if (entryBytes < ENTRY_BYTES_1_0 || entryBytes > MAX_ENTRY_BYTES) {
            throw new CtfException(
                    name,
                    "entries of %d bytes, want %d to %d"
                            .formatted(entryBytes, ENTRY_BYTES_1_0, MAX_ENTRY_BYTES));
        }
        return entryBytes;
    }

    private static void check(
            String name, int number, PacketLocation packet, long previousEnd, long streamBytes)
            throws CtfException {
        String where = name + ": entry " + number;
        IndexEntry entry = packet.entry();
        long bits = entry.packetBits();
        if (packet.offsetBytes() != previousEnd) {
            throw new CtfException(
                    where, "offset %d, want %d".formatted(packet.offsetBytes(), previousEnd));
        }
        if (bits <= 0 || bits % 8 != 0 || bits / 8 > streamBytes - previousEnd) {
            throw new CtfException(
                    where,
                    "packet of %d bits, want whole bytes and at most %d of them"
                            .formatted(bits, streamBytes - previousEnd));
        }
        if (entry.contentBits() < 0 || entry.contentBits() > bits) {
            throw new CtfException(
                    where,
                    "content of %d bits, want at most the packet's %d"
                            .formatted(entry.contentBits(), bits));
        }
        if (Long.compareUnsigned(entry.beginTicks(), entry.endTicks()) > 0) {
            throw new CtfException(
                    where,
                    "begins at %d, ends at %d".formatted(entry.beginTicks(), entry.endTicks()));
        }
    }

    private static void readFully(String name, FileChannel channel, ByteBuffer buffer)
            throws IOException, CtfException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new CtfException(
                        name,
                        "ends at byte %d, want %d more"
                                .formatted(channel.position(), buffer.remaining()));
            }
        }
        buffer.flip();
    }
}
