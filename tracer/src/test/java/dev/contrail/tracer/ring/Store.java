// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import dev.contrail.tracer.ring.read.PacketReceiver;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.read.StoredPacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A stream file per cell and its index, and a consumer that can be killed between writing them.
public final class Store implements PacketReceiver {
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

    /// Whether no packet ever grows.
    boolean isFixed;

    /// How many packets were replaced by longer ones.
    long grown;

    void killAt(Moment newMoment, Random random) {
        killAt(newMoment, random.nextInt(30));
    }

    void killAt(Moment newMoment, int packetsBefore) {
        moment = newMoment;
        packetsToLive = packetsBefore;
    }

    /// What a restarted consumer does first: cuts the torn tails.
    void restart() {
        for (Stream stream : streams.values()) {
            while (stream.packets.size() > stream.indexed) {
                stream.packets.remove(stream.packets.size() - 1);
            }
        }
    }

    @Override
    public StoredPacket lastStored(int cell) {
        Stream stream = streams.get(cell);
        if (stream == null || stream.indexed == 0) {
            return StoredPacket.NONE;
        }
        RingPacket last = stream.packets.get(stream.indexed - 1);
        return new StoredPacket(last.sequence(), last.records().remaining());
    }

    /// Now and then a packet has grown enough: its file may be full.
    @Override
    public boolean mayGrow(int cell, long sequence, int moreBytes) {
        Stream stream = streams.get(cell);
        if (stream == null || sequence != stream.packets.size() - 1) {
            throw new AssertionError("packet " + sequence + " is not the last one");
        }
        return moreBytes == 0 || !isFixed && sequence % 7 != 3;
    }

    @Override
    public void packet(RingPacket packet) throws IOException {
        boolean dies = moment != Moment.NEVER && packetsToLive-- == 0;
        if (dies && moment == Moment.BEFORE_PACKET) {
            throw new Killed();
        }
        Stream stream = streams.computeIfAbsent(packet.cell(), cell -> new Stream());
        boolean isGrown = packet.sequence() == stream.packets.size() - 1;
        if (!isGrown && packet.sequence() != stream.packets.size()) {
            throw new AssertionError(packet.sequence() + " after " + stream.packets.size());
        }
        RingPacket before = isGrown ? stream.packets.get(stream.packets.size() - 1) : null;
        if (isGrown && dies && moment == Moment.BEFORE_INDEX) {
            throw new Killed(); // the old one stays
        }
        if (isGrown) {
            checkGrowth(before, packet);
        }
        ByteBuffer copy = ByteBuffer.allocate(packet.records().remaining());
        copy.put(packet.records().duplicate()).flip().order(packet.records().order());
        RingPacket stored =
                new RingPacket(
                        packet.cell(),
                        packet.sequence(),
                        packet.packetNumber(),
                        packet.beginTicks(),
                        packet.endTicks(),
                        packet.recordCount() + (isGrown ? before.recordCount() : 0),
                        packet.lostTotal(),
                        copy);
        if (isGrown) {
            grown++;
            stream.packets.set(stream.packets.size() - 1, stored);
        } else {
            stream.packets.add(stored);
            if (dies && moment == Moment.BEFORE_INDEX) {
                throw new Killed();
            }
            stream.indexed++;
        }
        if (dies) {
            throw new Killed();
        }
    }

    private static void checkGrowth(RingPacket before, RingPacket after) {
        ByteBuffer start = after.records().slice(0, before.records().remaining());
        if (!start.equals(before.records().duplicate())) {
            throw new AssertionError(after + " does not go on with " + before);
        }
    }

    long records() {
        long sum = 0;
        for (Stream stream : streams.values()) {
            for (RingPacket packet : stream.packets) {
                sum += packet.recordCount();
            }
        }
        return sum;
    }

    /// What the last packets tell.
    long lost() {
        long sum = 0;
        for (Stream stream : streams.values()) {
            if (!stream.packets.isEmpty()) {
                sum += stream.packets.get(stream.packets.size() - 1).lostTotal();
            }
        }
        return sum;
    }

    /// The first thing that is wrong in a stream, or null.
    String problem() {
        for (Stream stream : streams.values()) {
            Map<Integer, Long> last = Flood.noRecords();
            RingPacket before = null;
            for (RingPacket packet : stream.packets) {
                String problem = Flood.check(packet, last);
                if (problem != null) {
                    return problem;
                }
                if (before != null && packet.beginTicks() < before.endTicks()) {
                    return packet + " begins before the end of " + before;
                }
                if (before == null && packet.lostTotal() > 0) {
                    return packet + " tells a loss of which nobody knows the beginning";
                }
                if (before != null && packet.lostTotal() < before.lostTotal()) {
                    return packet + " has lost less than " + before;
                }
                before = packet;
            }
        }
        return null;
    }
}
