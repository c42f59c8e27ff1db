// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.net;

import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.TimeSource;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// The other end of a connection. One thread reads and one writes; any thread may close it, which
/// ends what they wait for.
///
/// Threads that serve peers are never interrupted: that would close the files that they use.
public final class Peer implements AutoCloseable, MessageMemory.Holder {
    private static final int FIRST_BYTES = 16 * 1024;

    /// A buffer of one that has said nothing: there may be many who never will.
    private static final int SILENT_BYTES = 64;

    /// A buffer of one that speaks, for several small messages at once.
    private static final int SPOKEN_BYTES = 1024;

    /// A buffer that a connection keeps between messages: producers send packets of one size.
    private static final int MOST_KEPT_BYTES = 1024 * 1024;

    private static final long NOTHING = Long.MIN_VALUE;

    private final Connection connection;
    private final TimeSource clock;
    private final InetAddress address;
    private final String name;
    private final long since;
    private final MessageMemory memory;
    private final BooleanSupplier awaited;
    private ByteBuffer received;

    /// What it has of the memory for messages: beyond the first bytes, which everybody has.
    private final AtomicLong taken = new AtomicLong();

    /// Since when this end is in the middle of a message, or [#NOTHING].
    private volatile long receivingSince = NOTHING;

    /// Since when the other end is to take what is sent, or [#NOTHING].
    private volatile long sendingSince = NOTHING;

    /// Since when something is done about what it has said, or [#NOTHING].
    private volatile long workingSince = NOTHING;

    private volatile boolean hasErred;
    private volatile boolean hasSpoken;
    private volatile boolean isNeeded;
    private volatile boolean isClosed;

    /// @param memory for its messages
    /// @param awaited whether somebody waits for it to speak
    Peer(Connection connection, TimeSource clock, MessageMemory memory, BooleanSupplier awaited) {
        this.connection = connection;
        this.clock = clock;
        this.memory = memory;
        this.awaited = awaited;
        since = clock.nanos();
        InetSocketAddress remote = connection.remote();
        address = remote.getAddress();
        name = address.getHostAddress() + ":" + remote.getPort();
        received = allocate(SILENT_BYTES).limit(0);
    }

    private ByteBuffer allocate(int bytes) {
        return memory.isDirect() ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    /// Where it is.
    public InetAddress address() {
        return address;
    }

    /// It has said something that makes it more than a connection. Called by the thread that reads.
    public void speaks() {
        hasSpoken = true;
        if (received.capacity() < SPOKEN_BYTES) {
            received = allocate(SPOKEN_BYTES).put(received).flip();
        }
    }

    /// Something depends on its connection, such as the session of a producer or one that a viewer
    /// has attached; or nothing any more.
    public void holds(boolean something) {
        isNeeded = something;
    }

    /// Whether this end has closed the connection.
    public boolean isClosed() {
        return isClosed;
    }

    /// Whether it has said nothing, and nobody waits for it.
    boolean isSilent() {
        return !hasSpoken && !isClosed && !awaited.getAsBoolean();
    }

    /// Whether nothing depends on its connection, and nothing is done about what it has said.
    boolean isIdle() {
        return !isNeeded && !isClosed && workingNanos() == 0 && !awaited.getAsBoolean();
    }

    /// For how long it has kept this end waiting: within a message, or with what is sent to it.
    long stalledNanos() {
        long now = clock.nanos();
        return Math.max(since(receivingSince, now), since(sendingSince, now));
    }

    /// For how long something has been done about what it has said.
    long workingNanos() {
        return since(workingSince, clock.nanos());
    }

    /// Who serves it has met what nobody has foreseen.
    public void erred() {
        hasErred = true;
    }

    boolean hasErred() {
        return hasErred;
    }

    private static long since(long begin, long now) {
        return begin == NOTHING ? 0 : now - begin;
    }

    /// For how long it has been connected.
    long connectedNanos() {
        return clock.nanos() - since;
    }

    /// Waits until so many bytes are there; the buffer grows as they come, not as they are
    /// announced.
    ///
    /// @return false when the peer has ended the connection before the first of them
    /// @throws EOFException when it has ended it among them
    public boolean await(int bytes) throws IOException {
        workingSince = clock.nanos();
        if (!reserve(bytes)) {
            throw new IOException("no memory for a message of %d bytes".formatted(bytes));
        }
        if (!awaitReserved(bytes)) {
            return false;
        }
        if (taken.get() > 0) {
            memory.whole(this);
        }
        return true;
    }

    /// Has memory for so many bytes, which then come: what the last message needed is given back
    /// where it is much, or scarce.
    ///
    /// @return false when there is none
    public boolean reserve(int bytes) {
        boolean isKept = taken.get() <= MOST_KEPT_BYTES && !memory.isScarce();
        if (taken.get() > 0 && !isKept && Math.max(bytes, received.remaining()) <= FIRST_BYTES) {
            received = allocate(FIRST_BYTES).put(received).flip();
            release();
        }
        long more = bytes - FIRST_BYTES - taken.get();
        if (more > 0) {
            if (!memory.take(this, more)) {
                return false;
            }
            taken.addAndGet(more);
        }
        return true;
    }

    /// Gives its memory back: nothing more is read.
    void release() {
        memory.give(this, taken.getAndSet(0));
    }

    @Override
    public boolean hasMemory() {
        return taken.get() > 0;
    }

    private boolean awaitReserved(int bytes) throws IOException {
        while (received.remaining() < bytes) {
            int have = received.remaining();
            receivingSince = have == 0 ? NOTHING : clock.nanos();
            int more = fill(bytes, Connection.FOR_EVER);
            receivingSince = NOTHING;
            if (more < 0) {
                if (have == 0) {
                    return false;
                }
                throw new EOFException("ends after %d of %d bytes".formatted(have, bytes));
            }
        }
        return true;
    }

    private int fill(int bytes, long patienceNanos) throws IOException {
        makeRoom(bytes);
        int begin = received.position();
        received.position(received.limit()).limit(received.capacity());
        workingSince = NOTHING;
        try {
            return connection.read(received, patienceNanos);
        } finally {
            workingSince = clock.nanos();
            received.limit(received.position()).position(begin);
        }
    }

    private void makeRoom(int bytes) {
        if (received.limit() < received.capacity()
                && received.position() + bytes <= received.capacity()) {
            return;
        }
        if (received.position() > 0) {
            received.compact().flip();
        }
        if (received.limit() == received.capacity()) {
            long more = Math.max(FIRST_BYTES, Math.min(2L * received.capacity(), bytes));
            received = allocate((int) more).put(received).flip();
        }
    }

    /// What has been received and not yet taken; big-endian.
    public ByteBuffer received() {
        return received;
    }

    /// The next bytes, which are there, taken: worth something until the next [#await].
    public ByteBuffer take(int bytes) {
        ByteBuffer taken = received.slice(received.position(), bytes);
        received.position(received.position() + bytes);
        return taken;
    }

    /// Takes bytes, and forgets them.
    public void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int part = (int) Math.min(left, FIRST_BYTES);
            if (!await(part)) {
                throw new EOFException("ends with %d bytes to skip".formatted(left));
            }
            take(part);
            left -= part;
        }
    }

    /// Waits for bytes as [#await], but no longer than that.
    ///
    /// @return whether they are there
    public boolean awaitFor(int bytes, int millis) throws IOException {
        if (received.remaining() >= bytes) {
            return true;
        }
        long patience = TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (received.remaining() < bytes && fill(bytes, patience) >= 0) {
                continue;
            }
            return received.remaining() >= bytes;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /// Sends all of it.
    public void send(ByteBuffer bytes) throws IOException {
        workingSince = NOTHING;
        sendingSince = clock.nanos();
        connection.write(Connection.FOR_EVER, bytes);
        sendingSince = NOTHING;
        workingSince = clock.nanos();
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            connection.close();
        } catch (IOException e) {
            return; // as closed as it can be
        }
    }

    /// Its address and port, for messages.
    @Override
    public String toString() {
        return name;
    }
}
