// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.PublishedStreams;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.relay.stream.StreamCursor;
import dev.contrail.relay.stream.StreamGroup;
import dev.contrail.relay.stream.ViewedMetadata;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessage.Previous;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A session as it is sent to one viewer. Guarded by its [ViewerFeed].
final class SessionFeed implements AutoCloseable {
    /// Streams that are told at once; the others follow.
    private static final int MAX_TOLD = 256;

    /// How the streams are called that our recorder writes state dumps to.
    private static final String STATE_DUMP = "_statedump";

    private final RelaySession session;
    private final PushRequest.Seek seek;

    /// Null when nobody remembers.
    private final @Nullable ViewerPlace place;

    private final Map<StreamGroup, MetadataCursor> groups = new HashMap<>();
    private final Map<Long, StreamFeed> streams = new LinkedHashMap<>();
    private final Map<Long, PlaceKey> keys = new HashMap<>();
    private final Queue<PushMessage> begun = new ArrayDeque<>();

    /// Those of which something may be sent.
    private final List<StreamFeed> open = new ArrayList<>();

    private final long firstLate;
    private long told;

    /// Whose turn it is among the open ones.
    private int turn;

    /// @param seek where a viewer begins whose place is not known
    SessionFeed(RelaySession session, PushRequest.Seek seek, @Nullable ViewerPlace place) {
        this.session = session;
        this.seek = seek;
        this.place = place;
        firstLate = session.published().last() + 1;
    }

    RelaySession session() {
        return session;
    }

    /// Numbers of streams, unique for a viewer.
    interface Numbers {
        long next();
    }

    /// Takes the streams that were not yet told, if there are some.
    void takeStreams(Numbers numbers) throws IOException {
        if (!session.published().hasAfter(told)) {
            return;
        }
        PublishedStreams.Told next = session.published().after(told, MAX_TOLD);
        for (Map.Entry<Long, StoredStream> each : next.streams().entrySet()) {
            if (each.getValue() instanceof DataStream data) {
                begin(data, each.getKey() >= firstLate, numbers);
            }
        }
        told = next.number();
    }

    /// Of those that are there at first, who begins now wants none that has ended.
    private void begin(DataStream data, boolean isLate, Numbers numbers) throws IOException {
        PlaceKey key = PlaceKey.of(data);
        Optional<StreamPosition> known = place == null ? Optional.empty() : place.of(key);
        boolean isNow = !isLate && isFromNow(data);
        if (known.isEmpty() && isNow && place == null && data.isClosed()) {
            return;
        }
        StreamGroup group = data.group();
        ViewedMetadata described = group.metadata();
        if (described == null) {
            throw new IllegalStateException("shown without its metadata");
        }
        MetadataCursor metadata = groups.computeIfAbsent(group, _ -> new MetadataCursor(described));
        StreamCursor cursor =
                known.isPresent()
                        ? known(data, known.get())
                        : isNow ? StreamCursor.fromNow(data) : StreamCursor.atVeryBeginning(data);
        StreamPosition from = known.orElse(StreamPosition.BEGIN);
        if (known.isEmpty() && isNow) {
            from = new StreamPosition(cursor.lastNumber(), StreamPosition.WHOLE);
        }
        if (place != null) {
            place.begin(key, from);
        }
        long id = numbers.next();
        Optional<Previous> previous = cursor.previous().map(SessionFeed::previous);
        var stream = new StreamFeed(id, group.id(), data, metadata, cursor, previous.isPresent());
        streams.put(id, stream);
        open.add(stream);
        keys.put(id, key);
        begun.add(
                new PushMessage.StreamBegun(
                        id, group.id(), group.path(), data.channelName(), from, previous));
    }

    private boolean isFromNow(DataStream data) {
        return switch (seek) {
            case BEGINNING -> false;
            case NOW -> true;
            case NOW_AND_STATE -> !data.channelName().toString().endsWith(STATE_DUMP);
        };
    }

    private static StreamCursor known(DataStream data, StreamPosition at) throws IOException {
        return at.isBegun()
                ? StreamCursor.after(data, at.isWithin() ? at.packet() - 1 : at.packet())
                : StreamCursor.atVeryBeginning(data);
    }

    private static Previous previous(IndexEntry entry) {
        return new Previous(entry.endTicks(), entry.discardedEvents(), entry.sequence());
    }

    /// What is to be sent now, if there is something.
    ///
    /// @param mostBytes of a packet or of metadata
    Optional<PushMessage> next(Numbers numbers, int mostBytes) throws IOException {
        if (begun.isEmpty()) {
            takeStreams(numbers);
        }
        if (!begun.isEmpty()) {
            return Optional.of(begun.remove());
        }
        for (int looked = 0; looked < open.size(); looked++) {
            if (turn >= open.size()) {
                turn = 0;
            }
            StreamFeed stream = open.get(turn);
            Optional<PushMessage> next = stream.next(mostBytes);
            if (stream.isEnded()) {
                open.remove(turn); // the one behind it has its turn
                return next;
            }
            if (next.isPresent()) {
                return next;
            }
            turn++;
        }
        return Optional.empty();
    }

    Optional<StreamFeed> stream(long untrustedId) {
        return Optional.ofNullable(streams.get(untrustedId));
    }

    /// What tells a stream from all others also tomorrow.
    Optional<PlaceKey> key(long untrustedId) {
        return Optional.ofNullable(keys.get(untrustedId));
    }

    /// The place that the relay remembers, if it does.
    Optional<ViewerPlace> place() {
        return Optional.ofNullable(place);
    }

    /// Whether all of it was sent, and no more comes.
    boolean isOver() {
        return session.isEnded() // before the look at what it has
                && begun.isEmpty()
                && !session.published().hasAfter(told)
                && open.isEmpty();
    }

    @Override
    public void close() throws IOException {
        for (StreamFeed each : streams.values()) {
            each.close();
        }
        streams.clear();
    }
}
