// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.relay.stream.StreamCursor;
import dev.contrail.wire.live.ViewerReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A stream that one viewer was told of.
final class ViewedStream {
    private final BooleanSupplier hasNewStreams;
    private final MetadataCursor metadata;
    private final @Nullable StreamCursor data;

    private ViewedStream(
            BooleanSupplier hasNewStreams, MetadataCursor metadata, @Nullable StreamCursor data) {
        this.hasNewStreams = hasNewStreams;
        this.metadata = metadata;
        this.data = data;
    }

    static ViewedStream ofMetadata(MetadataCursor metadata) {
        return new ViewedStream(() -> false, metadata, null);
    }

    /// @param hasNewStreams whether its session has streams that were not yet told
    static ViewedStream ofData(
            BooleanSupplier hasNewStreams, MetadataCursor metadata, StreamCursor data) {
        return new ViewedStream(hasNewStreams, metadata, data);
    }

    boolean isMetadata() {
        return data == null;
    }

    /// Whether all of it was read. Of metadata nobody waits for more.
    boolean isRead() {
        return data == null || data.isAtEnd() || metadata.isMissing();
    }

    ViewerReply nextIndex() throws IOException {
        StreamCursor cursor = data;
        if (cursor == null) {
            return ViewerReply.NextIndex.without(ViewerReply.IndexStatus.HANG_UP, 0);
        }
        // Metadata comes before data.
        if (!metadata.isThere()) {
            return ViewerReply.NextIndex.without(
                    metadata.isMissing()
                            ? ViewerReply.IndexStatus.HANG_UP
                            : ViewerReply.IndexStatus.RETRY,
                    flags());
        }
        StreamCursor.Step step = cursor.next();
        return switch (step) {
            case StreamCursor.Step.Packet(_, long offset, IndexEntry entry) ->
                    new ViewerReply.NextIndex(
                            offset,
                            entry.packetBits(),
                            entry.contentBits(),
                            entry.beginTicks(),
                            entry.endTicks(),
                            entry.discardedEvents(),
                            entry.streamClassId(),
                            ViewerReply.IndexStatus.OK,
                            flags());
            case StreamCursor.Step.Inactive(long ticks, long classId) ->
                    ViewerReply.NextIndex.inactive(ticks, classId, flags());
            case StreamCursor.Step.Nothing _ ->
                    ViewerReply.NextIndex.without(ViewerReply.IndexStatus.RETRY, flags());
            case StreamCursor.Step.End _ ->
                    ViewerReply.NextIndex.without(ViewerReply.IndexStatus.HANG_UP, flags());
        };
    }

    private int flags() {
        return (metadata.hasMore() ? ViewerReply.Flag.NEW_METADATA : 0)
                | (hasNewStreams.getAsBoolean() ? ViewerReply.Flag.NEW_STREAM : 0);
    }

    /// @param mostBytes in the reply; the viewer asks for the rest
    ViewerReply packet(long offset, long untrustedBytes, int mostBytes) throws IOException {
        StreamCursor cursor = data;
        int wanted = (int) Math.min(untrustedBytes, mostBytes);
        if (cursor == null || !cursor.has(offset, untrustedBytes)) {
            return new ViewerReply.Packet(
                    ViewerReply.PacketStatus.FAILED, 0, ByteBuffer.allocate(0));
        }
        ByteBuffer bytes = ByteBuffer.allocate(wanted);
        cursor.read(bytes, offset);
        return new ViewerReply.Packet(ViewerReply.PacketStatus.OK, 0, bytes.flip());
    }

    /// @param mostBytes in the reply; the viewer asks for the rest
    ViewerReply metadata(int mostBytes) throws IOException {
        if (data != null) {
            return new ViewerReply.Metadata(
                    ViewerReply.MetadataStatus.FAILED, ByteBuffer.allocate(0));
        }
        ByteBuffer next = metadata.next(mostBytes);
        return next.hasRemaining()
                ? new ViewerReply.Metadata(ViewerReply.MetadataStatus.OK, next)
                : new ViewerReply.Metadata(ViewerReply.MetadataStatus.NOTHING_NEW, next);
    }

    void close() throws IOException {
        if (data != null) {
            data.close();
        }
    }
}
