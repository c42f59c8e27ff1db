// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// The files of one stream: `CHANNEL_SUFFIX` and its index, or with a size limit
/// `CHANNEL_SUFFIX_N`.
///
/// Owned by its [TraceOutput]'s thread.
final class StreamOutput implements Closeable {
    /// What changes when a packet grows.
    private static final int START_BYTES =
            LttngSchema.PACKET_HEADER_BYTES + LttngSchema.PACKET_CONTEXT_BYTES;

    /// Where `events_discarded` lies in a packet of [LttngSchema].
    private static final int DISCARDED_OFFSET = START_BYTES - Long.BYTES;

    /// Where `timestamp_end` lies in it, after `timestamp_begin`.
    private static final int END_OFFSET = LttngSchema.PACKET_HEADER_BYTES + Long.BYTES;

    private static final Set<StandardOpenOption> READ_AND_WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path directory;
    private final StreamKey key;
    private FileChannel data;
    private FileChannel index;
    private Place dataPlace;
    private Place indexPlace;
    private long size;
    private long indexSize;
    private int fileNumber;
    private Optional<IndexEntry> last = Optional.empty();

    /// Where the last packet begins, when it is in this file.
    private OptionalLong lastBegin = OptionalLong.empty();

    /// Records that could not be stored and are among those that the last packet tells of.
    private long toldRecords;

    private StreamOutput(Path directory, StreamKey key, int fileNumber) throws IOException {
        this.directory = directory;
        this.key = key;
        this.fileNumber = fileNumber;
        Path file = file(directory, key, fileNumber);
        data = PrivateFiles.open(file, READ_AND_WRITE);
        try {
            index = PrivateFiles.open(IndexFile.of(file), READ_AND_WRITE);
            dataPlace = Place.of(file);
            indexPlace = Place.of(IndexFile.of(file));
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /// Opens the stream, or goes on with it after its last whole packet. What another session has
    /// left under the same names gives way.
    ///
    /// @param uuid of the trace, which the packets carry
    /// @param lostRecords of the stream until now
    static StreamOutput open(Path directory, StreamKey key, UUID uuid, long lostRecords)
            throws IOException {
        int newest = key.fileBytes() > 0 ? newestFile(directory, key) : 0;
        var stream = new StreamOutput(directory, key, newest);
        stream.toldRecords = lostRecords;
        try {
            stream.resume(uuid);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
        return stream;
    }

    /// Whether there is anything to go on with.
    static boolean isBegun(Path directory, StreamKey key) throws IOException {
        int newest = key.fileBytes() > 0 ? newestFile(directory, key) : 0;
        return Files.exists(file(directory, key, newest));
    }

    /// Whether its files are where they were made, and hold what was written: others may have
    /// moved, removed or emptied them.
    ///
    /// @param round as in [Place#isKept]
    boolean isInPlace(long round) throws IOException {
        return indexPlace.isSeen(round) && dataPlace.isSeen(round)
                || data.size() >= size && dataPlace.isKept(round) && indexPlace.isKept(round);
    }

    /// The last packet's entry as it was given, without what [#write] and [#tell] have added.
    Optional<IndexEntry> last() {
        return last.map(
                entry -> entry.withDiscarded(Math.max(0, entry.discardedEvents() - toldRecords)));
    }

    /// Whether the packet of that number is the last, and there is room for so many bytes more.
    boolean mayGrow(long sequence, long moreBytes) {
        return lastBegin.isPresent()
                && last.isPresent()
                && last.get().sequence() == sequence
                && moreBytes <= roomLeft();
    }

    /// How many bytes more fit into the present file.
    long roomLeft() {
        return key.fileBytes() == 0 ? Long.MAX_VALUE : key.fileBytes() - size;
    }

    /// Appends the packet, then its index entry; or, when that fails, neither of them. A packet
    /// with the number of the last one takes its place.
    ///
    /// @param lostRecords of the stream until now: added to what the packet says was discarded
    void write(IndexEntry given, ByteBuffer packet, long lostRecords) throws IOException {
        IndexEntry entry = given;
        if (lostRecords > 0) {
            long told = mayGrow(given.sequence(), 0) ? last.get().endTicks() : Long.MIN_VALUE;
            entry =
                    given.withDiscarded(given.discardedEvents() + lostRecords)
                            .until(Math.max(given.endTicks(), told));
            packet = copyAs(entry, packet);
        }
        if (mayGrow(entry.sequence(), 0)) {
            grow(entry, packet);
            toldRecords = lostRecords;
            return;
        }
        try {
            if (key.fileBytes() > 0 && size > 0 && size + packet.remaining() > key.fileBytes()) {
                nextFile();
            }
            long begin = size;
            writeWhole(data, packet, begin);
            writeWhole(index, IndexFile.entry(begin, entry), indexSize);
            size = begin + entry.packetBits() / Byte.SIZE;
            indexSize += IndexFile.ENTRY_BYTES;
            last = Optional.of(entry);
            lastBegin = OptionalLong.of(begin);
            toldRecords = lostRecords;
        } catch (IOException e) {
            cutTorn();
            throw e;
        }
    }

    /// Says in the last packet, in place, that so many records of the stream could not be stored
    /// after it: on a disk that is full no other packet will. The packet then reaches to where they
    /// were lost, and a reader tells of a loss until then. A later packet that says so too adds
    /// nothing to it.
    ///
    /// @param lost of the stream until now
    void tell(LostRecords.Lost lost) throws IOException {
        if (last.isEmpty() || lastBegin.isEmpty() || lost.records() <= toldRecords) {
            return;
        }
        long known = last.get().discardedEvents() - toldRecords;
        IndexEntry entry =
                last.get()
                        .withDiscarded(Math.max(known, lost.discarded()) + lost.records())
                        .until(Math.max(last.get().endTicks(), lost.endTicks()));
        long begin = lastBegin.getAsLong();
        ByteBuffer end = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        writeWhole(data, end.putLong(entry.endTicks()).flip(), begin + END_OFFSET);
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        count.putLong(entry.discardedEvents()).flip();
        writeWhole(data, count, begin + DISCARDED_OFFSET);
        writeWhole(index, IndexFile.entry(begin, entry), indexSize - IndexFile.ENTRY_BYTES);
        last = Optional.of(entry);
        toldRecords = lost.records();
    }

    /// Writes what is new after the last packet, then, at once, the header that says so: a reader,
    /// and who comes after a kill, finds the packet as it was or grown.
    private void grow(IndexEntry entry, ByteBuffer packet) throws IOException {
        long begin = lastBegin.getAsLong();
        int before = (int) (size - begin);
        try {
            writeWhole(data, packet.slice(before, packet.limit() - before), size);
            writeWhole(data, packet.slice(0, START_BYTES), begin);
            size = begin + entry.packetBits() / Byte.SIZE;
            writeWhole(index, IndexFile.entry(begin, entry), indexSize - IndexFile.ENTRY_BYTES);
            last = Optional.of(entry);
        } catch (IOException e) {
            cutTorn();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (FileChannel first = data;
                FileChannel second = index) {
            if (first.isOpen() && second.isOpen()) {
                cutTorn();
            }
        }
    }

    private void resume(UUID uuid) throws IOException {
        StreamTail tail = StreamTail.repair(data, index, uuid);
        size = tail.wholeBytes();
        indexSize = index.size();
        last = tail.last().map(PacketLocation::entry);
        lastBegin =
                tail.last().isPresent()
                        ? OptionalLong.of(tail.last().get().offsetBytes())
                        : OptionalLong.empty();
    }

    private void nextFile() throws IOException {
        int next = fileNumber + 1;
        if (key.fileCount() > 0 && next >= key.fileCount()) {
            next = 0;
        }
        data.close();
        index.close();
        Path file = file(directory, key, next);
        Files.deleteIfExists(file);
        Files.deleteIfExists(IndexFile.of(file));
        data = PrivateFiles.open(file, READ_AND_WRITE);
        index = PrivateFiles.open(IndexFile.of(file), READ_AND_WRITE);
        dataPlace = Place.of(file);
        indexPlace = Place.of(IndexFile.of(file));
        writeWhole(index, IndexFile.header(), 0);
        indexSize = IndexFile.HEADER_BYTES;
        fileNumber = next;
        size = 0;
        lastBegin = OptionalLong.empty();
    }

    /// The file whose last packet has the highest sequence number.
    private static int newestFile(Path directory, StreamKey key) throws IOException {
        var numbers = new ArrayList<Integer>();
        String prefix = key.channel() + "_" + key.suffix() + "_";
        try (var files = Files.list(directory)) {
            for (Path each : files.toList()) {
                String name = each.getFileName().toString();
                if (name.startsWith(prefix)
                        && name.substring(prefix.length()).matches("\\d{1,9}")) {
                    numbers.add(Integer.parseInt(name.substring(prefix.length())));
                }
            }
        }
        int newest = 0;
        long highest = -1;
        for (int number : numbers) {
            Path file = file(directory, key, number);
            try (FileChannel data = FileChannel.open(file, StandardOpenOption.READ);
                    FileChannel index = PrivateFiles.open(IndexFile.of(file), READ_AND_WRITE)) {
                long sequence = StreamTail.lastSequence(data, index);
                if (sequence > highest) {
                    highest = sequence;
                    newest = number;
                }
            }
        }
        return newest;
    }

    private static Path file(Path directory, StreamKey key, int number) {
        String name = key.channel() + "_" + key.suffix();
        return directory.resolve(key.fileBytes() > 0 ? name + "_" + number : name);
    }

    /// Cuts what a failed write has left: cutting needs no space.
    private void cutTorn() throws IOException {
        data.truncate(size);
        index.truncate(indexSize);
    }

    private static ByteBuffer copyAs(IndexEntry entry, ByteBuffer packet) {
        ByteBuffer copy =
                ByteBuffer.allocate(packet.remaining()).order(ByteOrder.LITTLE_ENDIAN).put(packet);
        copy.putLong(END_OFFSET, entry.endTicks());
        copy.putLong(DISCARDED_OFFSET, entry.discardedEvents());
        return copy.flip();
    }

    private static void writeWhole(FileChannel to, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += to.write(bytes, position);
        }
    }
}
