// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.file.SafeNames;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.PublishedStreams;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.relay.stream.StreamGroups;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayRequest.AddStream;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import dev.contrail.wire.relay.RelayRequest.RotateStreams;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The streams of a session that its producer has a handle of, and which of them viewers are not
/// shown yet.
///
/// Streams are added and published with the session's lock; any thread may look at them, and any
/// may remove one that is closed.
final class SessionStreams {
    private final Handles handles;
    private final OutputLayout layout;
    private final CString host;
    private final RelayVersion version;
    private final StreamGroups groups;
    private final PublishedStreams published;
    private final Map<Long, StoredStream> streams = new ConcurrentHashMap<>();
    private final Set<StoredStream> unpublished = new LinkedHashSet<>();

    /// Those of the relay that are this session's.
    interface Handles {
        /// One that nobody can guess; 0 when there are too many streams.
        long next();

        void added(long handle);

        void removed(long handle);
    }

    /// @param published those that viewers may see
    SessionStreams(
            SharedState shared,
            Handles handles,
            CreateSession request,
            RelayVersion version,
            PublishedStreams published) {
        this.handles = handles;
        this.version = version;
        this.published = published;
        layout = shared.layout();
        host = request.host();
        boolean isIndexed = version.isAtLeast(4) && !request.isSnapshot();
        groups =
                new StreamGroups(
                        shared::newGroupId,
                        published.changes(),
                        shared.openFiles(),
                        isIndexed,
                        version.minor());
    }

    /// Adds one.
    ///
    /// @param chunk the present one
    /// @param stored what the journal says of it
    /// @param isSynced whether what is acknowledged survives a loss of power
    StoredStream add(
            AddStream asked,
            @Nullable TraceChunk chunk,
            Optional<JournalEntry> stored,
            boolean isSynced)
            throws Refusal {
        if (chunk == null) {
            throw Refusal.of(ResultCode.UNKNOWN, "a stream without a trace chunk");
        }
        if (asked.tracefileBytes() != 0 && asked.tracefileCount() == 0) {
            throw Refusal.of(ResultCode.UNKNOWN, "tracefiles of a size, but none of them");
        }
        Path file = file(asked.path(), asked.channelName());
        long handle = handles.next();
        if (handle == 0) {
            throw Refusal.of(ResultCode.UNKNOWN, "too many streams");
        }
        try {
            StoredStream added = groups.add(handle, asked, file, chunk, stored, isSynced);
            streams.put(handle, added);
            unpublished.add(added);
            handles.added(handle);
            return added;
        } catch (IOException e) {
            RelayLog.failed("a stream is refused", e);
            throw Refusal.of(ResultCode.UNKNOWN, "the file cannot be made");
        }
    }

    /// The file of a stream below its chunk's directory; without a number, where files have a
    /// limit.
    ///
    /// @param path as its producer says it
    Path file(CString path, CString channel) throws Refusal {
        String name =
                SafeNames.file(channel)
                        .orElseThrow(() ->
                                Refusal.of(ResultCode.UNKNOWN, "name of a channel: " + channel));
        return layout.streamDirectory(path, host, version).resolve(name);
    }

    /// The stream of that handle, if it is this session's.
    Optional<StoredStream> find(long untrustedHandle) {
        return Optional.ofNullable(streams.get(untrustedHandle));
    }

    /// The one of that directory and channel that is not closed, if there is one.
    Optional<StoredStream> open(CString path, CString channel) {
        return streams.values().stream()
                .filter(each ->
                        each.channelName().equals(channel) && each.group().path().equals(path))
                .filter(each -> !each.isClosed())
                .findFirst();
    }

    /// All of them.
    List<StoredStream> all() {
        return List.copyOf(streams.values());
    }

    /// Whether there is one such.
    boolean has(Predicate<StoredStream> which) {
        return streams.values().stream().anyMatch(which);
    }

    /// Whether packets may still come.
    boolean awaitsData() {
        return has(DataStream.class::isInstance);
    }

    /// Shows those added so far to viewers that have their metadata.
    void publish() {
        List<StoredStream> ready =
                unpublished.stream().filter(each -> each.group().metadata() != null).toList();
        unpublished.removeAll(Set.copyOf(ready));
        published.add(ready);
        published.changes().happened();
    }

    /// They go on in another chunk, or in none.
    void rotate(@Nullable TraceChunk next, List<RotateStreams.Position> positions)
            throws Refusal, IOException {
        var rotated = new ArrayList<StoredStream>();
        for (RotateStreams.Position each : positions) {
            rotated.add(
                    find(each.streamId())
                            .orElseThrow(() ->
                                    Refusal.ending(
                                            ResultCode.INVALID, "rotation of an unknown stream")));
        }
        for (int i = 0; i < rotated.size(); i++) {
            rotated.get(i).rotate(next, positions.get(i).firstPacketSequence());
        }
    }

    /// The handle of one that is closed means nothing more.
    ///
    /// @return whether it meant something
    boolean remove(StoredStream stream) {
        boolean wasThere = streams.remove(stream.handle()) != null;
        if (wasThere) {
            handles.removed(stream.handle());
        }
        return wasThere;
    }
}
