// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.file.StoredTail;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One file of a data stream with its index: a stream has another after each rotation, and after
/// each tracefile.
///
/// Guarded by its stream's lock, but for [#read], which viewers call while they use it. Its files
/// are open while somebody uses it; who comes later opens them where they then lie.
final class StreamPart {
    private final TraceChunk chunk;
    private final Path file;
    private final boolean isIndexed;
    private final StreamIndex index;
    private final Object identity;
    private @Nullable FileChannel data;
    private final PacketNumbers numbers;

    /// Whether nobody has compared its files with what was remembered of them.
    private boolean isUnseen;

    /// Packets that should be there, and were not when somebody looked.
    private long lost;

    private int users = 1;
    private int awaited;
    private boolean isRemoved;

    /// Whole packets, with their padding.
    private volatile long dataBytes;

    /// What the stream went on with.
    private @Nullable StreamPart next;

    /// Of a file that is there.
    private StreamPart(TraceChunk chunk, Path file, int minor) throws IOException {
        this(chunk, file, true, minor, chunk.open(file, StoredFiles::identity));
    }

    private StreamPart(TraceChunk chunk, Path file, boolean isIndexed, int minor, Object identity) {
        this.chunk = chunk;
        this.file = file;
        this.isIndexed = isIndexed;
        index = StreamIndex.of(chunk, file, minor);
        this.identity = identity;
        numbers = new PacketNumbers();
    }

    /// Of a session that has ended: nobody uses it yet.
    StreamPart(TraceChunk chunk, SessionLabel.Part label) {
        this.chunk = chunk;
        file = label.file();
        index = StreamIndex.left(chunk, file, label.entries());
        isIndexed = true;
        identity = this;
        numbers = PacketNumbers.of(label.runs(), label.entries());
        dataBytes = label.bytes();
        users = 0;
        isUnseen = true;
    }

    /// Makes the file, whose user is the stream from then on.
    ///
    /// @param file below the chunk's directory
    /// @param minor version of the protocol, which says how long index entries are
    /// @param open identities of all files that streams record into
    /// @throws IOException also when another stream records into that very file
    static StreamPart create(
            TraceChunk chunk, Path file, boolean isIndexed, int minor, Set<Object> open)
            throws IOException {
        FileChannel data = chunk.create(file, path -> StoredFiles.createUnlessOpen(path, open));
        Object identity = chunk.open(file, StoredFiles::identity);
        var part = new StreamPart(chunk, file, isIndexed, minor, identity);
        part.data = data;
        open.add(identity);
        return part;
    }

    /// Goes on with a file of which that much is stored; what lies behind it is cut off.
    ///
    /// @param isCurrent whether the stream still records into it; otherwise nobody uses it yet
    /// @throws NoSuchFileException when it is not there
    static StreamPart goOn(
            TraceChunk chunk,
            Path file,
            int minor,
            Set<Object> open,
            StoredTail stored,
            boolean isCurrent)
            throws IOException {
        var part = new StreamPart(chunk, file, minor);
        part.data = chunk.create(file, StoredFiles::goOn);
        try {
            if (stored.entries() == 0 && !part.index.isThere()) {
                open(part.data).truncate(0); // it was begun, and the first packet not stored
            } else {
                part.cut(stored);
            }
        } catch (IOException e) {
            part.closeFiles();
            throw e;
        }
        if (isCurrent) {
            open.add(part.identity);
        } else {
            part.leave();
        }
        return part;
    }

    /// Less than that is there only after a loss of power.
    private void cut(StoredTail wanted) throws IOException {
        StoredTail left = index.goOn(open(data), wanted);
        dataBytes = left.bytes();
        if (left.entries() < wanted.entries() && !wanted.equals(StoredTail.ALL)) {
            RelayLog.warn(
                    "%s has lost %d packets that were stored"
                            .formatted(file, wanted.entries() - left.entries()));
        }
    }

    /// Nobody records into it any more; its stream no longer uses it.
    void finish(Set<Object> open) throws IOException {
        index.writeAwaited();
        open.remove(identity);
        leave();
    }

    /// What the stream went on with, once it is known.
    void follow(StreamPart following) {
        next = following;
    }

    @Nullable StreamPart next() {
        return next;
    }

    TraceChunk chunk() {
        return chunk;
    }

    long dataBytes() {
        return dataBytes;
    }

    long entries() {
        return index.entries();
    }

    /// Packets that should be there, and were not when a viewer came to them.
    long lost() {
        return lost;
    }

    /// Whether its packets are not to be had any more.
    boolean isGone() {
        return isRemoved || chunk.isGone();
    }

    /// A packet in it has no index entry yet: until that comes the files stay open.
    void awaitEntry() {
        awaited++;
        users++;
    }

    /// The entry of such a packet has come, or does not come any more.
    void awaitEntryNoMore() throws IOException {
        awaited--;
        leave();
    }

    /// Whether packets in it may still get their index entries.
    boolean isAwaited() {
        return awaited > 0 && !isGone();
    }

    /// Its place in a ring of files is needed.
    void remove() throws IOException {
        isRemoved = true;
        try {
            chunk.open(file, Files::deleteIfExists);
            index.remove();
        } catch (NoSuchFileException e) {
            return; // with its chunk
        }
    }

    /// A viewer begins to read it.
    ///
    /// @return false when it is gone
    boolean enter() throws IOException {
        if (isGone()) {
            return false;
        }
        if (users == 0) {
            try {
                data = chunk.read(file);
                index.openToRead();
                if (isUnseen) {
                    isUnseen = false;
                    believeFiles();
                }
            } catch (NoSuchFileException e) {
                closeFiles();
                lost = isGone() ? 0 : entries(); // nobody was told to remove it
                return false;
            } catch (IOException e) {
                closeFiles();
                throw e;
            }
        }
        users++;
        return true;
    }

    /// Less than was remembered is there after a loss of power, or where somebody has cut it.
    private void believeFiles() throws IOException {
        dataBytes = Math.min(dataBytes, open(data).size());
        lost = index.believeFile(dataBytes);
        if (lost > 0) {
            RelayLog.warn("%s has lost %d packets that were stored".formatted(file, lost));
        }
    }

    /// What is to be remembered of it.
    ///
    /// @param chunkNumber which of the session's that is
    SessionLabel.Part label(int chunkNumber) {
        List<SessionLabel.Run> runs =
                numbers.all().stream().filter(each -> each.entry() < entries()).toList();
        return new SessionLabel.Part(chunkNumber, file, dataBytes, entries(), runs);
    }

    /// Who used it does so no longer.
    void leave() throws IOException {
        users--;
        if (users == 0) {
            closeFiles();
        }
    }

    private void closeFiles() throws IOException {
        FileChannel closed = data;
        data = null;
        try {
            if (closed != null) {
                closed.close();
            }
        } finally {
            index.close();
        }
    }

    /// Appends a whole packet, or nothing when that fails.
    ///
    /// @param padding zeros after it
    /// @return where it begins
    long append(ByteBuffer packet, long padding) throws IOException {
        FileChannel file = open(data);
        long begin = dataBytes;
        long end = begin + packet.remaining() + padding;
        try {
            if (isIndexed) {
                index.begin();
            }
            StoredFiles.write(file, packet, begin);
            StoredFiles.extend(file, end);
        } catch (IOException e) {
            file.truncate(begin); // needs no room
            throw e;
        }
        dataBytes = end;
        return begin;
    }

    /// Appends a whole packet and its index entry, or nothing when that fails.
    ///
    /// @param padding zeros after it
    void append(ByteBuffer packet, long padding, SendIndex entry) throws IOException {
        long begin = append(packet, padding);
        try {
            index.append(begin, entry);
        } catch (IOException e) {
            dataBytes = begin;
            open(data).truncate(begin);
            throw e;
        }
        numbers.add(entry.netSeqNum());
    }

    /// What was appended survives a loss of power.
    void sync() throws IOException {
        FileChannel dataFile = data;
        if (dataFile != null) {
            dataFile.force(false);
        }
        index.sync();
    }

    /// Its directory, and that of its index.
    List<Path> directories() throws IOException {
        return List.of(chunk.open(file, StoredFiles::parent), index.directory());
    }

    /// Appends an index entry. One for which there is no room waits until there is.
    void append(long offset, SendIndex entry) throws IOException {
        index.await(offset, entry);
        numbers.add(entry.netSeqNum());
        index.writeAwaited();
    }

    /// Its packets are numbered from there on: those of a file that a stream goes on with.
    void numberFrom(long first) {
        for (long each = 0; each < entries(); each++) {
            numbers.add(first + each);
        }
    }

    /// The numbers of its packets.
    PacketNumbers numbers() {
        return numbers;
    }

    /// Reads an index entry, big-endian; its user's.
    ByteBuffer entry(long number) throws IOException {
        return index.entry(number);
    }

    /// Reads what lies at a place, as much as the buffer has room for; its user's.
    void read(ByteBuffer into, long at) throws IOException {
        StoredFiles.read(open(data), into, at);
    }

    /// Moves what lies at its end into another part.
    ///
    /// @return where it begins there
    long moveTail(long from, StreamPart to) throws IOException {
        long begin = to.dataBytes;
        long count = dataBytes - from;
        FileChannel target = open(to.data);
        try {
            if (count > 0 && to.isIndexed) {
                to.index.begin();
            }
            target.position(begin);
            long done = 0;
            while (done < count) {
                done += open(data).transferTo(from + done, count - done, target);
            }
        } catch (IOException e) {
            target.truncate(begin);
            throw e;
        }
        to.dataBytes = begin + count;
        dataBytes = from;
        open(data).truncate(from);
        return begin;
    }

    private static FileChannel open(@Nullable FileChannel file) throws IOException {
        if (file == null) {
            throw new NoSuchFileException("a stream's file that nobody has open");
        }
        return file;
    }
}
