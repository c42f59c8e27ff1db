// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.source.StreamSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Lets through only what lies in a range of time, both ends included, as babeltrace2 2.0.4 does.
///
/// A stream or packet over the begin of the range begins there, one over its end ends there; how
/// many events or packets of a loss over an end were lost is not known. A stream that ended before
/// the range is left out. Streams without a clock pass as they are.
final class TimeRange implements MessageIterator {
    private static final long NO_TIME = Long.MIN_VALUE;

    /// One end of the range as a stream's clock tells it.
    private record Moment(OptionalLong nanos, long ticks) {}

    /// What has come of a stream.
    private static final class StreamState {
        private final TraceStream stream;
        private final Optional<ClockTime> clock;

        /// Whether it has begun and not ended.
        private boolean isOpen;

        /// Whether anything with a time has come.
        private boolean hasTime;

        private Optional<Message.PacketBegin> packet = Optional.empty();

        StreamState(StreamSource source) {
            stream = source.stream();
            clock = source.clock();
        }

        void note(Message message, long at) {
            hasTime |= at != NO_TIME;
            switch (message) {
                case Message.StreamBegin _ -> isOpen = true;
                case Message.StreamEnd _ -> isOpen = false;
                case Message.PacketBegin begin -> packet = Optional.of(begin);
                case Message.PacketEnd _ -> packet = Optional.empty();
                case EventRecord _,
                        Message.Loss _,
                        Message.Inactivity _,
                        Message.Damage _,
                        Message.Remark _ -> {}
            }
        }

        Moment moment(long nanos) {
            long ticks = clock.orElseThrow().ticks(nanos);
            return new Moment(OptionalLong.of(clock.orElseThrow().nanos(ticks)), ticks);
        }

        /// When the stream is cut, if its time is known at all.
        OptionalLong ifTimed(Moment moment) {
            return hasTime ? moment.nanos() : OptionalLong.empty();
        }
    }

    private enum Place {
        BEFORE,
        INSIDE,
        BEHIND
    }

    private final MessageIterator upstream;
    private final Optional<TimeBound> begin;
    private final Optional<TimeBound> end;
    private final Collection<StreamSource> sources;
    private final List<StreamState> streams = new ArrayList<>();
    private final Map<TraceStream, StreamState> byStream = new IdentityHashMap<>();

    /// Losses over the begin of the range, until it is reached.
    private final List<Message.Loss> cutLosses = new ArrayList<>();

    private final Deque<Message> pending = new ArrayDeque<>();
    private @Nullable Message current;
    private long nanos;
    private Place place;
    private boolean isResolved;
    private long beginNanos = Long.MIN_VALUE;
    private long endNanos = Long.MAX_VALUE;

    /// @param upstream messages of `sources`
    /// @param sources in the order in which their cut streams begin and end; may grow
    TimeRange(
            MessageIterator upstream,
            Collection<StreamSource> sources,
            Optional<TimeBound> begin,
            Optional<TimeBound> end) {
        this.upstream = upstream;
        this.begin = begin;
        this.end = end;
        place = begin.isPresent() ? Place.BEFORE : Place.INSIDE;
        this.sources = sources;
        addStreams();
    }

    @Override
    public boolean next() throws IOException {
        while (pending.isEmpty()) {
            if (place == Place.BEHIND || !upstream.next()) {
                return false;
            }
            switch (upstream.current()) {
                case EventRecord event -> accept(event, event.stream());
                case Message.StreamBegin begun -> accept(begun, begun.stream());
                case Message.StreamEnd ended -> accept(ended, ended.stream());
                case Message.PacketBegin packet -> accept(packet, packet.stream());
                case Message.PacketEnd packet -> accept(packet, packet.stream());
                case Message.Loss loss -> accept(loss, loss.stream());
                case Message.Inactivity quiet -> accept(quiet, quiet.stream());
                case Message.Damage damage -> pending.add(damage);
                case Message.Remark remark -> pending.add(remark);
            }
        }
        current = pending.remove();
        nanos = StreamSource.nanos(current);
        return true;
    }

    private void accept(Message message, TraceStream stream) {
        StreamState of = state(stream);
        if (of.clock.isEmpty()) {
            pending.add(message);
            return;
        }
        long at = upstream.nanos();
        if (at != NO_TIME && !isResolved) {
            isResolved = true;
            beginNanos = begin.map(bound -> bound.resolved(at)).orElse(beginNanos);
            endNanos = end.map(bound -> bound.resolved(at)).orElse(endNanos);
            if (beginNanos > endNanos) {
                pending.add(new Message.Damage("the time range begins after it ends"));
                place = Place.BEHIND;
                return;
            }
        }
        if (place == Place.BEFORE && (at == NO_TIME || at < beginNanos)) {
            skip(message, of, at);
        } else {
            if (place == Place.BEFORE) {
                enter();
            }
            pass(message, of, at);
        }
    }

    private StreamState state(TraceStream stream) {
        StreamState known = byStream.get(stream);
        if (known == null) {
            addStreams();
            known = byStream.get(stream);
        }
        return Objects.requireNonNull(known);
    }

    private void addStreams() {
        for (StreamSource each : sources) {
            if (!byStream.containsKey(each.stream())) {
                var state = new StreamState(each);
                streams.add(state);
                byStream.put(each.stream(), state);
            }
        }
    }

    private void skip(Message message, StreamState of, long at) {
        boolean isCut =
                message instanceof Message.Loss loss
                        && loss.endNanos().orElse(NO_TIME) >= beginNanos;
        if (isCut) {
            cutLosses.add((Message.Loss) message);
        } else {
            of.note(message, at);
        }
    }

    /// Begins what has begun before the range.
    private void enter() {
        place = Place.INSIDE;
        for (StreamState of : streams) {
            if (of.isOpen) {
                Moment here = of.moment(beginNanos);
                pending.add(new Message.StreamBegin(of.stream, of.ifTimed(here), here.ticks()));
                of.packet.ifPresent(packet ->
                        pending.add(
                                new Message.PacketBegin(
                                        of.stream, here.nanos(), here.ticks(), packet.context())));
            }
        }
        for (Message.Loss loss : cutLosses) {
            StreamState of = state(loss.stream());
            Moment here = of.moment(beginNanos);
            pass(loss.from(here.nanos(), here.ticks()), of, beginNanos);
        }
    }

    private void pass(Message message, StreamState of, long at) {
        if (at != NO_TIME && at > endNanos) {
            of.hasTime |= message instanceof Message.Loss; // babeltrace2 looks at losses first
            leave();
            return;
        }
        of.note(message, at);
        if (message instanceof Message.Loss loss && loss.endNanos().orElse(NO_TIME) > endNanos) {
            Moment there = of.moment(endNanos);
            pending.add(loss.until(there.nanos(), there.ticks()));
        } else {
            pending.add(message);
        }
    }

    /// Ends what has not ended.
    private void leave() {
        place = Place.BEHIND;
        for (StreamState of : streams) {
            if (of.isOpen) {
                Moment there = of.moment(endNanos);
                if (of.packet.isPresent()) {
                    pending.add(new Message.PacketEnd(of.stream, there.nanos(), there.ticks()));
                }
                pending.add(new Message.StreamEnd(of.stream, of.ifTimed(there), there.ticks()));
            }
        }
    }

    @Override
    public Message current() {
        return Objects.requireNonNull(current);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
