// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReply.Flag;
import dev.contrail.wire.live.ViewerReply.NextIndex;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import dev.contrail.wire.live.ViewerRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The packets of a stream that is polled: asks the relay for the next one, and fetches it in
/// pieces. Owned by its [PolledSession].
final class PolledPackets extends LivePackets {
    /// As babeltrace2 asks.
    private static final int PIECE_BYTES = 256 << 10;

    private final LiveLink link;
    private final LiveTrace trace;
    private final long id;

    /// Null while the next packet is not known.
    private @Nullable NextIndex index;

    private long knownTicks = Long.MIN_VALUE;
    private long classId = -1;
    private int filled;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long number;
    private boolean isEnded;

    PolledPackets(LiveLink link, LiveTrace trace, StreamEntry entry) {
        super(trace, entry.id(), entry.channelName().toString());
        this.link = link;
        this.trace = trace;
        id = entry.id();
    }

    @Override
    public long classId() {
        return classId;
    }

    @Override
    public long knownTicks() {
        return knownTicks;
    }

    /// A relay that has failed gives no more; what it has given before is read first.
    @Override
    Arrival arrive() throws IOException {
        if (isEnded || link.hasFailed()) {
            return new End();
        }
        try {
            return ask();
        } catch (IOException e) {
            link.fail(e);
            return new End();
        }
    }

    private Arrival ask() throws IOException {
        if (trace.plan().isEmpty()) {
            trace.refresh();
            if (trace.isLost()) {
                return end();
            }
            if (trace.plan().isEmpty() && !trace.isBroken()) {
                return new NotYet();
            }
        }
        if (index == null) {
            NextIndex next = link.ask(new ViewerRequest.GetNextIndex(id), NextIndex.class);
            obey(next.flags());
            classId = next.streamClassId();
            switch (next.status()) {
                case RETRY -> {
                    return new NotYet();
                }
                case INACTIVE -> {
                    knownTicks = Math.max(knownTicks, next.endTicks());
                    return trace.plan().isEmpty() ? new NotYet() : new Quiet(next.endTicks());
                }
                case HANG_UP, END_OF_FILE -> {
                    return end();
                }
                case FAILED ->
                        throw new IOException(
                                "relay %s: it cannot say what comes next of %s"
                                        .formatted(link.name(), name()));
                case OK -> {}
            }
            check(next);
            knownTicks = Math.max(knownTicks, next.endTicks());
            filled = 0;
            index = next;
            trace.settle();
            if (trace.isLost()) {
                return end();
            }
        }
        return fetch(index);
    }

    private Arrival end() {
        isEnded = true;
        buffer = ByteBuffer.allocate(0);
        return new End();
    }

    private void check(NextIndex next) throws ProtocolException {
        boolean isSound =
                next.packetBits() > 0
                        && next.packetBits() % 8 == 0
                        && Long.compareUnsigned(next.contentBits(), next.packetBits()) <= 0
                        && next.offset() >= 0
                        && next.offset() <= Long.MAX_VALUE - next.packetBits() / 8;
        if (!isSound) {
            throw new ProtocolException(
                    "relay %s: packet %d of %s cannot be: %s bits, %s of them content, at byte %s"
                            .formatted(
                                    link.name(),
                                    number,
                                    name(),
                                    Long.toUnsignedString(next.packetBits()),
                                    Long.toUnsignedString(next.contentBits()),
                                    Long.toUnsignedString(next.offset())));
        }
    }

    private void obey(int flags) throws IOException {
        if ((flags & Flag.NEW_METADATA) != 0) {
            trace.refresh();
        }
        link.noteStreams(flags);
    }

    private Arrival fetch(NextIndex packet) throws IOException {
        long size = packet.packetBits() / 8;
        if (size > MOST_BYTES) {
            return skip(
                    "it has %d bytes, more than the %d that are read".formatted(size, MOST_BYTES));
        }
        while (filled < size) {
            int wanted = (int) Math.min(PIECE_BYTES, size - filled);
            ViewerReply.Packet piece =
                    link.ask(
                            new ViewerRequest.GetPacket(id, packet.offset() + filled, wanted),
                            ViewerReply.Packet.class);
            switch (piece.status()) {
                case OK -> take(piece.bytes(), wanted, (int) size);
                case RETRY -> {
                    return new NotYet();
                }
                case FAILED -> {
                    obey(piece.flags());
                    return (piece.flags() & (Flag.NEW_METADATA | Flag.NEW_STREAM)) != 0
                            ? new NotYet()
                            : skip("the relay does not have it any more");
                }
                case END_OF_FILE -> {
                    return skip("the relay does not have it any more");
                }
            }
        }
        index = null;
        ByteBuffer whole = buffer.duplicate().flip();
        return new Packet(whole, name(), number++, packet.offset(), size, Optional.empty());
    }

    /// Room is made as bytes come, not as they are announced.
    private void take(ByteBuffer piece, int wanted, int size) throws ProtocolException {
        int count = piece.remaining();
        if (count == 0 || count > wanted) {
            throw new ProtocolException(
                    "relay %s: %d bytes of a packet of %s, want 1 to %d"
                            .formatted(link.name(), count, name(), wanted));
        }
        if (filled == 0) {
            buffer.clear();
        }
        if (buffer.remaining() < count) {
            int room =
                    (int) Math.min(size, Math.max(2L * buffer.capacity(), filled + (long) count));
            buffer = ByteBuffer.allocate(room).put(buffer.flip());
        }
        buffer.put(piece);
        filled += count;
    }

    private Arrival skip(String why) {
        index = null;
        return new Unreadable("%s: packet %d is missing: %s".formatted(name(), number++, why));
    }

    @Override
    public void close() {
        end();
    }
}
