// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The packets of a stream that the relay sends by itself, as many as there is room for. Owned by
/// its [PushedSession].
final class PushedPackets extends LivePackets {
    /// Who sends them.
    interface Sending {
        /// Takes all that has come, without waiting.
        void hear() throws IOException;

        /// Lets more of a stream be sent, once that is worth a message.
        ///
        /// @param freed bytes of it that do not wait any more
        /// @param left bytes that may be sent all the same
        /// @return those of them that are known there now
        long credit(PushedPackets stream, long freed, long left) throws IOException;

        /// Whether nothing more comes.
        boolean hasFailed();
    }

    /// What waits here to be read: packets, and what else is to be said in their order.
    private sealed interface Waiting {}

    private record Whole(long number, ByteBuffer bytes) implements Waiting {}

    private record Missing(String what) implements Waiting {}

    private final Sending sending;
    private final PushMessage.StreamBegun begun;
    private final Queue<Waiting> waiting = new ArrayDeque<>();

    /// What the relay may still send.
    private long credit;

    /// What was read and is not yet told to the relay.
    private long freed;

    private OptionalLong incoming = OptionalLong.empty();
    private int incomingBytes;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long quietTicks;
    private boolean isQuiet;
    private long knownTicks = Long.MIN_VALUE;
    private long classId = -1;
    private long number = StreamPosition.NOTHING;
    private long given;
    private boolean hasEnded;

    /// What came on an earlier connection; null for nothing.
    private final ReceivedPackets.@Nullable Last before;

    /// The one that is coming, or has come last.
    private ReceivedPackets.@Nullable Last present;

    private ReceivedPackets.@Nullable Last last;

    /// @param received on earlier connections
    PushedPackets(
            Sending sending,
            LiveTrace trace,
            PushMessage.StreamBegun begun,
            ReceivedPackets received) {
        // Numbers of an earlier connection mean nothing any more.
        super(
                trace,
                (long) received.connections() << Integer.SIZE | begun.id(),
                begun.channel().toString());
        this.sending = sending;
        this.begun = begun;
        before = received.of(begun).orElse(null);
        last = before;
    }

    /// As the relay has told it.
    PushMessage.StreamBegun begun() {
        return begun;
    }

    /// The last packet that has come as a whole, if there was one.
    Optional<ReceivedPackets.Last> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public long classId() {
        return classId;
    }

    @Override
    public long knownTicks() {
        return knownTicks;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public StreamPosition begin() {
        return begun.place();
    }

    @Override
    public Optional<IndexEntry> previous() {
        return before != null ? Optional.of(before.entry()) : toldPrevious();
    }

    private Optional<IndexEntry> toldPrevious() {
        return begun.previous()
                .map(known ->
                        new IndexEntry(
                                0,
                                0,
                                0,
                                known.endTicks(),
                                -1,
                                known.discardedEvents(),
                                0,
                                IndexEntry.NONE,
                                known.sequence()));
    }

    /// The relay has been told that there is room for so many bytes.
    void credited(long bytes) {
        credit += bytes;
    }

    void begin(PushMessage.PacketBegun packet) throws ProtocolException {
        long size = packet.packetBits() / Byte.SIZE;
        boolean isSound =
                packet.packetBits() > 0
                        && packet.packetBits() % Byte.SIZE == 0
                        && Long.compareUnsigned(packet.contentBits(), packet.packetBits()) <= 0
                        && size <= MOST_BYTES
                        && credit > 0
                        && incoming.isEmpty()
                        && !hasEnded;
        if (!isSound) {
            throw new ProtocolException(
                    "packet %s of %s cannot be: %s bits, %s of them content, with room for %d bytes"
                            .formatted(
                                    Long.toUnsignedString(packet.number()),
                                    name(),
                                    Long.toUnsignedString(packet.packetBits()),
                                    Long.toUnsignedString(packet.contentBits()),
                                    credit));
        }
        credit -= size;
        classId = packet.streamClassId();
        incoming = OptionalLong.of(packet.number());
        present = ReceivedPackets.Last.of(packet);
        knownTicks = Math.max(knownTicks, packet.endTicks());
        incomingBytes = (int) size;
        buffer = ByteBuffer.allocate(Math.min(packet.bytes().remaining(), incomingBytes));
        add(packet.bytes());
    }

    /// Room is made as bytes come, not as they are announced.
    void add(ByteBuffer bytes) throws ProtocolException {
        if (incoming.isEmpty()
                || !bytes.hasRemaining()
                || bytes.remaining() > incomingBytes - buffer.position()) {
            throw new ProtocolException(
                    "%d bytes of a packet of %s that has no room for them"
                            .formatted(bytes.remaining(), name()));
        }
        if (buffer.remaining() < bytes.remaining()) {
            int room =
                    Math.min(
                            incomingBytes,
                            Math.max(2 * buffer.capacity(), buffer.position() + bytes.remaining()));
            buffer = ByteBuffer.allocate(room).put(buffer.flip());
        }
        buffer.put(bytes);
        if (buffer.position() == incomingBytes) {
            if (before != null && present != null && before.has(present)) {
                freed += incomingBytes; // it is here already
            } else {
                last = present;
                waiting.add(new Whole(incoming.getAsLong(), buffer.flip()));
            }
            incoming = OptionalLong.empty();
            isQuiet = false;
        }
    }

    /// The rest of the packet that is coming does not come.
    void gone() {
        if (incoming.isPresent()) {
            waiting.add(
                    new Missing("%s: a packet is missing: the relay does not have it any more"));
            incoming = OptionalLong.empty();
            freed += incomingBytes;
        }
    }

    void lost(long packets) {
        waiting.add(
                new Missing(
                        "%s: "
                                + Long.toUnsignedString(packets)
                                + (packets == 1 ? " packet is" : " packets are")
                                + " missing: the relay could not store "
                                + (packets == 1 ? "it" : "them")
                                + ", or has removed "
                                + (packets == 1 ? "it" : "them")
                                + " before this viewer came"));
    }

    void quiet(long ticks, long streamClass) {
        isQuiet = true;
        quietTicks = ticks;
        knownTicks = Math.max(knownTicks, ticks);
        classId = streamClass;
    }

    void end() {
        hasEnded = true;
        gone();
    }

    /// What has come; what has come before the relay failed is read first.
    @Override
    Arrival arrive() throws IOException {
        if (waiting.isEmpty() && !hasEnded) {
            sending.hear();
            freed -= sending.credit(this, freed, credit); // of packets that were here already
        }
        Waiting next = waiting.peek();
        return switch (next) {
            case Whole(long packetNumber, ByteBuffer bytes) -> packet(packetNumber, bytes);
            case Missing(String what) -> {
                waiting.remove();
                yield new Unreadable(what.formatted(name()));
            }
            case null -> {
                if (hasEnded || sending.hasFailed()) {
                    yield new End();
                }
                yield isQuiet && trace().plan().isPresent() ? new Quiet(quietTicks) : new NotYet();
            }
        };
    }

    private Arrival packet(long packetNumber, ByteBuffer bytes) throws IOException {
        waiting.remove();
        trace().settle();
        if (trace().isLost()) {
            waiting.clear();
            hasEnded = true;
            return new End();
        }
        number = packetNumber;
        freed += bytes.remaining();
        freed -= sending.credit(this, freed, credit);
        return new Packet(bytes, name(), given++, 0, bytes.remaining(), Optional.empty());
    }

    @Override
    public void close() {
        waiting.clear();
        buffer = ByteBuffer.allocate(0);
    }
}
