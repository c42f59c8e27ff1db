// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.PacketSource;
import dev.contrail.analysis.live.HostClocks;
import dev.contrail.analysis.live.LivePackets;
import dev.contrail.analysis.live.ShownPlace;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One stream among those that are merged while they are recorded: at a message, or at a time
/// before which nothing comes. Owned by its [LiveMuxer].
final class LiveLane {
    private enum State {
        /// It is at a message.
        READY,
        /// Nothing is known but that no message comes from before [#floor].
        QUIET,
        ENDED
    }

    /// Null for a stored one.
    private final @Nullable LivePackets packets;

    /// Null where nobody remembers.
    private final @Nullable ShownPlace shown;

    private final LiveTraces traces;

    /// What is to be told of it besides.
    private final Consumer<Message> notes;

    /// Null before the first packet of a live one.
    private @Nullable StreamSource source;

    private State state = State.QUIET;
    private long floor = Long.MIN_VALUE;

    /// Null where the message that it is at is of its source.
    private Message.@Nullable Inactivity promise;

    private LiveLane(
            @Nullable LivePackets packets,
            @Nullable StreamSource source,
            @Nullable ShownPlace shown,
            LiveTraces traces,
            Consumer<Message> notes) {
        this.packets = packets;
        this.source = source;
        this.shown = shown;
        this.traces = traces;
        this.notes = notes;
    }

    static LiveLane stored(StreamSource source, LiveTraces traces) {
        return new LiveLane(null, source, null, traces, _ -> {});
    }

    /// @param shown null where nobody remembers
    /// @param notes gets what is to be told of it besides
    static LiveLane live(
            LivePackets packets,
            @Nullable ShownPlace shown,
            LiveTraces traces,
            Consumer<Message> notes) {
        return new LiveLane(packets, null, shown, traces, notes);
    }

    /// Says up to where its host is known.
    void tell(HostClocks clocks) {
        LivePackets its = packets;
        if (its == null || its.knownTicks() == Long.MIN_VALUE || its.trace().plan().isEmpty()) {
            return;
        }
        long nanos = traces.nanos(its, its.knownTicks());
        if (nanos != Long.MIN_VALUE) {
            clocks.heard(its.trace().host(), nanos);
        }
    }

    boolean needsPacket() {
        return packets != null && (source == null || source.needsPacket());
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    /// Where it is remembered how far it was shown; null where nobody does.
    @Nullable ShownPlace shown() {
        return shown;
    }

    /// The message that it is at.
    Message current() {
        return promise != null ? promise : at().current();
    }

    /// When it comes; [Long#MIN_VALUE] when that is not known.
    long nanos() {
        return promise != null ? promise.untilNanos() : at().nanos();
    }

    /// Before which nothing comes.
    long time() {
        return state == State.READY ? nanos() : floor;
    }

    private StreamSource at() {
        return Objects.requireNonNull(source);
    }

    /// Of equal times one that is at a message comes first, then as in a [Muxer].
    boolean isBefore(LiveLane other) {
        if (time() != other.time()) {
            return time() < other.time();
        }
        if (state != other.state || source == null || other.source == null) {
            return state == State.READY && other.state != State.READY;
        }
        return Muxer.BY_IDENTITY.compare(source, other.source) < 0;
    }

    /// Moves on if that can be done without waiting.
    ///
    /// @return whether more is known now
    boolean advance() throws IOException {
        promise = null;
        if (packets != null && needsPacket()) {
            state = State.QUIET;
            switch (packets.look()) {
                case PacketSource.NotYet _ -> {
                    return false;
                }
                case PacketSource.Quiet(long untilTicks) -> {
                    return promise(packets, untilTicks);
                }
                case PacketSource.Packet packet -> {
                    if (!begin(packets, packet)) {
                        return true;
                    }
                }
                case PacketSource.Unreadable(String what) when source == null -> {
                    packets.next();
                    notes.accept(new Message.Damage(what));
                    return true;
                }
                case PacketSource.End _ when source == null -> {
                    state = State.ENDED;
                    return true;
                }
                case PacketSource.Unreadable _, PacketSource.End _ -> {}
            }
        }
        StreamSource its = at();
        boolean isThere = its.next();
        while (isThere && shown != null && shown.isShown(its.current())) {
            if (needsPacket()) {
                return true;
            }
            isThere = its.next();
        }
        state = isThere ? State.READY : State.ENDED;
        floor = Math.max(floor, its.nanos());
        return true;
    }

    /// A promise that says more than the last is a message, once the stream has begun.
    private boolean promise(LivePackets from, long untilTicks) {
        long nanos = traces.nanos(from, untilTicks);
        if (nanos <= floor) {
            return false;
        }
        floor = nanos;
        if (source != null) {
            promise = new Message.Inactivity(source.stream(), nanos, untilTicks);
            state = State.READY;
        }
        return true;
    }

    /// @return whether the packet can be read; otherwise it is dropped
    private boolean begin(LivePackets from, PacketSource.Packet packet) throws IOException {
        TracePlan plan = from.trace().plan().orElseThrow();
        StreamSource its = source;
        if (its == null) {
            its = traces.begin(from, packet, notes).orElse(null);
            source = its;
            if (its == null) {
                from.next();
                return false;
            }
            from.previous().ifPresent(its::goOnBehind);
        } else if (its.tracePlan() != plan) {
            its.redeclare(plan);
        }
        return true;
    }

    /// It has ended: a live one is known no longer.
    void leave() {
        if (packets != null && source != null) {
            traces.end(source);
        }
    }

    /// Gives back what it holds.
    void close() throws IOException {
        if (source != null) {
            source.close();
        }
    }
}
