// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.Message.Damage;
import dev.contrail.analysis.Message.DiscardedEvents;
import dev.contrail.analysis.Message.DiscardedPackets;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.PacketLocation;
import dev.contrail.ctf.packet.PacketDecoder;
import dev.contrail.ctf.packet.StreamPlan;
import dev.contrail.ctf.packet.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The messages of one stream: reads its packets one by one, so that memory holds one of them.
final class StreamSource implements MessageIterator {
    /// Packets up to this size are read into memory, larger ones are mapped.
    private static final int MAX_READ_BYTES = 16 << 20;

    /// A packet and the file that it is in.
    ///
    /// @param mayGrow whether somebody may write on in it
    record Part(Path file, int number, PacketLocation location, boolean mayGrow) {}

    private final TraceStream stream;
    private final TracePlan trace;
    private final long addedNanos;
    private final StreamPlan plan;
    private final Optional<ClockTime> clock;
    private final List<Part> parts;
    private final PacketDecoder decoder;
    private final EventRecord event;
    private final PacketContext context;
    private final Deque<Message> pending = new ArrayDeque<>();
    private final CtfVersion version;
    private final LossAccount losses;
    private final TracerFaults faults;
    private final PacketMemory memory;

    private Message current;
    private long nanos = Long.MIN_VALUE;
    private int nextPart;
    private boolean isInPacket;
    private boolean hasEvent;
    private boolean isEnded;
    private int damagedPackets;
    private long readBytes;
    private String torn = "";
    private IndexEntry entry;
    private ByteBuffer buffer = PacketMemory.none();

    StreamSource(
            TraceStream stream,
            TracePlan trace,
            StreamPlan plan,
            List<Part> parts,
            long addedNanos,
            PacketMemory memory) {
        this.stream = stream;
        this.trace = trace;
        this.addedNanos = addedNanos;
        this.memory = memory;
        this.plan = plan;
        this.clock = plan.clock().map(known -> new ClockTime(known, addedNanos));
        this.parts = parts;
        this.decoder = new PacketDecoder(trace);
        this.event = new EventRecord(stream, decoder, clock);
        this.context = new PacketContext(decoder);
        this.version = trace.metadata().trace().version();
        this.losses = new LossAccount(plan, version);
        this.faults = TracerFaults.of(trace.metadata().trace());
        pending.add(new Message.StreamBegin(stream));
        current = pending.getFirst();
    }

    TraceStream stream() {
        return stream;
    }

    TracePlan tracePlan() {
        return trace;
    }

    StreamPlan plan() {
        return plan;
    }

    Optional<ClockTime> clock() {
        return clock;
    }

    /// What the packet that it is in says of itself.
    IndexEntry entry() {
        return entry;
    }

    PacketDecoder decoder() {
        return decoder;
    }

    /// Bytes of all packets.
    long sizeBytes() {
        return parts.stream().mapToLong(part -> part.location().sizeBytes()).sum();
    }

    /// Bytes of the packets that have begun.
    long readBytes() {
        return readBytes;
    }

    List<Part> parts() {
        return parts;
    }

    /// When a packet begins. Only for streams that have a [#range].
    long beginNanos(Part part) {
        return clock.orElseThrow().nanos(part.location().entry().beginTicks());
    }

    /// Whether no packet begins or ends before the one before it, nor ends before it begins.
    boolean isInOrder() {
        long begin = Long.MIN_VALUE;
        long end = Long.MIN_VALUE;
        for (Part part : parts) {
            if (beginNanos(part) < begin
                    || endNanos(part) < end
                    || endNanos(part) < beginNanos(part)) {
                return false;
            }
            begin = beginNanos(part);
            end = endNanos(part);
        }
        return true;
    }

    private long endNanos(Part part) {
        return clock.orElseThrow().nanos(part.location().entry().endTicks());
    }

    /// The part of this stream that lies in a slice of time, read anew. Only for streams that have
    /// a [#range]. Any thread.
    StreamSlice slice(long fromNanos, long toNanos) {
        int first = 0;
        long latest = Long.MIN_VALUE;
        while (first < parts.size() && endNanos(parts.get(first)) < fromNanos) {
            latest = Math.max(latest, endNanos(parts.get(first++)));
        }
        int end = first;
        while (end < parts.size() && beginNanos(parts.get(end)) < toNanos) {
            end++;
        }
        // One more tells whether packets are missing before it.
        end = Math.min(parts.size(), end + 1);
        List<Part> reached = parts.subList(first, end);
        var source = new StreamSource(stream, trace, plan, reached, addedNanos, memory);
        if (first > 0) {
            source.pending.clear();
            source.losses.count(parts.get(first - 1).location().entry());
        }
        return new StreamSlice(source, fromNanos, toNanos, latest);
    }

    /// Whether the packet or event that the source is at is not where the index has it.
    boolean isMisplaced() {
        if (nextPart == 0) {
            return false;
        }
        IndexEntry listed = parts.get(nextPart - 1).location().entry();
        return switch (current) {
            case EventRecord _ -> Long.compareUnsigned(event.ticks(), listed.endTicks()) > 0;
            case Message.PacketBegin _ ->
                    entry.beginTicks() != listed.beginTicks()
                            || entry.endTicks() != listed.endTicks();
            case Message _ -> false;
        };
    }

    /// Times of the first packet's begin and the last one's end, if the packets have them.
    Optional<long[]> range() {
        if (!plan.hasBegin() || !plan.hasEnd() || clock.isEmpty() || parts.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new long[] {
                    clock.get().nanos(parts.getFirst().location().entry().beginTicks()),
                    clock.get().nanos(parts.getLast().location().entry().endTicks())
                });
    }

    /// When the last packet ends: where tracers are known to have that wrong, with its last event,
    /// or its begin. Only for streams that have a [#range].
    long lastEndNanos() throws IOException {
        Part last = parts.getLast();
        long end = endNanos(last);
        if (faults.isEndUncertain(last.location().entry().endTicks())) {
            var packet = new StreamSource(stream, trace, plan, List.of(last), addedNanos, memory);
            while (packet.next()) {
                switch (packet.current()) {
                    case Message.PacketBegin _, EventRecord _ -> end = packet.nanos();
                    case Message _ -> {}
                }
            }
        }
        return end;
    }

    /// What the index knows of the stream.
    Summary.OneStream summary() {
        long bytes = 0;
        long discarded = 0;
        long missing = 0;
        var account = new LossAccount(plan, version);
        for (Part part : parts) {
            IndexEntry each = part.location().entry();
            bytes += part.location().sizeBytes();
            missing += account.packets(each).orElse(0);
            discarded += account.events(each).orElse(0);
            account.count(each);
        }
        return new Summary.OneStream(stream, parts.size(), bytes, range(), discarded, missing);
    }

    @Override
    public boolean next() throws IOException {
        while (pending.isEmpty()) {
            if (isInPacket) {
                if (nextEvent()) {
                    return true;
                }
            } else if (nextPart < parts.size()) {
                beginPacket(parts.get(nextPart++));
            } else if (isEnded) {
                return false;
            } else {
                isEnded = true;
                if (damagedPackets > 1) {
                    String more = "%s: %d more packets are damaged";
                    pending.add(new Damage(more.formatted(stream.name(), damagedPackets - 1)));
                }
                pending.add(new Message.StreamEnd(stream));
            }
        }
        current = pending.remove();
        nanos = nanos(current);
        return true;
    }

    /// When a message comes; [Long#MIN_VALUE] when that is not known.
    static long nanos(Message message) {
        return switch (message) {
            case EventRecord event -> event.nanos();
            case Message.StreamBegin begin -> begin.nanos().orElse(Long.MIN_VALUE);
            case Message.StreamEnd end -> end.nanos().orElse(Long.MIN_VALUE);
            case Message.PacketBegin begin -> begin.nanos().orElse(Long.MIN_VALUE);
            case Message.PacketEnd end -> end.nanos().orElse(Long.MIN_VALUE);
            case Message.Loss loss -> loss.beginNanos().orElse(Long.MIN_VALUE);
            case Damage _ -> Long.MIN_VALUE;
        };
    }

    private boolean nextEvent() {
        try {
            if (decoder.next()) {
                hasEvent = true;
                event.moved();
                current = event;
                nanos = event.nanos();
                return true;
            }
            if (!torn.isEmpty()) {
                damaged(torn);
            }
        } catch (CtfException e) {
            damaged(e.getMessage() + torn());
        }
        endPacket();
        return false;
    }

    private void endPacket() {
        long end = hasEvent ? faults.end(entry.endTicks(), decoder.ticks()) : entry.endTicks();
        pending.add(new Message.PacketEnd(stream, time(plan.hasEnd(), end), end));
        isInPacket = false;
    }

    /// Tells of the first damaged packet; the others are counted.
    private void damaged(String what) {
        if (damagedPackets++ == 0) {
            pending.add(new Damage(what));
        }
    }

    private String torn() {
        return torn.isEmpty() ? "" : " (" + torn + ")";
    }

    private void beginPacket(Part part) throws IOException {
        readBytes += part.location().sizeBytes();
        try (FileChannel channel = FileChannel.open(part.file())) {
            entry = begin(channel, part);
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

    /// A header that may be written at this moment is read again when it makes no sense.
    private IndexEntry begin(FileChannel channel, Part part) throws IOException, CtfException {
        try {
            return beginOnce(channel, part);
        } catch (CtfException e) {
            if (!part.mayGrow()) {
                throw e;
            }
            return beginOnce(channel, part);
        }
    }

    /// Begins a packet; one that has grown since it was listed ends where it ended then.
    private IndexEntry beginOnce(FileChannel channel, Part part) throws IOException, CtfException {
        PacketLocation location = part.location();
        String file = part.file().toString();
        long offset = location.offsetBytes();
        long rest = Math.max(0, channel.size() - offset);
        long length = Math.min(rest, location.sizeBytes());
        ByteBuffer bytes = bytes(channel, part, length);
        IndexEntry found = decoder.begin(bytes, file, part.number(), offset, rest);
        torn = "";
        if (found.packetBits() / 8 <= length) {
            return found;
        }
        boolean isGrown =
                part.mayGrow()
                        && found.isGrownFrom(location.entry())
                        && found.packetBits() / 8 <= channel.size() - offset;
        if (isGrown) {
            decoder.endContent(location.entry().contentBits());
            return location.entry();
        }
        torn =
                "%s: packet %d at byte %d: packet of %d bits, but %d bytes of it are here"
                        .formatted(file, part.number(), offset, found.packetBits(), length);
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
                event.moved();
                pending.add(event);
            }
        } catch (CtfException e) {
            addBegin(entry.beginTicks());
            damaged(e.getMessage() + torn());
            endPacket();
        }
    }

    /// What is missing before the packet, in babeltrace2's order.
    private void addLosses() {
        long begin = entry.beginTicks();
        long end = entry.endTicks();
        losses.events(entry)
                .ifPresent(count ->
                        pending.add(
                                new DiscardedEvents(
                                        stream,
                                        count,
                                        time(plan.hasEnd(), losses.lossBegin(entry)),
                                        time(plan.hasEnd(), end),
                                        losses.lossBegin(entry),
                                        end)));
        losses.packets(entry)
                .ifPresent(count ->
                        pending.add(
                                new DiscardedPackets(
                                        stream,
                                        count,
                                        time(plan.hasEnd(), losses.previousEnd()),
                                        time(plan.hasBegin(), begin),
                                        losses.previousEnd(),
                                        begin)));
    }

    private OptionalLong time(boolean isKnown, long ticks) {
        return isKnown && clock.isPresent()
                ? OptionalLong.of(clock.get().nanos(ticks))
                : OptionalLong.empty();
    }

    private ByteBuffer bytes(FileChannel channel, Part part, long length)
            throws IOException, CtfException {
        long offset = part.location().offsetBytes();
        if (length > Integer.MAX_VALUE) {
            throw new CtfException(
                    part.file() + ": packet " + part.number() + " at byte " + offset,
                    "packet of %d bytes, want less than 2^31".formatted(length));
        }
        if (length > MAX_READ_BYTES) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        }
        if (buffer.capacity() < length) {
            memory.giveBack(buffer);
            buffer = memory.take((int) length);
        }
        buffer.clear().limit((int) length);
        FileBytes.read(channel, buffer, offset);
        return buffer;
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
    public void close() {
        memory.giveBack(buffer);
        buffer = PacketMemory.none();
    }
}
