// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.file.StreamFile;
import dev.contrail.recorder.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Mends what a daemon that was killed has left of a stream: data and index end with the same whole
/// packet then.
///
/// It looks at the end of the index and at what lies after it, so that its cost does not grow with
/// the recording; a stream whose index says nothing of its end is walked from the beginning, some
/// packets at a time.
///
/// @param last the last whole packet
/// @param wholeBytes where it ends
public record StreamTail(Optional<PacketLocation> last, long wholeBytes) {
    /// Entries at the index's end that may be wrong before the stream is walked as a whole.
    private static final int MAX_LOOKED_AT = 256;

    /// How deep indexes lie: `boot-2/ust/uid/UID/64-bit/index/STREAM.idx`.
    private static final int MAX_DEPTH = 8;

    private static final Set<StandardOpenOption> READ_AND_WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    /// Packets that are held in memory.
    private static final int CHUNK = 4096;

    /// Mends the files. A stream of another trace is emptied.
    ///
    /// @param uuid of the trace
    static StreamTail repair(FileChannel data, FileChannel index, UUID uuid) throws IOException {
        StreamFile first = StreamFile.scan(data, 0, 1);
        if (!first.traceUuid().equals(uuid)) {
            data.truncate(0);
            index.truncate(0);
        }
        long entries = hasHeader(index) ? entries(index) : 0;
        Anchor anchor = anchor(data, index, entries, uuid);
        long at = anchor.endBytes();
        Optional<PacketLocation> last = anchor.packet;
        if (anchor.entries == 0) {
            index.truncate(0);
            writeWhole(index, IndexFile.header(), 0);
        } else {
            index.truncate(position(anchor.entries));
            // A packet that grew may be ahead of its entry.
            writeWhole(index, entry(anchor.packet.orElseThrow()), position(anchor.entries - 1));
        }
        while (true) {
            StreamFile found = StreamFile.scan(data, at, CHUNK);
            if (found.packets().isEmpty() || !found.traceUuid().equals(uuid)) {
                break;
            }
            for (PacketLocation packet : found.packets()) {
                writeWhole(index, entry(packet), index.size());
            }
            last = Optional.of(found.packets().getLast());
            at = found.wholeBytes();
        }
        data.truncate(at);
        return new StreamTail(last, at);
    }

    /// Mends every stream below a directory that nobody writes any more: after a power failure.
    ///
    /// @param except what lies below it, and is being written
    public static void mendAll(Path directory, Path except) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> indexes;
        try (var below = Files.walk(directory, MAX_DEPTH)) {
            indexes =
                    below.filter(each -> each.toString().endsWith(".idx"))
                            .filter(each -> !each.startsWith(except))
                            .toList();
        }
        for (Path each : indexes) {
            String name = each.getFileName().toString();
            Path stream =
                    each.resolveSibling("..")
                            .resolve(name.substring(0, name.length() - ".idx".length()))
                            .normalize();
            try (FileChannel data = PrivateFiles.open(stream, READ_AND_WRITE);
                    FileChannel index = PrivateFiles.open(each, READ_AND_WRITE)) {
                repair(data, index, StreamFile.scan(data, 0, 1).traceUuid());
            }
        }
    }

    /// The sequence number of the last packet, as far as the files tell without being walked; -1
    /// for none.
    static long lastSequence(FileChannel data, FileChannel index) throws IOException {
        UUID uuid = StreamFile.scan(data, 0, 1).traceUuid();
        long entries = hasHeader(index) ? entries(index) : 0;
        Anchor anchor = anchor(data, index, entries, uuid);
        long sequence = anchor.packet.map(packet -> packet.entry().sequence()).orElse(-1L);
        for (long at = anchor.endBytes(); ; ) {
            StreamFile found = StreamFile.scan(data, at, CHUNK);
            if (found.packets().isEmpty()) {
                return sequence;
            }
            sequence = found.packets().getLast().entry().sequence();
            at = found.wholeBytes();
        }
    }

    /// The last packet of which the index tells the truth, and how many entries that makes.
    private record Anchor(Optional<PacketLocation> packet, long entries) {
        long endBytes() {
            return packet.map(PacketLocation::endBytes).orElse(0L);
        }
    }

    private static Anchor anchor(FileChannel data, FileChannel index, long entries, UUID uuid)
            throws IOException {
        for (long i = entries - 1; i >= Math.max(0, entries - MAX_LOOKED_AT); i--) {
            PacketLocation told = told(index, i);
            if (told.offsetBytes() < 0 || told.offsetBytes() >= data.size()) {
                continue;
            }
            StreamFile found = StreamFile.scan(data, told.offsetBytes(), 1);
            if (!found.packets().isEmpty()
                    && found.traceUuid().equals(uuid)
                    && found.packets().getFirst().entry().sequence() == told.entry().sequence()) {
                return new Anchor(Optional.of(found.packets().getFirst()), i + 1);
            }
        }
        return new Anchor(Optional.empty(), 0);
    }

    private static boolean hasHeader(FileChannel index) throws IOException {
        var head = ByteBuffer.allocate(IndexFile.HEADER_BYTES);
        return readWhole(index, head, 0) && head.flip().equals(IndexFile.header());
    }

    private static long entries(FileChannel index) throws IOException {
        return (index.size() - IndexFile.HEADER_BYTES) / IndexFile.ENTRY_BYTES;
    }

    private static long position(long entry) {
        return IndexFile.HEADER_BYTES + entry * IndexFile.ENTRY_BYTES;
    }

    private static PacketLocation told(FileChannel index, long entry) throws IOException {
        var bytes = ByteBuffer.allocate(IndexFile.ENTRY_BYTES);
        if (!readWhole(index, bytes, position(entry))) {
            throw new IOException("the index became shorter while it was read");
        }
        return IndexFile.takeEntry(bytes.flip());
    }

    private static ByteBuffer entry(PacketLocation packet) {
        return IndexFile.entry(packet.offsetBytes(), packet.entry());
    }

    private static boolean readWhole(FileChannel from, ByteBuffer bytes, long at)
            throws IOException {
        while (bytes.hasRemaining()) {
            if (from.read(bytes, at + bytes.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void writeWhole(FileChannel to, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += to.write(bytes, position);
        }
    }
}
