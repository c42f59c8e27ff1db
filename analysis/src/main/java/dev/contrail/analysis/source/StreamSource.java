// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.ListedPackets;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.Damage;
import dev.contrail.analysis.Message.DiscardedEvents;
import dev.contrail.analysis.Message.DiscardedPackets;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.PacketContext;
import dev.contrail.analysis.PacketSource;
import dev.contrail.analysis.TraceStream;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/// The messages of one stream: asks its source for packets one by one, so that memory holds one of
/// them.
public final class StreamSource implements MessageIterator {
    /// How long it waits before it asks again, as babeltrace2 does.
    private static final long RETRY_NANOS = 100_000_000;

    private static final IndexEntry NO_PACKET =
            new IndexEntry(0, 0, 0, 0, -1, 0, 0, IndexEntry.NONE, IndexEntry.NONE);

    private final TraceStream stream;
    private TracePlan trace;
    private final long addedNanos;
    private StreamPlan plan;
    private final Optional<ClockTime> clock;
    private final PacketSource packets;

    private final KnownPackets known;

    private PacketDecoder decoder;
    private EventRecord event;
    private PacketContext context;
    private final Deque<Message> pending = new ArrayDeque<>();
    private final CtfVersion version;
    private final LossAccount losses;
    private final TracerFaults faults;
    private final TimeOrder order = new TimeOrder();
    private Foresight foresight;

    private Message current;
    private long nanos = Long.MIN_VALUE;
    private int arrivals;
    private boolean isInPacket;

    /// In a packet, with nothing pending: the next message is an event, or the packet ends.
    private boolean isAmongEvents;

    private boolean hasEvent;
    private boolean isEnded;
    private int damagedPackets;
    private long readBytes;
    private String torn = "";

    /// The file of a torn packet as messages begin with it.
    private String tornPlace = "";

    private long quietTicks;
    private IndexEntry entry = NO_PACKET;

    /// What the packet's index says of it, if its packets are known.
    private IndexEntry listed = NO_PACKET;

    StreamSource(
            TraceStream stream,
            TracePlan trace,
            StreamPlan plan,
            PacketSource packets,
            long addedNanos) {
        this.stream = stream;
        this.trace = trace;
        this.addedNanos = addedNanos;
        this.plan = plan;
        this.clock = plan.clock().map(known -> new ClockTime(known, addedNanos));
        this.packets = packets;
        boolean areAll = packets instanceof ListedPackets;
        List<IndexEntry> entries =
                packets instanceof ListedPackets listed ? listed.entries() : List.of();
        this.decoder = new PacketDecoder(trace);
        this.event = new EventRecord(stream, decoder, clock);
        this.foresight = new Foresight(decoder, order, clock);
        this.context = new PacketContext(decoder);
        this.version = trace.metadata().trace().version();
        this.losses = new LossAccount(plan, version);
        this.faults = TracerFaults.of(trace.metadata().trace());
        this.known = new KnownPackets(entries, areAll, plan, clock, faults);
        pending.add(new Message.StreamBegin(stream));
        current = pending.getFirst();
    }

    /// The stream whose messages these are.
    public TraceStream stream() {
        return stream;
    }

    /// How packets of its trace are decoded.
    public TracePlan tracePlan() {
        return trace;
    }

    /// How its own packets are decoded.
    public StreamPlan plan() {
        return plan;
    }

    /// Its clock's time; empty when it has no clock.
    public Optional<ClockTime> clock() {
        return clock;
    }

    /// Begins behind a packet that is not read: what is missing after it is known by that. Only
    /// before the first packet.
    void goOnBehind(IndexEntry before) {
        losses.count(before);
    }

    /// Whether it can say nothing more before it has the next packet.
    boolean needsPacket() {
        return !isEnded && !isInPacket && pending.isEmpty();
    }

    /// Goes on with what the trace declares by now, which is more than before. Only while it
    /// [#needsPacket].
    void redeclare(TracePlan grown) {
        Optional<StreamPlan> declared = grown.stream(plan.streamClass().id());
        if (declared.isEmpty()) {
            return; // it has become damaged: what was declared before still is
        }
        long ticks = decoder.ticks();
        trace = grown;
        plan = declared.get();
        decoder = new PacketDecoder(grown);
        if (version == CtfVersion.CTF_1_8) {
            decoder.setClock(ticks); // short times go on from there
        }
        event = new EventRecord(stream, decoder, clock);
        foresight = new Foresight(decoder, order, clock);
        context = new PacketContext(decoder);
    }

    /// What the packet that it is in says of itself; zeros before the first.
    public IndexEntry entry() {
        return entry;
    }

    /// The decoder that is at the present packet.
    public PacketDecoder decoder() {
        return decoder;
    }

    /// Bytes of the packets that have begun.
    long readBytes() {
        return readBytes;
    }

    /// What is known of the packets beforehand.
    public KnownPackets packets() {
        return known;
    }

    /// Whether its packets can be read without those before them.
    public boolean isSeekable() {
        return packets instanceof ListedPackets listed && listed.isSeekable();
    }

    /// Some of the packets, read anew, as a part of the whole: the stream begins with the first of
    /// all, and what is missing before a packet is known by the one before it. Only for streams
    /// whose packets are all known. Any thread.
    ///
    /// @param from the number of the first packet, an index of its entries
    /// @param to after the last
    StreamSource part(int from, int to) {
        PacketSource some = ((ListedPackets) packets).part(from, to);
        var part = new StreamSource(stream, trace, plan, some, addedNanos);
        if (from > 0) {
            part.pending.clear();
            part.losses.count(known.entries().get(from - 1));
        }
        return part;
    }

    /// How many of the next events are known to come before a time, and to be where the index has
    /// them.
    int foreseenBefore(long time) {
        int count = foresight.before(time);
        return count > 0 && isPlaced(decoder.ticksAhead(count)) ? count : 0;
    }

    private boolean isPlaced(long ticks) {
        return Long.compareUnsigned(ticks, listed.endTicks()) <= 0;
    }

    /// Moves on by some events, not more than are foreseen.
    void skip(int events) {
        nanos = foresight.skip(events);
    }

    /// Whether the packet or event that the source is at is not where the index has it.
    boolean isMisplaced() {
        if (arrivals == 0) {
            return false;
        }
        return switch (current) {
            case EventRecord _ -> !isPlaced(event.ticks());
            case Message.PacketBegin _ ->
                    entry.beginTicks() != listed.beginTicks()
                            || entry.endTicks() != listed.endTicks();
            case Message _ -> false;
        };
    }

    /// Whether a packet, read anew, tells the times that are known of it beforehand. Only for
    /// streams whose packets are all known.
    boolean isAsListed(int number) throws IOException {
        try (StreamSource packet = part(number, number + 1)) {
            while (packet.next()) {
                if (packet.current() instanceof Message.PacketBegin) {
                    return !packet.isMisplaced();
                }
            }
        }
        return true; // it cannot be read
    }

    /// When the last packet ends: where tracers are known to have that wrong, with its last event,
    /// or its begin. Only for streams that have a [KnownPackets#range].
    public long lastEndNanos() throws IOException {
        List<IndexEntry> entries = known.entries();
        IndexEntry last = entries.getLast();
        return faults.isEndUncertain(last.endTicks())
                ? lastNanos(entries.size() - 1)
                : known.endNanos(last);
    }

    /// When the last event of a packet comes, or the packet begins, as only reading it tells.
    long lastNanos(int number) throws IOException {
        long end = known.endNanos(known.entries().get(number));
        try (StreamSource packet = part(number, number + 1)) {
            while (packet.next()) {
                switch (packet.current()) {
                    case Message.PacketBegin _, EventRecord _ -> end = packet.nanos();
                    case Message _ -> {}
                }
            }
        }
        return end;
    }

    @Override
    public boolean next() throws IOException {
        if (foresight.hasNext()) {
            nanos = foresight.skip(1);
            return true;
        }
        return isAmongEvents && nextEvent() || nextPending();
    }

    private boolean nextPending() throws IOException {
        while (pending.isEmpty()) {
            if (isInPacket) {
                isAmongEvents = true;
                if (nextEvent()) {
                    return true;
                }
            } else if (isEnded) {
                return false;
            } else {
                take(packets.next());
            }
        }
        current = pending.remove();
        nanos = nanos(current);
        return true;
    }

    private void take(PacketSource.Arrival arrival) throws IOException {
        switch (arrival) {
            case PacketSource.Packet packet -> {
                arrive();
                beginPacket(packet);
            }
            case PacketSource.Unreadable(String what) -> {
                arrive();
                damaged(what);
            }
            case PacketSource.Quiet(long untilTicks) -> quiet(untilTicks);
            case PacketSource.NotYet _ -> waitALittle();
            case PacketSource.End _ -> end();
        }
    }

    private void arrive() {
        if (arrivals < known.entries().size()) {
            listed = known.entries().get(arrivals);
        }
        arrivals++;
    }

    /// Hands a promise on; one that says no more than the last is none.
    private void quiet(long untilTicks) throws IOException {
        if (clock.isPresent() && Long.compareUnsigned(untilTicks, quietTicks) > 0) {
            quietTicks = untilTicks;
            long until = clock.get().nanos(untilTicks);
            pending.add(new Message.Inactivity(stream, until, untilTicks));
        } else {
            waitALittle();
        }
    }

    private void waitALittle() throws IOException {
        LockSupport.parkNanos(RETRY_NANOS);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException(
                    stream.name() + ": interrupted in waiting for packets");
        }
    }

    private void end() {
        isEnded = true;
        if (damagedPackets > 1) {
            String more = "%s: %d more packets are damaged";
            pending.add(new Damage(more.formatted(stream.name(), damagedPackets - 1)));
        }
        order.more(stream).ifPresent(pending::add);
        pending.add(new Message.StreamEnd(stream));
    }

    /// When a message comes; [Long#MIN_VALUE] when that is not known.
    public static long nanos(Message message) {
        return switch (message) {
            case EventRecord event -> event.nanos();
            case Message.StreamBegin begin -> begin.nanos().orElse(Long.MIN_VALUE);
            case Message.StreamEnd end -> end.nanos().orElse(Long.MIN_VALUE);
            case Message.PacketBegin begin -> begin.nanos().orElse(Long.MIN_VALUE);
            case Message.PacketEnd end -> end.nanos().orElse(Long.MIN_VALUE);
            case Message.Loss loss -> loss.beginNanos().orElse(Long.MIN_VALUE);
            case Message.Inactivity quiet -> quiet.untilNanos();
            case Damage _, Message.Remark _ -> Long.MIN_VALUE;
        };
    }

    private boolean nextEvent() {
        try {
            if (decoder.next()) {
                hasEvent = true;
                nanos = event.nanos();
                if (order.goesBack(nanos) && isRemarked()) {
                    return false;
                }
                current = event;
                foresight.look();
                return true;
            }
            if (!torn.isEmpty()) {
                damaged(torn);
            }
        } catch (CtfException e) {
            damaged(e);
        }
        endPacket();
        return false;
    }

    /// Puts a remark before the event if there is something to say of its time.
    private boolean isRemarked() {
        Optional<Message.Remark> remark = order.remark(event);
        if (remark.isEmpty()) {
            return false;
        }
        pending.add(remark.get());
        pending.add(event);
        isAmongEvents = false;
        return true;
    }

    private void endPacket() {
        long end = hasEvent ? faults.end(entry.endTicks(), decoder.ticks()) : entry.endTicks();
        pending.add(new Message.PacketEnd(stream, time(plan.hasEnd(), end), end));
        if (plan.hasEnd() && version == CtfVersion.CTF_1_8) {
            decoder.setClock(entry.endTicks()); // short times of the next packet come after it
        }
        isInPacket = false;
        isAmongEvents = false;
    }

    /// Tells of the first damaged packet; the others are counted.
    private void damaged(String what) {
        if (damagedPackets++ == 0) {
            pending.add(new Damage(what));
        }
    }

    /// Where a packet is torn, that is what a user can do something about.
    private void damaged(CtfException found) {
        if (torn.isEmpty()) {
            damaged(found.getMessage());
        } else {
            String reason = found.getMessage().substring(tornPlace.length());
            damaged(found.isCut() ? torn : torn + " (" + reason + ")");
        }
    }

    private void beginPacket(PacketSource.Packet packet) {
        readBytes += packet.bytes().remaining();
        try {
            IndexEntry before = entry;
            entry = begin(packet);
            order.beginPacket(entry.isGrownFrom(before) || entry.equals(before));
        } catch (CtfException e) {
            damaged(e.getMessage());
            return;
        }
        addLosses();
        losses.count(entry);
        isInPacket = true;
        hasEvent = false;
        if (faults.beginsLate()) {
            beginWithEvent();
        } else {
            addBegin(entry.beginTicks());
        }
    }

    /// Begins a packet; one of which there is more than the source hands out ends before that.
    private IndexEntry begin(PacketSource.Packet packet) throws CtfException {
        int length = packet.bytes().remaining();
        IndexEntry found =
                decoder.begin(
                        packet.bytes(),
                        packet.place(),
                        packet.number(),
                        packet.offsetBytes(),
                        packet.availableBytes());
        torn = "";
        if (found.packetBits() / 8 <= length) {
            return found;
        }
        if (packet.extent().isPresent()) {
            decoder.endContent(packet.extent().get().contentBits());
            return packet.extent().get();
        }
        tornPlace = packet.place() + ": ";
        torn =
                "%s: packet %d at byte %d is cut: only %d of its %d bytes are here, whose events were"
                                .formatted(
                                        packet.place(),
                                        packet.number(),
                                        packet.offsetBytes(),
                                        length,
                                        found.packetBits() / 8)
                        + " read; if this is a copy, copy it again";
        return found;
    }

    private void addBegin(long begin) {
        pending.add(new Message.PacketBegin(stream, time(plan.hasBegin(), begin), begin, context));
    }

    /// Begins a packet that may say a later time than its first event does.
    private void beginWithEvent() {
        try {
            hasEvent = decoder.next();
            long begin = entry.beginTicks();
            addBegin(
                    hasEvent && Long.compareUnsigned(decoder.ticks(), begin) < 0
                            ? decoder.ticks()
                            : begin);
            if (hasEvent) {
                if (order.goesBack(event.nanos())) {
                    order.remark(event).ifPresent(pending::add);
                }
                pending.add(event);
            }
        } catch (CtfException e) {
            addBegin(entry.beginTicks());
            damaged(e);
            endPacket();
        }
    }

    /// What is missing before the packet, in babeltrace2's order. When is known only of packets
    /// that have both times, as there.
    private void addLosses() {
        long begin = entry.beginTicks();
        long end = entry.endTicks();
        boolean isKnown = plan.hasBegin() && plan.hasEnd();
        losses.events(entry)
                .ifPresent(count ->
                        pending.add(
                                new DiscardedEvents(
                                        stream,
                                        count,
                                        time(isKnown, losses.lossBegin(entry)),
                                        time(isKnown, end),
                                        losses.lossBegin(entry),
                                        end)));
        losses.packets(entry)
                .ifPresent(count ->
                        pending.add(
                                new DiscardedPackets(
                                        stream,
                                        count,
                                        time(isKnown, losses.previousEnd()),
                                        time(isKnown, begin),
                                        losses.previousEnd(),
                                        begin)));
    }

    private OptionalLong time(boolean isKnown, long ticks) {
        return isKnown && clock.isPresent()
                ? OptionalLong.of(clock.get().nanos(ticks))
                : OptionalLong.empty();
    }

    @Override
    public Message current() {
        return current;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void close() throws IOException {
        packets.close();
    }
}
