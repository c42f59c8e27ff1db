// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// Where the consumer puts packets for the [Sender]. What was put is as good as stored: a next
/// daemon stores what this one has not. Belongs to the consumer thread.
public final class Outbox implements PacketSink {
    private static final long ROOM_NANOS = 1_000_000;
    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final Sender sender;
    private final PacketQueue queue;
    private final QueueEnd end;
    private final Given given;

    /// @param queue that `sender` empties
    /// @param given what the sender learns from
    public Outbox(Sender sender, PacketQueue queue, Given given) {
        this.sender = sender;
        this.queue = queue;
        this.end = queue.end();
        this.given = given;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return sender.traceUuid(traceDirectory);
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        Optional<IndexEntry> known = given.packet(stream);
        if (known.isPresent()) {
            return known;
        }
        Optional<IndexEntry> found = queue.inherited(stream);
        if (found.isEmpty()) {
            found = sender.lastStored(stream);
            if (found.isPresent()) {
                sender.goesOn(stream);
            }
        }
        found.ifPresent(last -> given.packet(stream, last));
        return found;
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        given.metadata(traceDirectory, text);
    }

    @Override
    public boolean hasRoom() {
        boolean hasRoom = end.hasRoom();
        if (!hasRoom) {
            sender.wake(); // which may make some
        }
        return hasRoom;
    }

    @Override
    public ByteBuffer room(StreamKey stream, int bytes) throws IOException {
        return end.room(stream, bytes);
    }

    /// Of a ring that nobody empties again: waits for room as long as the output makes some.
    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
        while (true) {
            boolean isMaking = sender.isMakingRoom();
            if (isMaking && !end.hasRoom()) {
                sender.host().clock().park(this, ROOM_NANOS);
                continue;
            }
            try {
                put(QueuedPacket.Kind.PACKET, stream, entry, packet);
                return;
            } catch (IOException full) {
                if (!isMaking) {
                    sender.lose(
                            stream,
                            entry,
                            "No room in %s for what waits to be stored: %s"
                                    .formatted(given.stateDirectory(), Reason.of(full)));
                    return;
                }
                sender.host().clock().park(this, ROOM_NANOS);
            }
        }
    }

    @Override
    public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        put(QueuedPacket.Kind.KEPT_PACKET, stream, entry, packet);
    }

    private void put(QueuedPacket.Kind kind, StreamKey stream, IndexEntry entry, ByteBuffer packet)
            throws IOException {
        Optional<IndexEntry> before = given.packet(stream, entry);
        try {
            end.put(kind, stream, entry, packet);
        } catch (IOException full) {
            given.withdraw(stream, entry, before);
            throw full;
        } catch (InternalError cut) { // somebody has just cut its file
            given.withdraw(stream, entry, before);
            throw new IOException(cut);
        }
    }

    /// How long nothing was put into it.
    long quietNanos() {
        return end.quietNanos();
    }

    /// Gives back what it does not need, when nothing was put for a while.
    void rest() throws IOException {
        end.rest();
    }

    @Override
    public boolean mayGrow(StreamKey stream, long sequence, long moreBytes) {
        Optional<IndexEntry> last = given.packet(stream);
        if (!sender.isGrowing() || last.isEmpty() || last.get().sequence() != sequence) {
            return false;
        }
        return stream.fileBytes() == 0 || sender.hasRoomBehind(stream, last.get(), moreBytes);
    }

    /// Where there is no room to say so, the stream's files stay open until the session ends.
    @Override
    public void end(StreamKey stream) {
        given.end(stream);
        try {
            end.putEnd(stream);
        } catch (IOException full) {
            LOG.log(System.Logger.Level.DEBUG, "Cannot end a stream", full);
        }
    }

    /// The sender ends.
    @Override
    public void close() {
        var _ = sender.end();
    }
}
