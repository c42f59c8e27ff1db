// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The metadata of a trace. What could not be written, on a disk that is full, is kept and written
/// as soon as there is room: without it nobody could read the data.
public final class MetadataStream extends StoredStream implements ViewedMetadata {
    /// Metadata of a trace that waits for room on the disk.
    static final int MAX_UNWRITTEN_BYTES = 16 * 1024 * 1024;

    private final Path file;
    private final Set<Object> open;
    private @Nullable TraceChunk chunk;
    private @Nullable FileChannel channel;
    private Object identity = this;
    private long bytes;
    private ByteBuffer unwritten = ByteBuffer.allocate(0);
    private StreamMark mark = StreamMark.NONE;
    private WholeFragments fragments = new WholeFragments();
    private boolean isClosed;

    /// @param file below a chunk's directory
    MetadataStream(
            long handle,
            StreamGroup group,
            CString name,
            Path file,
            TraceChunk chunk,
            Set<Object> open)
            throws IOException {
        super(handle, group, name);
        this.file = file;
        this.open = open;
        begin(chunk);
    }

    /// Goes on with what is stored of it; what lies behind that is cut off.
    ///
    /// @throws NoSuchFileException when it is not there
    MetadataStream(
            long handle,
            StreamGroup group,
            CString name,
            Path file,
            TraceChunk chunk,
            Set<Object> open,
            JournalEntry stored)
            throws IOException {
        super(handle, group, name);
        this.file = file;
        this.open = open;
        channel = chunk.create(file, StoredFiles::goOn);
        identity = chunk.open(file, StoredFiles::identity);
        open.add(identity);
        this.chunk = chunk;
        chunk.hold();
        channel.truncate(stored.bytes());
        bytes = channel.size();
        if (bytes == stored.bytes()) {
            mark = stored.mark();
        } else { // after a loss of power: all of it comes again
            bytes = 0;
            channel.truncate(0);
        }
        fragments.add(chunk.open(file, path -> ByteBuffer.wrap(Files.readAllBytes(path))));
    }

    private void begin(TraceChunk next) throws IOException {
        channel = next.create(file, path -> StoredFiles.createUnlessOpen(path, open));
        identity = next.open(file, StoredFiles::identity);
        open.add(identity);
        chunk = next;
        next.hold();
        bytes = 0;
        unwritten = ByteBuffer.allocate(0);
        fragments = new WholeFragments();
    }

    /// Goes on with the metadata.
    ///
    /// @param padding zeros after it
    public synchronized void append(ByteBuffer text, long padding) throws IOException {
        if (channel == null) {
            return; // Of no chunk: all of it comes again with the next one.
        }
        int more = text.remaining() + (int) padding;
        if (unwritten.remaining() + (long) more > MAX_UNWRITTEN_BYTES && unwritten.hasRemaining()) {
            throw new IOException("more metadata than can wait for room on the disk");
        }
        ByteBuffer all = ByteBuffer.allocate(unwritten.remaining() + more);
        all.put(unwritten).put(text).position(0);
        unwritten = all;
        write();
        group().changed();
    }

    /// As [#append(ByteBuffer, long)], but whole or not at all.
    ///
    /// @param itsMark its producer's
    public synchronized void append(ByteBuffer text, long padding, StreamMark itsMark)
            throws IOException {
        FileChannel to = channel;
        if (to == null) {
            throw new IOException(file + " is closed");
        }
        ByteBuffer all = ByteBuffer.allocate(text.remaining() + (int) padding);
        all.put(text).position(0);
        try {
            StoredFiles.write(to, all.duplicate(), bytes);
        } catch (IOException e) {
            to.truncate(bytes); // needs no room
            throw e;
        }
        bytes += all.remaining();
        fragments.add(all);
        mark = itsMark;
        group().changed();
    }

    @Override
    public synchronized Optional<JournalEntry> stored() {
        return mark.equals(StreamMark.NONE)
                ? Optional.empty()
                : Optional.of(new JournalEntry(key(), 0, bytes, 0, RelayRequest.NONE, mark));
    }

    @Override
    public synchronized Optional<RelayReply.LastStored> lastStored() {
        var nothing = new RelayRequest.SendIndex(handle(), -1, 0, 0, 0, 0, 0, 0, 0, 0);
        return mark.equals(StreamMark.NONE)
                ? Optional.empty()
                : Optional.of(new RelayReply.LastStored(nothing, mark));
    }

    @Override
    public void sync() throws IOException {
        FileChannel synced = channel;
        if (synced != null) {
            synced.force(false);
        }
    }

    @Override
    public List<Path> directories() throws IOException {
        TraceChunk held = chunk;
        return held == null ? List.of() : List.of(held.open(file, StoredFiles::parent));
    }

    /// What there is no room for stays to be written.
    private void write() {
        if (channel == null || !unwritten.hasRemaining()) {
            return;
        }
        try {
            StoredFiles.write(channel, unwritten.duplicate(), bytes);
        } catch (IOException e) {
            RelayLog.failed("metadata waits for room: " + file, e);
            return;
        }
        fragments.add(unwritten.duplicate());
        bytes += unwritten.remaining();
        unwritten = ByteBuffer.allocate(0);
    }

    /// All of it comes again.
    public synchronized void reset() throws IOException {
        if (channel != null) {
            channel.truncate(0);
        }
        bytes = 0;
        unwritten = ByteBuffer.allocate(0);
        fragments = new WholeFragments();
    }

    /// What is to be remembered of it when nothing more comes.
    ///
    /// @param chunks which of the session's one is
    synchronized SessionLabel.Metadata label(ToIntFunction<TraceChunk> chunks) {
        int its = chunks.applyAsInt(Objects.requireNonNull(chunk)); // it has begun in one
        return new SessionLabel.Metadata(its, file, fragments.wholeBytes());
    }

    @Override
    public synchronized long wholeBytes() {
        write();
        return fragments.wholeBytes();
    }

    @Override
    public synchronized ByteBuffer read(long from, int mostBytes) throws IOException {
        TraceChunk held = chunk;
        if (held == null) {
            return ByteBuffer.allocate(0);
        }
        return held.read(file, from, fragments.wholeBytes(), mostBytes);
    }

    @Override
    public synchronized boolean isClosed() {
        return isClosed;
    }

    @Override
    public void committed(JournalEntry stored) {}

    @Override
    public synchronized void rotate(@Nullable TraceChunk next, long firstPacketSequence)
            throws IOException {
        leave();
        if (next != null) {
            begin(next);
        }
    }

    @Override
    public synchronized void close(long lastNetSeqNum) throws IOException {
        end();
    }

    @Override
    public synchronized void end() throws IOException {
        if (!isClosed) {
            isClosed = true;
            leave();
        }
    }

    @Override
    public boolean isPending(long lastNetSeqNum) {
        return false;
    }

    /// What it has stays to be read.
    private void leave() throws IOException {
        TraceChunk held = chunk;
        if (channel == null || held == null) {
            return;
        }
        write();
        channel.close();
        channel = null;
        open.remove(identity);
        held.release();
    }
}
