// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A viewer's own place in a data stream: what one viewer reads is there for the others all the
/// same. Used by the viewer's thread alone.
public final class StreamCursor implements AutoCloseable {
    private final DataStream stream;
    private @Nullable StreamPart part;
    private long position;
    private boolean isAtEnd;

    /// Until the first packet has been given: those up to this number are not wanted.
    private OptionalLong floor;

    /// Whether it begins with all chunks, not with the present one.
    private final boolean isOfAllChunks;

    /// Of the last packet that was given, or the last one that is not wanted.
    private long lastNumber;

    /// A step forward, or why there is none.
    public sealed interface Step {
        /// The next packet.
        ///
        /// @param number `net_seq_num`
        /// @param offset for [StreamCursor#read]
        record Packet(long number, long offset, IndexEntry entry) implements Step {}

        /// No record from before that time is to come.
        record Inactive(long ticks, long streamClassId) implements Step {}

        /// Nothing is known yet.
        record Nothing() implements Step {}

        /// All of it was read, and no more comes.
        record End() implements Step {}
    }

    private StreamCursor(DataStream stream, OptionalLong floor, boolean isOfAllChunks) {
        this.stream = stream;
        this.floor = floor;
        this.isOfAllChunks = isOfAllChunks;
        lastNumber = floor.orElse(RelayRequest.NONE);
    }

    /// At the beginning of what there is of a stream in its present chunk.
    public static StreamCursor atBeginning(DataStream stream) throws IOException {
        return entered(new StreamCursor(stream, floor(stream), false));
    }

    /// At the beginning of all that there is of a stream.
    public static StreamCursor atVeryBeginning(DataStream stream) throws IOException {
        return entered(new StreamCursor(stream, floor(stream), true));
    }

    /// Behind all that is stored of a stream now.
    public static StreamCursor fromNow(DataStream stream) throws IOException {
        synchronized (stream) {
            return after(stream, stream.lastJoined());
        }
    }

    /// Behind the packet of a number, or where that would be.
    public static StreamCursor after(DataStream stream, long number) throws IOException {
        long floor = Math.max(number, stream.elsewhere());
        return entered(new StreamCursor(stream, OptionalLong.of(floor), true));
    }

    private static OptionalLong floor(DataStream stream) {
        long elsewhere = stream.elsewhere();
        return elsewhere < 0 ? OptionalLong.empty() : OptionalLong.of(elsewhere);
    }

    private static StreamCursor entered(StreamCursor cursor) throws IOException {
        synchronized (cursor.stream) {
            cursor.enterFirst();
        }
        return cursor;
    }

    /// The number of the last packet before the next one; negative when there is none.
    public long lastNumber() {
        return lastNumber;
    }

    /// What the index says of the packet before the next one, if it is still there.
    public Optional<IndexEntry> previous() throws IOException {
        synchronized (stream) {
            StreamPart here = part;
            if (here == null) {
                return Optional.empty();
            }
            if (position > 0) {
                return Optional.of(IndexFile.takeEntry(here.entry(position - 1)).entry());
            }
            StreamPart before = stream.oldest();
            while (before != null && before != here && before.next() != here) {
                before = before.next();
            }
            if (before == null || before == here || before.entries() == 0 || !before.enter()) {
                return Optional.empty();
            }
            try {
                ByteBuffer last = before.entry(before.entries() - 1);
                return Optional.of(IndexFile.takeEntry(last).entry());
            } finally {
                before.leave();
            }
        }
    }

    /// How many packets that are wanted have gone before they were read: those between the last one
    /// that is not and the first one that there is; where all are wanted, those whose files
    /// somebody has removed. 0 as long as there is none.
    public long missing() throws IOException {
        synchronized (stream) {
            StreamPart here = part;
            if (here == null || here.isGone() || position >= here.entries()) {
                return 0;
            }
            if (floor.isEmpty()) {
                return isOfAllChunks && position == 0 ? stream.lostBefore(here) : 0;
            }
            return Math.max(0, here.numbers().of(position) - floor.getAsLong() - 1);
        }
    }

    /// The next packet, which is then this one's, for [#read].
    public Step next() throws IOException {
        synchronized (stream) {
            if (isAtEnd) {
                return new Step.End();
            }
            if (part == null) {
                enterFirst();
            }
            while (part != null) {
                StreamPart here = part;
                if (!here.isGone() && position < here.entries()) {
                    if (!stream.isShown(here.numbers().of(position))) {
                        return new Step.Nothing();
                    }
                    PacketLocation location = IndexFile.takeEntry(here.entry(position));
                    lastNumber = here.numbers().of(position);
                    position++;
                    floor = OptionalLong.empty();
                    return new Step.Packet(lastNumber, location.offsetBytes(), location.entry());
                }
                StreamPart next = here.next();
                if (next == null || here.isAwaited() || !enter(next)) {
                    break;
                }
            }
            return withoutPacket();
        }
    }

    private Step withoutPacket() throws IOException {
        if (stream.isClosed()) {
            isAtEnd = true;
            leave(); // many streams have ended where one is recorded
            return new Step.End();
        }
        Optional<SendIndex> beacon = stream.beacon();
        return beacon.isPresent()
                ? new Step.Inactive(beacon.get().endTicks(), beacon.get().streamClassId())
                : new Step.Nothing();
    }

    private void enterFirst() throws IOException {
        StreamPart first = isOfAllChunks ? stream.oldest() : stream.first();
        while (first != null && floor.isPresent() && isBelowFloor(first) && first.next() != null) {
            first = first.next();
        }
        if (first != null) {
            enter(first);
        }
    }

    private boolean isBelowFloor(StreamPart one) {
        return !one.isAwaited()
                && one.numbers().after(floor.orElseThrow()) == one.numbers().count();
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
        position = floor.isPresent() ? entered.numbers().after(floor.getAsLong()) : 0;
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
