// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.consumer.QueuedPacket.Kind;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Where one thread puts packets into a [PacketQueue]. A stream has one end: what comes of it stays
/// in order, also for a next daemon.
final class QueueEnd {
    private static final int MOST_FORMS = 1024;
    private static final long QUIET_NANOS = 1_000_000_000;

    /// What fits into the present file without more memory.
    static final int LEAST_ROOM = 128 << 10;

    private static final IndexEntry NO_ENTRY = new IndexEntry(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final ByteBuffer NO_PACKET = ByteBuffer.allocate(0);

    private final ChunkPool pool;
    private final Waiting waiting;
    private final Map<StreamKey, byte[]> forms = new HashMap<>();
    private Optional<PacketChunk> last = Optional.empty();
    private Optional<ByteBuffer> room = Optional.empty();
    private final TimeSource clock;
    private long putAt;

    /// What waits in the queue.
    interface Waiting {
        void add(QueuedPacket one);

        /// Whether one more of so many bytes is within the queue's bound.
        boolean hasRoom(int bytes);

        /// There is no room for more.
        void wanted();

        boolean isEmpty();
    }

    QueueEnd(ChunkPool pool, Waiting waiting, TimeSource clock) {
        this.pool = pool;
        this.waiting = waiting;
        this.clock = clock;
        putAt = clock.nanos() - QUIET_NANOS;
    }

    /// Whether there is memory for more; always, while nothing waits. What is put all the same
    /// takes more than it should.
    boolean hasRoom() {
        if (waiting.isEmpty()) {
            return true;
        }
        boolean hasRoom =
                waiting.hasRoom(LEAST_ROOM)
                        && (last.isPresent() && last.get().hasRoom(LEAST_ROOM) || pool.hasRoom());
        if (!hasRoom) {
            waiting.wanted();
        }
        return hasRoom;
    }

    /// How long nothing was put.
    long quietNanos() {
        return clock.nanos() - putAt;
    }

    /// Gives all memory back, when nothing waits and nothing was put for a while.
    void rest() throws IOException {
        if (waiting.isEmpty() && quietNanos() > QUIET_NANOS) {
            close();
            pool.deleteSpare();
        }
    }

    /// Where the next packet may be written, to be put without a copy.
    ///
    /// @throws IOException when there is no room for it
    ByteBuffer room(StreamKey stream, int bytes) throws IOException {
        int headBytes = QueuedPacket.headBytes(form(stream));
        PacketChunk chunk = chunk(headBytes + bytes);
        ByteBuffer its = chunk.memory().slice(chunk.end() + headBytes, bytes);
        room = Optional.of(its);
        return its.order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Puts a packet at the end, from its position to its limit: that which was written to its
    /// [#room], or a copy of another.
    ///
    /// @throws IOException when there is no room for it; nothing was put then
    void put(Kind kind, StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        int bytes = packet.remaining();
        if (room.isEmpty() || room.get() != packet) {
            room(stream, bytes).put(packet);
        }
        room = Optional.empty();
        putAt = clock.nanos();
        waiting.add(QueuedPacket.put(last.orElseThrow(), kind, stream, form(stream), entry, bytes));
    }

    /// Puts the word at the end that nothing more comes in a stream.
    void putEnd(StreamKey stream) throws IOException {
        put(Kind.END, stream, NO_ENTRY, NO_PACKET.duplicate());
        forms.remove(stream);
    }

    /// The present file, if there is one: nobody puts any more.
    Optional<PacketChunk> present() {
        return last;
    }

    /// Lets go of the present file.
    void close() throws IOException {
        if (last.isPresent()) {
            PacketChunk its = last.get();
            last = Optional.empty();
            pool.release(its);
        }
    }

    private byte[] form(StreamKey stream) throws IOException {
        byte[] known = forms.get(stream);
        if (known == null) {
            known = QueuedPacket.form(stream);
            if (forms.size() == MOST_FORMS) {
                forms.clear();
            }
            forms.put(stream, known);
        }
        return known;
    }

    /// One that has room for an item.
    private PacketChunk chunk(int itemBytes) throws IOException {
        if (last.isPresent() && last.get().hasRoom(itemBytes) && !last.get().isCut()) {
            return last.get();
        }
        PacketChunk next = pool.next(itemBytes);
        Optional<PacketChunk> before = last;
        last = Optional.of(next);
        if (before.isPresent()) {
            pool.release(before.get());
        }
        return next;
    }
}
