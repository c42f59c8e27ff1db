// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import dev.contrail.wire.net.Connection;
import dev.contrail.wire.relay.RelayCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.locks.LockSupport;

/// One end of a connection.
final class SimulatedConnection implements Connection {
    /// Shorter writes are no packets, whose bits may be flipped.
    private static final int LEAST_FLIPPED = 400;

    /// Where the command is in a request.
    private static final int COMMAND_AT = 16;

    private final SimulatedProcess process;
    private final Simulation simulation;
    private final SimulatedPipe out;
    private final SimulatedPipe in;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private boolean isClosed;

    SimulatedConnection(
            SimulatedProcess process,
            SimulatedPipe out,
            SimulatedPipe in,
            InetSocketAddress local,
            InetSocketAddress remote) {
        this.process = process;
        this.simulation = process.simulation();
        this.out = out;
        this.in = in;
        this.local = local;
        this.remote = remote;
        process.atEnd(this::drop);
    }

    @Override
    public int read(ByteBuffer into, long patienceNanos) throws IOException {
        long end = patienceNanos == FOR_EVER ? Long.MAX_VALUE : simulation.now() + patienceNanos;
        while (true) {
            int count = readNow(into);
            if (count != 0) {
                return count;
            }
            if (simulation.now() >= end) {
                throw new SocketTimeoutException("no answer");
            }
            await(in, end);
        }
    }

    private void await(SimulatedPipe pipe, long end) {
        pipe.await();
        if (end == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            simulation.park(this, end - simulation.now());
        }
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        process.step();
        check();
        return in.take(into);
    }

    private void check() throws IOException {
        if (isClosed) {
            throw new AsynchronousCloseException();
        }
        if (in.isReset() || out.isReset()) {
            throw new IOException("Connection reset");
        }
    }

    @Override
    public void write(long patienceNanos, ByteBuffer... bytes) throws IOException {
        for (ByteBuffer each : bytes) {
            boolean isFlipped =
                    each.remaining() > LEAST_FLIPPED
                            && each.getInt(each.position() + COMMAND_AT)
                                    == RelayCommand.SEND_PACKET.number()
                            && simulation.chance(process.machine().network().flips());
            write(patienceNanos, each, isFlipped);
        }
    }

    private void write(long patienceNanos, ByteBuffer bytes, boolean isFlipped) throws IOException {
        long end = patienceNanos == FOR_EVER ? Long.MAX_VALUE : simulation.now() + patienceNanos;
        while (bytes.hasRemaining()) {
            process.step();
            check();
            int count = out.put(bytes, isFlipped);
            if (count == 0) {
                if (simulation.now() >= end) {
                    throw new SocketTimeoutException("no answer");
                }
                await(out, end);
            } else if (end != Long.MAX_VALUE) {
                end = simulation.now() + patienceNanos;
            }
        }
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.step();
        }
        drop();
    }

    /// The operating system ends it.
    void drop() {
        if (!isClosed) {
            isClosed = true;
            out.close();
            in.changed();
            out.changed();
        }
    }
}
