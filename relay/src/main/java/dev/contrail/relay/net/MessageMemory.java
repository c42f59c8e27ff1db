// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.net;

import dev.contrail.wire.net.TimeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The memory that messages of the connections to a port have until they are whole. It is bounded,
/// so that what some peers send costs the others nothing. Any thread.
///
/// Where there is none left, who has been at one message for long gives way.
public final class MessageMemory {
    /// The part of the virtual machine's memory that it may be.
    private static final double PART = 0.375;

    /// How long a message may take when others want its memory.
    static final long LONGEST_MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// How long to wait for one that gives way.
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int PAUSES = 50;

    /// Who has some of it.
    interface Holder {
        /// Whether it has some now.
        boolean hasMemory();

        /// It gives way; any thread.
        void close();
    }

    private final boolean isDirect;
    private final long most;
    private final TimeSource clock;

    /// Who has messages under way, and since when; the oldest first.
    private final Map<Holder, Long> since = new LinkedHashMap<>();

    private long taken;

    /// @param isDirect whether what is sent goes to files as it is
    /// @param most bytes of all
    public MessageMemory(boolean isDirect, long most, TimeSource clock) {
        this.isDirect = isDirect;
        this.most = most;
        this.clock = clock;
    }

    /// As much as the virtual machine can spare.
    public static MessageMemory usual(boolean isDirect, TimeSource clock) {
        return new MessageMemory(isDirect, (long) (PART * Runtime.getRuntime().maxMemory()), clock);
    }

    boolean isDirect() {
        return isDirect;
    }

    /// Takes memory for a message of a peer's, perhaps that of another one.
    ///
    /// @return false when there is none
    boolean take(Holder peer, long bytes) {
        for (int tries = 0; tries < PAUSES; tries++) {
            Optional<Holder> late;
            synchronized (this) {
                since.putIfAbsent(peer, clock.nanos());
                if (taken + bytes <= most) {
                    taken += bytes;
                    return true;
                }
                late = late(peer);
            }
            if (late.isEmpty() && tries == 0) {
                return false;
            }
            late.ifPresent(Holder::close); // it gives back what it has when its thread ends
            try {
                clock.sleep(PAUSE_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private Optional<Holder> late(Holder wanting) {
        for (Map.Entry<Holder, Long> each : since.entrySet()) {
            if (clock.nanos() - each.getValue() < LONGEST_MESSAGE_NANOS) {
                return Optional.empty();
            }
            if (each.getKey() != wanting && each.getKey().hasMemory()) {
                since.remove(each.getKey());
                return Optional.of(each.getKey());
            }
        }
        return Optional.empty();
    }

    /// The message of a peer is whole.
    synchronized void whole(Holder peer) {
        since.remove(peer);
    }

    /// A peer does not need it any more.
    synchronized void give(Holder peer, long bytes) {
        taken -= bytes;
        since.remove(peer);
    }

    /// Whether nobody should keep what it does not need now.
    synchronized boolean isScarce() {
        return taken > most / 2;
    }
}
