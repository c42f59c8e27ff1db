// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A stream file per cell and its index, and a consumer that can be killed between writing them.
final class Store implements PacketReceiver {
    /// When the consumer dies.
    enum Moment {
        NEVER,
        /// The slot is filled.
        BEFORE_PACKET,
        /// A packet is written, its index entry is not: a torn tail.
        BEFORE_INDEX,
        /// Both are written; the block was not freed.
        AFTER_INDEX;

        static Moment random(Random random) {
            return values()[random.nextInt(values().length)];
        }
    }

    static final class Killed extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class Stream {
        final List<RingPacket> packets = new ArrayList<>();
        int indexed;
    }

    private final Map<Integer, Stream> streams = new HashMap<>();
    private Moment moment = Moment.NEVER;
    private int packetsToLive;

    void killAt(Moment newMoment, Random random) {
        moment = newMoment;
        packetsToLive = random.nextInt(30);
    }

    /// What a restarted consumer does first: cuts the torn tails.
    void restart() {
        for (Stream stream : streams.values())
            while (stream.packets.size() > stream.indexed)
                stream.packets.remove(stream.packets.size() - 1);
    }

    @Override
    public long lastStoredSequence(int cell) {
        Stream stream = streams.get(cell);
        return stream == null ? -1 : stream.indexed - 1;
    }

    @Override
    public void packet(RingPacket packet) throws IOException {
        boolean dies = moment != Moment.NEVER && packetsToLive-- == 0;
        if (dies && moment == Moment.BEFORE_PACKET) throw new Killed();
        Stream stream = streams.computeIfAbsent(packet.cell(), cell -> new Stream());
        if (packet.sequence() != stream.packets.size())
            throw new AssertionError(packet.sequence() + " after " + stream.packets.size());
        ByteBuffer copy = ByteBuffer.allocate(packet.records().remaining());
        copy.put(packet.records().duplicate()).flip().order(packet.records().order());
        stream.packets.add(
                new RingPacket(
                        packet.cell(),
                        packet.sequence(),
                        packet.packetNumber(),
                        packet.beginTicks(),
                        packet.endTicks(),
                        packet.recordCount(),
                        packet.lostTotal(),
                        copy));
        if (dies && moment == Moment.BEFORE_INDEX) throw new Killed();
        stream.indexed++;
        if (dies) throw new Killed();
    }

    long records() {
        long sum = 0;
        for (Stream stream : streams.values())
            for (RingPacket packet : stream.packets) sum += packet.recordCount();
        return sum;
    }

    /// What the last packets tell.
    long lost() {
        long sum = 0;
        for (Stream stream : streams.values())
            if (!stream.packets.isEmpty())
                sum += stream.packets.get(stream.packets.size() - 1).lostTotal();
        return sum;
    }

    /// The first thing that is wrong in a stream, or null.
    String problem() {
        for (Stream stream : streams.values()) {
            Map<Integer, Long> last = Flood.noRecords();
            RingPacket before = null;
            for (RingPacket packet : stream.packets) {
                String problem = Flood.check(packet, last);
                if (problem != null) return problem;
                if (before != null && packet.beginTicks() < before.endTicks())
                    return packet + " begins before the end of " + before;
                if (before != null && packet.lostTotal() < before.lostTotal())
                    return packet + " has lost less than " + before;
                before = packet;
            }
        }
        return null;
    }
}
