// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.file.StoredTail;
import dev.contrail.relay.journal.JournalEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files that a data stream is stored in, one after the other: a new one in each trace chunk,
/// and where producers want that, whenever one is full. Guarded by the stream's lock.
final class StreamFiles {
    /// Files of one stream that who begins to read it can still have: those before stay on the
    /// disk.
    static final int MAX_KEPT = 1024;

    private final Shape shape;
    private final Set<Object> open;

    /// Of the present chunk that are still to be had, the oldest first.
    private final Deque<StreamPart> parts = new ArrayDeque<>();

    /// Of all chunks that are still to be had, the oldest first.
    private final Deque<StreamPart> kept = new ArrayDeque<>();

    private @Nullable TraceChunk chunk;
    private @Nullable StreamPart current;
    private @Nullable StreamPart last;
    private long fileNumber;

    /// What all files of a stream have in common.
    ///
    /// @param file below the chunk's directory
    /// @param tracefileBytes from which size on another file is begun, 0 for never
    /// @param tracefileCount how many there are before the first gives way; not 0 beside a size
    /// @param isIndexed whether there is an index beside the file
    /// @param minor version of the protocol
    /// @param isSynced whether what is acknowledged survives a loss of power
    record Shape(
            Path file,
            long tracefileBytes,
            long tracefileCount,
            boolean isIndexed,
            int minor,
            boolean isSynced) {
        Path file(long number) {
            return tracefileBytes == 0
                    ? file
                    : file.resolveSibling(file.getFileName() + "_" + Long.toUnsignedString(number));
        }
    }

    StreamFiles(Shape shape, TraceChunk chunk, Set<Object> open) throws IOException {
        this.shape = shape;
        this.open = open;
        begin(chunk);
    }

    /// Goes on with files that are there.
    ///
    /// @throws java.nio.file.NoSuchFileException when they are not
    StreamFiles(Shape shape, TraceChunk chunk, Set<Object> open, JournalEntry stored)
            throws IOException {
        this.shape = shape;
        this.open = open;
        fileNumber = stored.file();
        StreamPart present =
                goOn(chunk, fileNumber, new StoredTail(stored.bytes(), stored.entries()), true);
        Optional<IndexEntry> last = entry(present, present.entries() - 1);
        for (long each = earlier(shape); each > 0; each--) {
            boolean isBeforeFirst = Long.compareUnsigned(each, fileNumber) > 0;
            long number = fileNumber - each + (isBeforeFirst ? shape.tracefileCount() : 0);
            try {
                StreamPart part = goOn(chunk, number, StoredTail.ALL, false);
                if (isLater(part, last)) {
                    part.remove(); // nobody was told that it is stored
                } else {
                    goOnWith(part);
                }
            } catch (NoSuchFileException e) {
                continue; // it has not come so far yet
            }
        }
        goOnWith(present);
        number(stored);
        chunk.hold();
        this.chunk = chunk;
    }

    /// Those of a stream that has ended.
    ///
    /// @param name for messages
    StreamFiles(Path name, List<StreamPart> left) {
        shape = new Shape(name, 0, 0, true, 0, false);
        open = Set.of();
        left.forEach(this::goOnWith);
        current = null;
    }

    /// How many files there may be before the present one that are looked for, however many a
    /// producer says that it wants.
    private static long earlier(Shape shape) {
        long most = shape.tracefileBytes() == 0 ? 0 : shape.tracefileCount() - 1;
        return Long.compareUnsigned(most, MAX_KEPT) < 0 ? most : MAX_KEPT;
    }

    private static boolean isLater(StreamPart part, Optional<IndexEntry> last) throws IOException {
        Optional<IndexEntry> first = entry(part, 0);
        return first.isPresent()
                && last.isPresent()
                && first.get().sequence() > last.get().sequence();
    }

    private static Optional<IndexEntry> entry(StreamPart part, long number) throws IOException {
        if (number < 0 || number >= part.entries() || !part.enter()) {
            return Optional.empty();
        }
        try {
            return Optional.of(IndexFile.takeEntry(part.entry(number)).entry());
        } finally {
            part.leave();
        }
    }

    /// Producers that go on count by one: the number of the last packet tells all others.
    private void number(JournalEntry stored) {
        long first = stored.number() + 1 - stored.entries();
        for (StreamPart each : parts.reversed()) {
            if (each != current) {
                first -= each.entries();
            }
            each.numberFrom(first);
        }
    }

    private StreamPart goOn(TraceChunk in, long number, StoredTail stored, boolean isCurrent)
            throws IOException {
        return StreamPart.goOn(in, shape.file(number), shape.minor(), open, stored, isCurrent);
    }

    /// What packets go to; null between two chunks, and at the end.
    @Nullable StreamPart current() {
        return current;
    }

    /// The oldest one of the last chunk that is still to be had.
    @Nullable StreamPart first() {
        return parts.peekFirst();
    }

    /// The index entry of the last packet in the files of the last chunk: the present file may have
    /// none yet.
    Optional<IndexEntry> lastEntry() throws IOException {
        for (StreamPart each : parts.reversed()) {
            Optional<IndexEntry> its = entry(each, each.entries() - 1);
            if (its.isPresent()) {
                return its;
            }
        }
        return Optional.empty();
    }

    /// The oldest one of all chunks that is still to be had.
    @Nullable StreamPart oldest() {
        while (!kept.isEmpty() && kept.peekFirst().isGone()) {
            kept.removeFirst();
        }
        return kept.peekFirst();
    }

    /// All that are still to be had, the oldest first.
    List<StreamPart> all() {
        return kept.stream().filter(each -> !each.isGone()).toList();
    }

    private void begin(TraceChunk next) throws IOException {
        fileNumber = 0;
        StreamPart begun = create(next);
        parts.clear();
        goOnWith(begun);
        next.hold();
        chunk = next;
    }

    private StreamPart create(TraceChunk in) throws IOException {
        return create(in, fileNumber);
    }

    private StreamPart create(TraceChunk in, long number) throws IOException {
        return StreamPart.create(in, shape.file(number), shape.isIndexed(), shape.minor(), open);
    }

    /// Goes to the next file where so many bytes are too many for this one.
    void makeRoom(long bytes) throws IOException {
        TraceChunk in = chunk;
        if (in == null) {
            return;
        }
        StreamPart full = current;
        if (full == null) { // it could not be made
            goOnWith(create(in));
            return;
        }
        if (shape.tracefileBytes() == 0
                || full.dataBytes() == 0
                || full.dataBytes() + bytes <= shape.tracefileBytes()) {
            return;
        }
        if (parts.size() == shape.tracefileCount()) {
            parts.removeFirst().remove();
        }
        if (shape.isSynced()) {
            full.sync();
        }
        if (parts.isEmpty()) { // the next one has its name
            current = null;
            full.finish(open);
            goOnWith(create(in));
            return;
        }
        long number = Long.remainderUnsigned(fileNumber + 1, shape.tracefileCount());
        StreamPart next = create(in, number); // or this one stays, and what is stored in it
        fileNumber = number;
        current = null;
        full.finish(open);
        goOnWith(next);
    }

    /// The number of the present file.
    long fileNumber() {
        return fileNumber;
    }

    private void goOnWith(StreamPart next) {
        StreamPart before = last;
        if (before != null) {
            before.follow(next);
        }
        parts.addLast(next);
        kept.addLast(next);
        while (kept.size() > MAX_KEPT || kept.getFirst().isGone()) {
            kept.removeFirst();
        }
        current = next;
        last = next;
    }

    /// Goes on in another chunk, or in none; packets at the end that have no index yet go along.
    void rotate(@Nullable TraceChunk next, Unjoined unjoined) throws IOException {
        StreamPart old = current;
        TraceChunk left = chunk;
        if (next == left && next != null) {
            return;
        }
        if (next != null) {
            begin(next);
        } else {
            current = null;
            chunk = null;
        }
        try {
            if (old != null && current != null) {
                long tail = unjoined.tail(old);
                if (tail < old.dataBytes()) {
                    unjoined.moved(old, tail, current, old.moveTail(tail, current));
                }
            }
        } finally {
            if (old != null) {
                old.finish(open);
            }
            if (left != null) {
                left.release();
            }
        }
    }

    /// Nothing more comes.
    void close() throws IOException {
        StreamPart old = current;
        TraceChunk left = chunk;
        current = null;
        chunk = null;
        try {
            if (old != null) {
                old.finish(open);
            }
        } finally {
            if (left != null) {
                left.release();
            }
        }
    }

    /// Its name, for messages.
    @Override
    public String toString() {
        return shape.file().toString();
    }
}
