// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.file.StoredTail;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The index of a file of a data stream, in a directory beside that. It is made with the first
/// packet, not with the file.
///
/// Guarded by the stream's lock. Its file is open as long as that of the packets.
final class StreamIndex {
    private static final int MINOR_OF_LONG_ENTRIES = 8;

    /// Index entries of a file for which there was no room yet.
    static final int MAX_WAITING_ENTRIES = 1024;

    private final TraceChunk chunk;
    private final Path file;
    private final int entryBytes;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private @Nullable FileChannel channel;
    private long entries;

    private StreamIndex(TraceChunk chunk, Path of, int entryBytes, long entries) {
        this.chunk = chunk;
        this.entryBytes = entryBytes;
        this.entries = entries;
        file = of.resolveSibling("index").resolve(of.getFileName() + ".idx");
    }

    /// One that has no entry yet.
    ///
    /// @param of the file of the packets, below the chunk's directory
    /// @param minor version of the protocol, which says how long entries are
    static StreamIndex of(TraceChunk chunk, Path of, int minor) {
        boolean isLong = Integer.compareUnsigned(minor, MINOR_OF_LONG_ENTRIES) >= 0;
        int entryBytes = isLong ? IndexFile.ENTRY_BYTES : IndexFile.ENTRY_BYTES_1_0;
        return new StreamIndex(chunk, of, entryBytes, 0);
    }

    /// That of a session that has ended.
    ///
    /// @param entries that are remembered
    static StreamIndex left(TraceChunk chunk, Path of, long entries) {
        return new StreamIndex(chunk, of, IndexFile.ENTRY_BYTES, entries);
    }

    /// Whether it was made.
    boolean isThere() throws IOException {
        return chunk.has(file);
    }

    /// Makes it, unless it is open.
    void begin() throws IOException {
        if (channel == null) {
            channel = made();
        }
    }

    private FileChannel made() throws IOException {
        FileChannel opened = chunk.create(file, StoredFiles::create);
        ByteBuffer header = IndexFile.header();
        if (entryBytes == IndexFile.ENTRY_BYTES_1_0) {
            header.putInt(8, 0).putInt(12, entryBytes);
        }
        try {
            StoredFiles.write(opened, header, 0);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    /// Goes on with one that is there.
    ///
    /// @param data the packets, which are cut off with it
    /// @return what is left of both
    StoredTail goOn(FileChannel data, StoredTail wanted) throws IOException {
        channel = chunk.open(file, StoredFiles::goOn);
        StoredTail left = wanted.cut(data, open(), entryBytes);
        entries = left.entries();
        return left;
    }

    /// Opens it to be read.
    void openToRead() throws IOException {
        channel = entries == 0 ? null : chunk.read(file);
    }

    /// Believes what is there, not what was remembered.
    ///
    /// @param dataBytes of packets that are there
    /// @return how many of those that were remembered are not
    long believeFile(long dataBytes) throws IOException {
        long remembered = entries;
        FileChannel there = channel;
        long whole = there == null ? 0 : (there.size() - IndexFile.HEADER_BYTES) / entryBytes;
        entries = Math.clamp(whole, 0, remembered);
        while (entries > 0 && IndexFile.takeEntry(entry(entries - 1)).endBytes() > dataBytes) {
            entries--;
        }
        return remembered - entries;
    }

    /// How many are in it.
    long entries() {
        return entries;
    }

    /// Appends an entry, or nothing when that fails.
    ///
    /// @param offset of its packet
    void append(long offset, SendIndex entry) throws IOException {
        FileChannel to = open();
        long at = IndexFile.HEADER_BYTES + entries * entryBytes;
        try {
            StoredFiles.write(to, bytes(offset, entry), at);
        } catch (IOException e) {
            to.truncate(at); // needs no room
            throw e;
        }
        entries++;
    }

    /// Takes an entry that is to be written when there is room.
    ///
    /// @param offset of its packet
    void await(long offset, SendIndex entry) throws IOException {
        if (waiting.size() == MAX_WAITING_ENTRIES) {
            throw new IOException("%d entries wait for room".formatted(MAX_WAITING_ENTRIES));
        }
        waiting.add(bytes(offset, entry));
    }

    /// Writes those that wait, as far as there is room.
    void writeAwaited() throws IOException {
        while (!waiting.isEmpty()) {
            FileChannel to = open();
            long at = IndexFile.HEADER_BYTES + entries * entryBytes;
            try {
                StoredFiles.write(to, waiting.peekFirst().duplicate(), at);
            } catch (IOException e) {
                to.truncate(at); // needs no room
                RelayLog.failed("index entries wait for room: " + file, e);
                return;
            }
            waiting.removeFirst();
            entries++;
        }
    }

    private ByteBuffer bytes(long offset, SendIndex entry) {
        ByteBuffer bytes = ByteBuffer.allocate(IndexFile.ENTRY_BYTES);
        IndexFile.putEntry(bytes, offset, told(entry));
        return bytes.flip().limit(entryBytes);
    }

    private static IndexEntry told(SendIndex entry) {
        return new IndexEntry(
                entry.packetBits(),
                entry.contentBits(),
                entry.beginTicks(),
                entry.endTicks(),
                -1,
                entry.discardedEvents(),
                entry.streamClassId(),
                entry.streamInstanceId(),
                entry.packetSequence());
    }

    /// Reads an entry, big-endian.
    ByteBuffer entry(long number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(IndexFile.ENTRY_BYTES).limit(entryBytes);
        StoredFiles.read(open(), bytes, IndexFile.HEADER_BYTES + number * entryBytes);
        return bytes.flip();
    }

    /// What was appended survives a loss of power.
    void sync() throws IOException {
        FileChannel opened = channel;
        if (opened != null) {
            opened.force(false);
        }
    }

    /// Where it is.
    Path directory() throws IOException {
        return chunk.open(file, StoredFiles::parent);
    }

    void remove() throws IOException {
        chunk.open(file, Files::deleteIfExists);
    }

    void close() throws IOException {
        FileChannel closed = channel;
        channel = null;
        if (closed != null) {
            closed.close();
        }
    }

    private FileChannel open() throws IOException {
        FileChannel opened = channel;
        if (opened == null) {
            throw new NoSuchFileException("the index of a file that nobody has open");
        }
        return opened;
    }
}
