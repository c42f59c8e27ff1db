// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import dev.contrail.wire.net.Acceptor;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/// What lies between the machines. What is sent on one connection comes in order, after a while
/// that is another one each time; a way from one machine to another may be silent for a time, and
/// connections may be cut.
public final class SimulatedNetwork {
    private final Simulation simulation;
    private final Map<InetSocketAddress, Port> ports = new HashMap<>();
    private final List<SimulatedPipe> pipes = new ArrayList<>();
    private final Map<List<InetAddress>, Long> silentUntil = new HashMap<>();
    private int nextPort = 20_000;

    /// How likely a packet is flipped in a bit.
    private double flips;

    public SimulatedNetwork(Simulation simulation) {
        this.simulation = simulation;
    }

    Simulation simulation() {
        return simulation;
    }

    public void flip(double probability) {
        flips = probability;
    }

    double flips() {
        return flips;
    }

    /// Nothing comes that way for so long; it comes then.
    public void silence(InetAddress from, InetAddress to, long nanos) {
        silentUntil.merge(List.of(from, to), simulation.now() + nanos, Math::max);
        simulation.after(nanos, () -> pipes.forEach(SimulatedPipe::changed));
    }

    /// All is as it should be from now on.
    public void heal() {
        silentUntil.clear();
        flips = 0;
        pipes.forEach(SimulatedPipe::changed);
    }

    boolean isSilent(InetAddress from, InetAddress to) {
        return silentUntil.getOrDefault(List.of(from, to), 0L) > simulation.now();
    }

    /// All connections between two machines are cut.
    public void cut(InetAddress one, InetAddress other) {
        for (SimulatedPipe each : List.copyOf(pipes)) {
            if (each.isBetween(one, other)) {
                each.reset();
            }
        }
        pipes.removeIf(SimulatedPipe::isOver);
    }

    /// The network as a process sees it.
    Network of(SimulatedProcess process) {
        return new Network() {
            @Override
            public Connection connect(InetSocketAddress to, long patienceNanos) throws IOException {
                return SimulatedNetwork.this.connect(process, to, patienceNanos);
            }

            @Override
            public Acceptor listen(InetSocketAddress at) throws IOException {
                process.step();
                var place = new InetSocketAddress(process.machine().address(), at.getPort());
                if (ports.containsKey(place)) {
                    throw new BindException("Address already in use");
                }
                var port = new Port(place, process);
                ports.put(place, port);
                process.atEnd(port::close);
                return port;
            }
        };
    }

    private Connection connect(SimulatedProcess from, InetSocketAddress to, long patienceNanos)
            throws IOException {
        from.step();
        InetAddress here = from.machine().address();
        InetAddress there = to.getAddress();
        long end = simulation.now() + patienceNanos;
        long latency = simulation.between(50_000, 2_000_000);
        from.clock().park(this, latency);
        while (isSilent(here, there) || isSilent(there, here)) {
            if (simulation.now() >= end) {
                throw new SocketTimeoutException("no answer");
            }
            from.clock().park(this, Math.min(end - simulation.now(), SimulatedProcess.millis(100)));
        }
        Port port = ports.get(to);
        if (port == null) {
            throw new ConnectException("Connection refused");
        }
        from.step();
        var local = new InetSocketAddress(here, nextPort++);
        var out = new SimulatedPipe(this, here, there);
        var in = new SimulatedPipe(this, there, here);
        pipes.add(out);
        pipes.add(in);
        var mine = new SimulatedConnection(from, out, in, local, to);
        var theirs = new SimulatedConnection(port.process, in, out, to, local);
        port.come.add(theirs);
        port.wake();
        return mine;
    }

    private final class Port implements Acceptor {
        private final InetSocketAddress place;
        private final SimulatedProcess process;
        private final Queue<Connection> come = new ArrayDeque<>();
        private final List<Thread> waiting = new ArrayList<>();
        private boolean isOpen = true;

        Port(InetSocketAddress place, SimulatedProcess process) {
            this.place = place;
            this.process = process;
        }

        @Override
        public Connection accept() throws IOException {
            while (true) {
                process.step();
                if (!isOpen) {
                    throw new ClosedChannelException();
                }
                Connection next = come.poll();
                if (next != null) {
                    return next;
                }
                waiting.add(Thread.currentThread());
                LockSupport.park(this);
            }
        }

        void wake() {
            waiting.forEach(LockSupport::unpark);
            waiting.clear();
        }

        @Override
        public InetSocketAddress address() {
            return place;
        }

        @Override
        public boolean isOpen() {
            return isOpen;
        }

        @Override
        public void close() {
            isOpen = false;
            ports.remove(place, this);
            for (Connection each : come) {
                ((SimulatedConnection) each).drop();
            }
            come.clear();
            wake();
        }
    }
}
