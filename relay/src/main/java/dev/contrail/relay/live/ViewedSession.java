// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.PublishedStreams;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.relay.stream.StreamCursor;
import dev.contrail.relay.stream.StreamGroup;
import dev.contrail.relay.stream.ViewedMetadata;
import dev.contrail.wire.CString;
import dev.contrail.wire.live.ViewerReply.StreamEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A session that one viewer has attached.
final class ViewedSession {
    /// Streams that are told at once: an entry has four kilobytes. The others are told with the
    /// next GET_NEW_STREAMS.
    static final int MAX_TOLD = 1024;

    private static final CString METADATA = CString.of("metadata");

    private final RelaySession session;
    private final ViewedStreams numbers;
    private final Map<Long, ViewedStream> streams = new LinkedHashMap<>();
    private final Map<StreamGroup, MetadataCursor> groups = new HashMap<>();
    private final boolean isFromNow;
    private final long firstLate;
    private long told;

    ViewedSession(RelaySession session, ViewedStreams numbers, boolean isFromNow) {
        this.session = session;
        this.numbers = numbers;
        this.isFromNow = isFromNow;
        firstLate = session.published().last() + 1;
    }

    RelaySession session() {
        return session;
    }

    /// Whether there are streams that were not yet told.
    boolean hasNewStreams() {
        return session.published().hasAfter(told);
    }

    /// Tells streams that were not yet told. Of those that are there when it is attached, who
    /// begins now does not want the ones that have ended.
    List<StreamEntry> newStreams() throws IOException {
        var entries = new ArrayList<StreamEntry>();
        PublishedStreams.Told next = session.published().after(told, MAX_TOLD);
        for (Map.Entry<Long, StoredStream> each : next.streams().entrySet()) {
            boolean isLate = each.getKey() >= firstLate;
            if (each.getValue() instanceof DataStream data
                    && (isLate || !isFromNow || !data.isClosed())) {
                StreamGroup group = data.group();
                MetadataCursor metadata = groups.get(group);
                if (metadata == null) {
                    metadata = new MetadataCursor(described(group));
                    groups.put(group, metadata);
                    entries.add(add(ViewedStream.ofMetadata(metadata), group, METADATA));
                }
                StreamCursor cursor =
                        isFromNow && !isLate
                                ? StreamCursor.fromNow(data)
                                : StreamCursor.atBeginning(data);
                var stream = ViewedStream.ofData(this::hasNewStreams, metadata, cursor);
                entries.add(add(stream, group, data.channelName()));
            }
        }
        told = next.number();
        return entries;
    }

    private static ViewedMetadata described(StreamGroup group) {
        ViewedMetadata metadata = group.metadata();
        if (metadata == null) {
            throw new IllegalStateException("shown without its metadata");
        }
        return metadata;
    }

    private StreamEntry add(ViewedStream stream, StreamGroup group, CString channel) {
        long number = numbers.add(stream);
        streams.put(number, stream);
        return new StreamEntry(number, group.id(), stream.isMetadata(), group.path(), channel);
    }

    /// Whether all that was told has been read.
    boolean isRead() {
        return streams.values().stream().allMatch(ViewedStream::isRead);
    }

    void close() throws IOException {
        for (Map.Entry<Long, ViewedStream> each : streams.entrySet()) {
            numbers.remove(each.getKey());
            each.getValue().close();
        }
        streams.clear();
    }
}
