// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A viewer's own place in a data stream: what one viewer reads is there for the others all the
/// same. Used by the viewer's thread alone.
public final class StreamCursor implements AutoCloseable {
    private final DataStream stream;
    private @Nullable StreamPart part;
    private long position;
    private boolean isAtEnd;

    /// A step forward, or why there is none.
    public sealed interface Step {
        /// The next packet.
        ///
        /// @param offset for [StreamCursor#read]
        record Packet(long offset, IndexEntry entry) implements Step {}

        /// No record from before that time is to come.
        record Inactive(long ticks, long streamClassId) implements Step {}

        /// Nothing is known yet.
        record Nothing() implements Step {}

        /// All of it was read, and no more comes.
        record End() implements Step {}
    }

    private StreamCursor(DataStream stream) {
        this.stream = stream;
    }

    /// At the beginning of what there is of a stream.
    public static StreamCursor atBeginning(DataStream stream) throws IOException {
        var cursor = new StreamCursor(stream);
        synchronized (stream) {
            cursor.enterFirst();
        }
        return cursor;
    }

    /// Behind all that is stored of a stream now.
    public static StreamCursor fromNow(DataStream stream) throws IOException {
        var cursor = new StreamCursor(stream);
        synchronized (stream) {
            StreamPart current = stream.current();
            if (current != null && cursor.enter(current)) {
                cursor.position = current.entries();
            }
        }
        return cursor;
    }

    /// The next packet, which is then this one's, for [#read].
    public Step next() throws IOException {
        synchronized (stream) {
            if (part == null) {
                enterFirst();
            }
            while (part != null) {
                StreamPart here = part;
                if (!here.isGone() && position < here.entries()) {
                    PacketLocation location = IndexFile.takeEntry(here.entry(position));
                    position++;
                    return new Step.Packet(location.offsetBytes(), location.entry());
                }
                StreamPart next = here.next();
                if (next == null || !enter(next)) {
                    break;
                }
            }
            return withoutPacket();
        }
    }

    private Step withoutPacket() {
        if (stream.isClosed()) {
            isAtEnd = true;
            return new Step.End();
        }
        Optional<SendIndex> beacon = stream.beacon();
        return beacon.isPresent()
                ? new Step.Inactive(beacon.get().endTicks(), beacon.get().streamClassId())
                : new Step.Nothing();
    }

    private void enterFirst() throws IOException {
        StreamPart first = stream.first();
        if (first != null) {
            enter(first);
        }
    }

    /// Goes to a part, or beyond it to the first one that is there.
    ///
    /// @return false, and stays, when there is none
    private boolean enter(StreamPart wanted) throws IOException {
        StreamPart entered = wanted;
        while (!entered.enter()) {
            StreamPart next = entered.next();
            if (next == null) {
                return false;
            }
            entered = next;
        }
        leave();
        part = entered;
        position = 0;
        return true;
    }

    private void leave() throws IOException {
        StreamPart left = part;
        part = null;
        if (left != null) {
            left.leave();
        }
    }

    /// Whether the last step was [Step.End].
    public boolean isAtEnd() {
        return isAtEnd;
    }

    /// Whether the file of this packet has so many bytes at a place.
    public boolean has(long untrustedOffset, long untrustedBytes) {
        StreamPart here = part;
        return here != null
                && untrustedOffset >= 0
                && untrustedOffset <= here.dataBytes()
                && untrustedBytes <= here.dataBytes() - untrustedOffset;
    }

    /// Fills a buffer with bytes of this packet, or of others of its file, which [#has] them.
    public void read(ByteBuffer into, long offset) throws IOException {
        StreamPart here = part;
        if (here == null) {
            throw new IOException("no packet was asked for");
        }
        here.read(into, offset);
    }

    @Override
    public void close() throws IOException {
        synchronized (stream) {
            leave();
        }
    }
}
