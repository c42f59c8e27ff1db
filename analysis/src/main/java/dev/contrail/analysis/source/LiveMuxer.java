// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.PacketSource;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.live.LivePackets;
import dev.contrail.analysis.live.LiveSession;
import dev.contrail.analysis.live.ShownPlace;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Merges streams in time order while they are recorded, and as more of them come; stored ones
/// between them.
///
/// A message is given as soon as every stream has one or promises none from before it. Where that
/// is not so, it waits, and asks the relay again and again.
final class LiveMuxer implements MessageIterator {
    /// How long it waits at first, and at last, as babeltrace2 does.
    private static final long FIRST_WAIT_NANOS = 10_000_000;

    private static final long LAST_WAIT_NANOS = 100_000_000;

    /// What was shown is written out after so many messages, so that it can be remembered.
    private static final int MOST_UNFLUSHED = 10_000;

    private enum State {
        /// It is at a message.
        READY,
        /// Nothing is known but that no message comes from before [Lane#floor].
        QUIET,
        ENDED
    }

    /// One stream.
    private static final class Lane {
        /// Null for a stored one.
        final @Nullable LivePackets packets;

        /// Null before the first packet of a live one.
        @Nullable StreamSource source;

        State state = State.QUIET;
        long floor = Long.MIN_VALUE;

        /// Null where nobody remembers.
        final @Nullable ShownPlace shown;

        Lane(
                @Nullable LivePackets packets,
                @Nullable StreamSource source,
                @Nullable ShownPlace shown) {
            this.packets = packets;
            this.source = source;
            this.shown = shown;
        }

        boolean needsPacket() {
            return packets != null && (source == null || source.needsPacket());
        }

        long time() {
            return state == State.READY ? at().nanos() : floor;
        }

        StreamSource at() {
            return Objects.requireNonNull(source);
        }

        /// Of equal times one that is at a message comes first, then as in a [Muxer].
        boolean isBefore(Lane other) {
            if (time() != other.time()) {
                return time() < other.time();
            }
            if (state != other.state || source == null || other.source == null) {
                return state == State.READY && other.state != State.READY;
            }
            return Muxer.BY_IDENTITY.compare(source, other.source) < 0;
        }
    }

    private final List<LiveSession> sessions;
    private final LiveTraces traces;
    private final List<Lane> lanes = new ArrayList<>();
    private final Deque<Message> notes = new ArrayDeque<>();

    /// Of lanes that have ended, until they are told.
    private final List<ShownPlace> endedPlaces = new ArrayList<>();

    private @Nullable Sink sink;

    /// Null when it is at a note.
    private @Nullable Lane present;

    private @Nullable Message note;

    /// No other lane has anything from before this time.
    private long othersNanos = Long.MIN_VALUE;

    private long waitNanos = FIRST_WAIT_NANOS;
    private int unflushed;

    /// Whether the present message has been counted as shown.
    private boolean isCounted;

    LiveMuxer(List<StreamSource> stored, List<LiveSession> sessions, LiveTraces traces) {
        this.sessions = sessions;
        this.traces = traces;
        stored.forEach(each -> lanes.add(new Lane(null, each, null)));
    }

    /// Has a sink write out what it has, whenever nothing more has come.
    void flushing(Sink written) {
        sink = written;
    }

    @Override
    public boolean next() throws IOException {
        Lane moved = present;
        if (moved != null) {
            if (moved.shown != null) {
                count(moved.shown, moved);
                if (++unflushed == MOST_UNFLUSHED) {
                    unflushed = 0;
                    flush();
                }
            }
            boolean isHere = !moved.needsPacket();
            advance(moved);
            if (isHere && moved.state == State.READY && isNext(moved.time())) {
                isCounted = false;
                return true;
            }
        }
        present = null;
        note = null;
        return find();
    }

    private boolean isNext(long time) {
        return time < othersNanos && time != Long.MIN_VALUE;
    }

    private boolean find() throws IOException {
        while (true) {
            addLanes();
            if (takeNote()) {
                return true;
            }
            removeEnded();
            Lane least = least();
            if (least != null && least.state == State.READY) {
                present = least;
                isCounted = false;
                waitNanos = FIRST_WAIT_NANOS;
                return true;
            }
            if (least == null && sessions.stream().allMatch(LiveSession::isOver)) {
                for (LiveSession each : sessions) {
                    each.check();
                }
                return false;
            }
            if (least == null || !advance(least)) {
                await();
            }
        }
    }

    /// All that was handed out has been shown: relays are to remember it.
    ///
    /// @param mark for [LiveSession#shown]
    void shown(byte[] mark) {
        Lane last = present;
        if (last != null && last.shown != null) {
            count(last.shown, last);
        }
        for (LiveSession session : sessions) {
            if (session.isRemembered()) {
                tell(session, mark);
            }
        }
    }

    private void count(ShownPlace shown, Lane lane) {
        if (!isCounted) {
            isCounted = true;
            shown.add(lane.at().current());
        }
    }

    private void tell(LiveSession session, byte[] mark) {
        var places = new ArrayList<StreamPlace>();
        for (Lane each : lanes) {
            if (each.shown != null && each.shown.isOf(session)) {
                each.shown.take().ifPresent(places::add);
            }
        }
        for (ShownPlace each : endedPlaces) {
            if (each.isOf(session)) {
                each.take().ifPresent(places::add);
            }
        }
        endedPlaces.removeIf(each -> each.isOf(session));
        if (!places.isEmpty()) {
            session.shown(places, mark);
        }
    }

    private void removeEnded() throws IOException {
        for (Lane each : lanes) {
            if (each.state == State.ENDED && each.source != null) {
                each.source.close();
            }
            if (each.state == State.ENDED && each.shown != null) {
                endedPlaces.add(each.shown);
            }
        }
        lanes.removeIf(each -> each.state == State.ENDED);
    }

    private boolean takeNote() {
        for (LiveSession session : sessions) {
            session.takeNote().ifPresent(notes::add);
        }
        note = notes.poll();
        return note != null;
    }

    /// What has come new is asked first, as nothing is known of it.
    private void addLanes() throws IOException {
        for (LiveSession session : sessions) {
            for (LivePackets each : session.takeStreams()) {
                var lane = new Lane(each, null, ShownPlace.of(session, each));
                lanes.add(lane);
                advance(lane);
            }
        }
    }

    private @Nullable Lane least() {
        Lane least = null;
        othersNanos = Long.MAX_VALUE;
        for (Lane each : lanes) {
            if (least == null) {
                least = each;
            } else if (each.isBefore(least)) {
                othersNanos = Math.min(othersNanos, least.time());
                least = each;
            } else {
                othersNanos = Math.min(othersNanos, each.time());
            }
        }
        return least;
    }

    /// Moves a lane on if that can be done without waiting.
    ///
    /// @return whether more is known now
    private boolean advance(Lane lane) throws IOException {
        if (lane.packets != null && lane.needsPacket()) {
            lane.state = State.QUIET;
            switch (lane.packets.look()) {
                case PacketSource.NotYet _ -> {
                    return false;
                }
                case PacketSource.Quiet(long untilTicks) -> {
                    long before = lane.floor;
                    lane.floor = Math.max(before, traces.nanos(lane.packets, untilTicks));
                    return lane.floor > before;
                }
                case PacketSource.Packet packet -> {
                    if (!begin(lane, lane.packets, packet)) {
                        return true;
                    }
                }
                case PacketSource.Unreadable(String what) when lane.source == null -> {
                    lane.packets.next();
                    notes.add(new Message.Damage(what));
                    return true;
                }
                case PacketSource.End _ when lane.source == null -> {
                    lane.state = State.ENDED;
                    return true;
                }
                case PacketSource.Unreadable _, PacketSource.End _ -> {}
            }
        }
        StreamSource source = lane.at();
        boolean isThere = source.next();
        while (isThere && lane.shown != null && lane.shown.isShown(source.current())) {
            if (lane.needsPacket()) {
                return true;
            }
            isThere = source.next();
        }
        lane.state = isThere ? State.READY : State.ENDED;
        lane.floor = Math.max(lane.floor, source.nanos());
        return true;
    }

    /// @return whether the packet can be read; otherwise it is dropped
    private boolean begin(Lane lane, LivePackets packets, PacketSource.Packet packet)
            throws IOException {
        TracePlan plan = packets.trace().plan().orElseThrow();
        if (lane.source == null) {
            lane.source = traces.begin(packets, packet, notes::add).orElse(null);
            if (lane.source != null) {
                packets.previous().ifPresent(lane.source::goOnBehind);
            }
        } else if (lane.source.tracePlan() != plan) {
            lane.source.redeclare(plan);
        }
        if (lane.source == null) {
            packets.next();
        }
        return lane.source != null;
    }

    private void flush() throws IOException {
        if (sink != null) {
            sink.flush();
        }
    }

    private void await() throws IOException {
        flush();
        sessions.forEach(LiveSession::look);
        boolean isAwaited = false;
        long share = sessions.size() == 1 ? LAST_WAIT_NANOS : FIRST_WAIT_NANOS / sessions.size();
        for (LiveSession each : sessions) {
            isAwaited |= each.await(share);
        }
        if (!isAwaited) {
            LockSupport.parkNanos(waitNanos);
            waitNanos = Math.min(LAST_WAIT_NANOS, 2 * waitNanos);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted in waiting for what is recorded");
        }
    }

    @Override
    public Message current() {
        return note != null ? note : Objects.requireNonNull(present).at().current();
    }

    @Override
    public long nanos() {
        return note != null ? Long.MIN_VALUE : Objects.requireNonNull(present).at().nanos();
    }

    @Override
    public void close() throws IOException {
        for (Lane each : lanes) {
            if (each.source != null) {
                each.source.close();
            }
        }
    }
}
