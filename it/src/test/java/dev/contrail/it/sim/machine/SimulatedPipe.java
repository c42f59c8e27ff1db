// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// One direction of a connection.
final class SimulatedPipe {
    /// What may be under way.
    private static final int WINDOW = 128 << 10;

    private static final int MOST_SEGMENT = 16 << 10;

    private final SimulatedNetwork network;
    private final Simulation simulation;
    private final InetAddress from;
    private final InetAddress to;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final List<Thread> waiting = new ArrayList<>();
    private long lastAt;
    private int bytes;
    private boolean isClosed;
    private long closedAt;
    private boolean isReset;

    private record Segment(ByteBuffer bytes, long at) {}

    SimulatedPipe(SimulatedNetwork network, InetAddress from, InetAddress to) {
        this.network = network;
        this.simulation = network.simulation();
        this.from = from;
        this.to = to;
    }

    boolean isBetween(InetAddress one, InetAddress other) {
        return from.equals(one) && to.equals(other) || from.equals(other) && to.equals(one);
    }

    boolean isOver() {
        return isReset || isClosed && segments.isEmpty();
    }

    boolean isReset() {
        return isReset;
    }

    /// Takes some of the bytes.
    ///
    /// @return how many; 0 when no more may be under way
    int put(ByteBuffer from, boolean isFlipped) {
        int count = Math.min(from.remaining(), WINDOW - bytes);
        if (count <= 0) {
            return 0;
        }
        count = (int) Math.min(count, simulation.between(1, MOST_SEGMENT));
        byte[] copy = new byte[count];
        from.get(copy);
        if (isFlipped && !from.hasRemaining()) {
            copy[copy.length - 1] ^= (byte) (1 << simulation.between(0, 7));
        }
        lastAt = Math.max(lastAt, simulation.now() + simulation.between(20_000, 1_500_000));
        segments.add(new Segment(ByteBuffer.wrap(copy), lastAt));
        bytes += count;
        simulation.at(lastAt, this::changed);
        return count;
    }

    /// Some of what has come; 0 when nothing has, -1 when nothing will.
    int take(ByteBuffer into) {
        int count = 0;
        while (into.hasRemaining() && !segments.isEmpty() && !network.isSilent(from, to)) {
            Segment next = segments.peek();
            if (next.at > simulation.now()) {
                break;
            }
            int some = Math.min(next.bytes.remaining(), into.remaining());
            into.put(next.bytes.slice(next.bytes.position(), some));
            next.bytes.position(next.bytes.position() + some);
            count += some;
            bytes -= some;
            if (!next.bytes.hasRemaining()) {
                segments.remove();
            }
        }
        if (count > 0) {
            changed();
            return count;
        }
        boolean isEnd =
                isClosed
                        && segments.isEmpty()
                        && simulation.now() >= closedAt
                        && !network.isSilent(from, to);
        return isEnd ? -1 : 0;
    }

    /// The one who writes it has closed it.
    void close() {
        if (!isClosed) {
            isClosed = true;
            closedAt = Math.max(lastAt, simulation.now() + simulation.between(20_000, 1_500_000));
            simulation.at(closedAt, this::changed);
        }
    }

    void reset() {
        isReset = true;
        segments.clear();
        changed();
    }

    /// Who waits looks again.
    void changed() {
        if (!waiting.isEmpty()) {
            List<Thread> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(LockSupport::unpark);
        }
    }

    void await() {
        waiting.add(Thread.currentThread());
    }
}
