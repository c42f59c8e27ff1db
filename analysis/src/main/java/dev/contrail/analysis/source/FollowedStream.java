// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.PacketSource;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The packets of one stream of a session of ours while its files are written: of one file after
/// the other, as far as they are there when they are wanted. The last packet may come again, longer
/// than before.
final class FollowedStream implements PacketSource {
    /// The largest packet that is read: as a whole it is in memory.
    static final int MOST_BYTES = 256 << 20;

    /// One file of the stream.
    ///
    /// @param firstSequence the number of its first packet
    private record Part(
            Path file, Path indexFile, FileChannel data, FileChannel index, long firstSequence) {
        static Part open(Path file, Path index, long firstSequence) throws IOException {
            FileChannel data = FileChannel.open(file, StandardOpenOption.READ);
            try {
                FileChannel entries = FileChannel.open(index, StandardOpenOption.READ);
                return new Part(file, index, data, entries, firstSequence);
            } catch (IOException e) {
                data.close();
                throw e;
            }
        }

        void close() throws IOException {
            try (FileChannel first = data;
                    FileChannel second = index) {
                assert first.isOpen() && second.isOpen();
            }
        }
    }

    /// The file that it was in when it came to rest, closed.
    ///
    /// @param state of its index, with which a write becomes known
    private record Rest(Path file, Path index, long firstSequence, List<Object> state) {
        static List<Object> state(Path index) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(index, BasicFileAttributes.class);
            return List.of(
                    TraceFolder.identity(index), attributes.size(), attributes.lastModifiedTime());
        }
    }

    private static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);

    /// The header of a packet that grows says so before its index entry does: as much more of it is
    /// read.
    private static final int MOST_GROWN_BYTES = 1 << 20;

    private final long classId;
    private final long id;
    private final PriorityQueue<Part> coming =
            new PriorityQueue<>(Comparator.comparingLong(Part::firstSequence));
    private final String name;
    private @Nullable Part part;
    private long entries;
    private @Nullable IndexEntry last;
    private long number;
    private ByteBuffer buffer = NO_BUFFER;
    private @Nullable Rest rest;
    private @Nullable Arrival seen;

    private FollowedStream(long classId, long id, String name) {
        this.classId = classId;
        this.id = id;
        this.name = name;
    }

    /// What the first entry of an index says.
    ///
    /// @return empty when there is none yet
    static Optional<IndexEntry> first(Path index) throws IOException {
        try (FileChannel channel = FileChannel.open(index, StandardOpenOption.READ)) {
            return entry(channel, 0).map(PacketLocation::entry);
        }
    }

    /// A stream that begins with that entry.
    static FollowedStream of(IndexEntry first, Path file) {
        return new FollowedStream(first.streamClassId(), first.streamInstanceId(), file.toString());
    }

    long classId() {
        return classId;
    }

    long id() {
        return id;
    }

    String name() {
        return name;
    }

    /// Another file of the stream is there.
    void add(Path file, Path index, IndexEntry first) throws IOException {
        coming.add(Part.open(file, index, first.sequence()));
    }

    private static Optional<PacketLocation> entry(FileChannel index, long number)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(IndexFile.ENTRY_BYTES);
        long at = IndexFile.HEADER_BYTES + number * IndexFile.ENTRY_BYTES;
        while (bytes.hasRemaining()) {
            int read = index.read(bytes, at + bytes.position());
            if (read < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(IndexFile.takeEntry(bytes.flip()));
    }

    /// Looks at what [#next] will give.
    Arrival look() throws IOException {
        Arrival arrival = seen;
        if (arrival == null) {
            arrival = arrive();
            if (!(arrival instanceof NotYet)) {
                seen = arrival;
            }
        }
        return arrival;
    }

    @Override
    public Arrival next() throws IOException {
        Arrival arrival = look();
        seen = null;
        return arrival;
    }

    /// Closes its files, where nothing new is in them, until there is.
    ///
    /// @return false where something is
    boolean rest() throws IOException {
        Part present = part;
        if (rest != null || present == null) {
            return coming.isEmpty();
        }
        try {
            List<Object> state = Rest.state(present.indexFile);
            if (!(look() instanceof NotYet) || part != present) {
                return false;
            }
            rest = new Rest(present.file, present.indexFile, present.firstSequence, state);
        } catch (NoSuchFileException e) {
            return false; // the next one comes
        }
        present.close();
        part = null;
        buffer = NO_BUFFER;
        return true;
    }

    /// Whether something may be new since it came to rest.
    boolean isRoused() throws IOException {
        Rest at = rest;
        try {
            return at == null || !coming.isEmpty() || !Rest.state(at.index).equals(at.state);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /// Opens what it has closed, if that is still there.
    private void rise() throws IOException {
        Rest at = rest;
        if (at == null) {
            return;
        }
        rest = null;
        try {
            if (TraceFolder.identity(at.index).equals(at.state.getFirst())) {
                part = Part.open(at.file, at.index, at.firstSequence);
            }
        } catch (NoSuchFileException e) {
            part = null; // it has made way for the next one
        }
    }

    private Arrival arrive() throws IOException {
        rise();
        while (true) {
            Part present = part;
            if (present != null) {
                Optional<PacketLocation> found = unread(present);
                if (found.isPresent()) {
                    return fetch(present, found.get());
                }
            }
            // Its writer has closed a file before it makes the next one.
            Part next = coming.poll();
            if (next == null) {
                return new NotYet();
            }
            if (present != null) {
                present.close();
            }
            part = next;
            entries = 0;
        }
    }

    private Optional<PacketLocation> unread(Part present) throws IOException {
        IndexEntry before = last;
        if (entries > 0 && before != null) {
            Optional<PacketLocation> same = entry(present.index, entries - 1);
            if (same.isPresent() && same.get().entry().isGrownFrom(before)) {
                last = same.get().entry();
                return same;
            }
        }
        Optional<PacketLocation> next = entry(present.index, entries);
        if (next.isPresent()) {
            entries++;
            last = next.get().entry();
        }
        return next;
    }

    private Arrival fetch(Part present, PacketLocation packet) throws IOException {
        boolean isLast = entry(present.index, entries).isEmpty();
        PacketLocation found = isLast ? packet : entry(present.index, entries - 1).orElse(packet);
        last = found.entry();
        long size = found.entry().packetBits() / 8;
        if (size <= 0 || size > MOST_BYTES || found.offsetBytes() < 0) {
            return new Unreadable(
                    "%s: packet %d of %d bytes cannot be".formatted(present.file, number++, size));
        }
        long there = present.data.size() - found.offsetBytes();
        long wanted = Math.clamp(there, size, isLast ? size + MOST_GROWN_BYTES : size);
        if (buffer.capacity() < wanted) {
            buffer = ByteBuffer.allocateDirect((int) wanted);
        }
        buffer.clear().limit((int) wanted);
        while (buffer.hasRemaining()
                && present.data.read(buffer, found.offsetBytes() + buffer.position()) >= 0) {
            assert buffer.position() > 0;
        }
        buffer.flip();
        if (buffer.limit() < size) {
            return new Unreadable("%s: packet %d is cut".formatted(present.file, number++));
        }
        return new Packet(
                buffer,
                present.file.toString(),
                number++,
                found.offsetBytes(),
                buffer.limit(),
                Optional.empty());
    }

    @Override
    public void close() throws IOException {
        Part present = part;
        if (present != null) {
            coming.add(present);
            part = null;
        }
        for (Part each = coming.poll(); each != null; each = coming.poll()) {
            each.close();
        }
    }
}
