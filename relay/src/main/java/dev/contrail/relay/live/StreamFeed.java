// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.StreamCursor;
import dev.contrail.wire.push.PushMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A data stream as it is sent to one viewer: packet by packet, while there is room for them at the
/// other end. Guarded by its [ViewerFeed].
final class StreamFeed implements AutoCloseable {
    private final long id;
    private final long trace;
    private final DataStream stream;
    private final MetadataCursor metadata;
    private final StreamCursor cursor;
    private long credit;
    private boolean isLossTold;
    private boolean isLossAtEndTold;
    private boolean isEnded;
    private long quietTicks;

    /// Null when there is none that was taken from the store and is not sent whole.
    private StreamCursor.Step.@Nullable Packet packet;

    private long sentBytes;

    /// @param isPreviousKnown whether the viewer has what it takes to find out what is missing
    ///   before the first packet
    StreamFeed(
            long id,
            long trace,
            DataStream stream,
            MetadataCursor metadata,
            StreamCursor cursor,
            boolean isPreviousKnown) {
        this.id = id;
        this.trace = trace;
        this.stream = stream;
        this.metadata = metadata;
        this.cursor = cursor;
        isLossTold = isPreviousKnown;
    }

    /// Whether nothing more is to be sent.
    boolean isEnded() {
        return isEnded;
    }

    /// There is room for more.
    ///
    /// @return whether there was none
    boolean credit(long bytes) {
        boolean hadNone = credit <= 0;
        credit = Math.max(credit, credit + bytes); // no wrap
        return hadNone;
    }

    /// What is to be sent now, if there is something.
    ///
    /// @param mostBytes of a packet or of metadata
    Optional<PushMessage> next(int mostBytes) throws IOException {
        if (isEnded) {
            return Optional.empty();
        }
        StreamCursor.Step.Packet begun = packet;
        if (begun != null && sentBytes > 0) {
            return Optional.of(part(begun, mostBytes));
        }
        if (metadata.isMissing()) {
            return Optional.of(lossOrEnd(stream.undeclaredAfter(cursor.lastNumber())));
        }
        if (metadata.hasMore()) {
            ByteBuffer more = metadata.next(mostBytes);
            return more.hasRemaining()
                    ? Optional.of(new PushMessage.Metadata(trace, more))
                    : metadata.isClosed()
                            ? Optional.of(lossOrEnd(stream.undeclaredAfter(cursor.lastNumber())))
                            : Optional.empty();
        }
        if (!metadata.isThere()) {
            return Optional.empty();
        }
        if (begun != null) {
            return Optional.of(begin(begun, mostBytes));
        }
        return credit > 0 ? step(mostBytes) : Optional.empty();
    }

    private Optional<PushMessage> step(int mostBytes) throws IOException {
        if (!isLossTold) {
            long missing = cursor.missing();
            if (missing > 0) {
                isLossTold = true;
                return Optional.of(new PushMessage.Lost(id, missing));
            }
        }
        switch (cursor.next()) {
            case StreamCursor.Step.Packet next -> {
                isLossTold = true;
                packet = next;
                sentBytes = 0;
                // What declares it was stored before it: that may have come just now.
                return next(mostBytes);
            }
            case StreamCursor.Step.Inactive(long ticks, long classId) -> {
                if (Long.compareUnsigned(ticks, quietTicks) <= 0) {
                    return Optional.empty();
                }
                quietTicks = ticks;
                return Optional.of(new PushMessage.Quiet(id, ticks, classId));
            }
            case StreamCursor.Step.Nothing _ -> {
                return Optional.empty();
            }
            case StreamCursor.Step.End _ -> {
                return Optional.of(lossOrEnd(stream.missingAfter(cursor.lastNumber())));
            }
        }
    }

    private PushMessage begin(StreamCursor.Step.Packet begun, int mostBytes) {
        IndexEntry entry = begun.entry();
        long size = entry.packetBits() / Byte.SIZE;
        ByteBuffer bytes;
        try {
            bytes = read(begun, mostBytes);
        } catch (IOException e) {
            packet = null;
            RelayLog.failed("a packet is not sent", e);
            return new PushMessage.Lost(id, 1);
        }
        credit -= size;
        var message =
                new PushMessage.PacketBegun(
                        id,
                        begun.number(),
                        entry.packetBits(),
                        entry.contentBits(),
                        entry.beginTicks(),
                        entry.endTicks(),
                        entry.discardedEvents(),
                        entry.streamClassId(),
                        entry.streamInstanceId(),
                        entry.sequence(),
                        bytes);
        sent(size, bytes.remaining());
        return message;
    }

    private PushMessage part(StreamCursor.Step.Packet begun, int mostBytes) {
        try {
            ByteBuffer bytes = read(begun, mostBytes);
            sent(begun.entry().packetBits() / Byte.SIZE, bytes.remaining());
            return new PushMessage.PacketPart(id, bytes);
        } catch (IOException e) {
            packet = null;
            RelayLog.failed("a packet is not sent whole", e);
            return new PushMessage.PacketGone(id);
        }
    }

    private ByteBuffer read(StreamCursor.Step.Packet begun, int mostBytes) throws IOException {
        long left = begun.entry().packetBits() / Byte.SIZE - sentBytes;
        var bytes = ByteBuffer.allocate((int) Math.min(mostBytes, left));
        cursor.read(bytes, begun.offset() + sentBytes);
        return bytes.flip();
    }

    private void sent(long size, int bytes) {
        sentBytes += bytes;
        if (sentBytes >= size) {
            packet = null;
        }
    }

    private PushMessage lossOrEnd(long missing) {
        if (missing > 0 && !isLossAtEndTold) {
            isLossAtEndTold = true;
            return new PushMessage.Lost(id, missing);
        }
        isEnded = true;
        return new PushMessage.StreamEnded(id);
    }

    @Override
    public void close() throws IOException {
        cursor.close();
    }
}
