// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Takes what waits in a [PacketQueue] to the output, the oldest first: a packet waits until the
/// output has said that it is stored, and goes there again where that is not known. Owned by the
/// sender thread.
final class Delivery {
    /// A packet that could not be stored, and may wait, is tried again after so long.
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// How long the end of a stream waits at a time for the packets before it.
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final SessionOutput output;
    private final AcknowledgedOutput acknowledged;
    private final PacketQueue queue;
    private final Given given;
    private final TimeSource clock;

    /// Whether the oldest packet could not be stored, and is tried again.
    private volatile boolean isFailing;

    private final Set<StreamKey> goingOn = ConcurrentHashMap.newKeySet();

    private long retryAt;
    private long announced;
    private long cuts;

    /// Records of packets that are lost, unless the next of their stream, which replaces them, is
    /// stored.
    private final Map<StreamKey, Long> replaced = new HashMap<>();

    Delivery(
            SessionOutput output,
            AcknowledgedOutput acknowledged,
            PacketQueue queue,
            Given given,
            TimeSource clock) {
        this.output = output;
        this.acknowledged = acknowledged;
        this.queue = queue;
        this.given = given;
        this.clock = clock;
        retryAt = clock.nanos();
    }

    /// Whether what waits does not become less. Any thread.
    boolean isFailing() {
        return isFailing;
    }

    /// When the next try is due.
    long retryAt() {
        return retryAt;
    }

    /// The next try is not due now.
    void putOff() {
        retryAt = clock.nanos() + RETRY_NANOS;
    }

    /// Sends what waits.
    ///
    /// @param most packets
    /// @return whether there was something
    boolean sendSome(long most) throws IOException {
        long sent = 0;
        while (sent < most && mayGoOn() && sendNext(false)) {
            sent++;
        }
        return sent > 0;
    }

    /// Whether the next try is due, and viewers know of the streams of all that waits.
    boolean mayGoOn() {
        return clock.nanos() - retryAt >= 0 && announceAll();
    }

    /// A stream of an earlier daemon goes on: where viewers follow, the output is to know that it
    /// does, also before there is a packet of it. Any thread.
    void goesOn(StreamKey stream) {
        output.goesOn(stream);
        if (output.beatNanos() > 0) {
            goingOn.add(stream);
        }
    }

    /// Viewers get to know of the streams of all that waits, before any of it is sent.
    ///
    /// @return whether they have
    private boolean announceAll() {
        long put = queue.put();
        if (output.beatNanos() == 0 || announced == put && goingOn.isEmpty()) {
            return true;
        }
        try {
            for (StreamKey each : queue.streams()) {
                announce(each);
            }
            for (StreamKey each : goingOn) {
                announce(each);
                goingOn.remove(each);
            }
        } catch (IOException later) {
            fail();
            return false;
        }
        announced = put;
        return true;
    }

    private void announce(StreamKey stream) throws IOException {
        String trace = stream.traceDirectory();
        acknowledged.metadata(trace, given.metadata(trace));
        output.announce(stream);
    }

    private void fail() {
        isFailing = true;
        putOff();
    }

    /// Sends the oldest one that waits and was not sent.
    ///
    /// @param isFinal whether it is lost, and counted, when it cannot be stored
    /// @return whether there was one, and it was sent or waits no more
    boolean sendNext(boolean isFinal) throws IOException {
        takeStored();
        Optional<QueuedPacket> first = queue.first();
        if (first.isEmpty()) {
            return isFinal && queue.sentCount() > 0 && settle(SETTLE_NANOS);
        }
        QueuedPacket item = first.get();
        boolean isEnd = item.kind() == QueuedPacket.Kind.END;
        if (isEnd && queue.sentCount() > 0) {
            return settle(SETTLE_NANOS);
        }
        try {
            if (isEnd) {
                acknowledged.end(item.stream());
            } else if (!isStored(item)) {
                String trace = item.stream().traceDirectory();
                acknowledged.metadata(trace, given.metadata(trace));
                output.send(item.stream(), item.entry(), item.packet());
                replaced.remove(item.stream());
                isFailing = false;
                queue.sent();
                takeStored();
                return true;
            }
        } catch (IOException | RuntimeException | InternalError failed) {
            LOG.log(System.Logger.Level.DEBUG, "Not stored: " + item.stream(), failed);
            boolean isKept = item.kind() == QueuedPacket.Kind.KEPT_PACKET && !item.isGone();
            takeStored();
            if (!isFinal && (isKept || output.isKept())) {
                fail();
                return false;
            }
            item = queue.first().orElse(item); // the oldest one, if others have to be sent again
            isEnd = item.kind() == QueuedPacket.Kind.END;
            if (!isEnd) {
                lose(item);
                given.withdraw(item.stream(), item.entry(), Optional.empty());
            }
        }
        isFailing = false;
        queue.taken();
        return true;
    }

    /// Waits no longer than that for word of what was sent.
    ///
    /// @return whether the output is still at it
    boolean settle(long nanos) throws IOException {
        try {
            output.settle(nanos);
            takeStored();
            return true;
        } catch (IOException again) {
            LOG.log(System.Logger.Level.DEBUG, "To be sent again", again);
            takeStored();
            fail();
            return false;
        }
    }

    /// Whether something was sent that waits for word. Any thread.
    boolean isUnsettled() {
        return queue.sentCount() > 0;
    }

    /// Takes note of what is stored, and of what was cut off and is to be sent again.
    void takeStored() throws IOException {
        if (output.cuts() != cuts) {
            cuts = output.cuts();
            queue.rewind();
            return;
        }
        while (queue.sentCount() > output.unsettled()) {
            QueuedPacket stored = queue.firstSent();
            acknowledged.stored(stored.stream(), stored.entry());
            queue.taken();
        }
    }

    /// Gives up the oldest packet that waits, and counts its records as lost; those that are under
    /// way are waited for first.
    ///
    /// @return whether there is something else to try, or it is done
    boolean makeRoom() throws IOException {
        takeStored();
        if (queue.sentCount() > 0) {
            return settle(SETTLE_NANOS);
        }
        Optional<QueuedPacket> oldest = queue.first();
        if (oldest.isEmpty()) {
            return false;
        }
        if (oldest.get().kind() == QueuedPacket.Kind.END) {
            return sendNext(true);
        }
        if (!isStored(oldest.get())) {
            lose(oldest.get());
        }
        queue.taken();
        return true;
    }

    /// Counts its records as lost; those that it has more than the packet that it replaces. One
    /// that will be replaced itself is in the next, which may be stored.
    private void lose(QueuedPacket item) {
        long before = Optional.ofNullable(replaced.remove(item.stream())).orElse(0L);
        long records = before + Math.max(0, item.entry().recordCount());
        if (queue.isReplaced()) {
            replaced.put(item.stream(), records);
        } else {
            output.lose(item.stream(), item.entry().withRecords(records));
        }
    }

    /// Whether the daemon before this one has stored it, or given it up, and died before it could
    /// take it off.
    private boolean isStored(QueuedPacket item) throws IOException {
        if (!item.isInherited()) {
            return false;
        }
        LostRecords.Lost lost = output.lost().of(item.stream());
        if (lost.records() > 0 && lost.endTicks() == item.entry().endTicks()) {
            return true; // given up, and counted
        }
        Optional<IndexEntry> last = acknowledged.last(item.stream());
        return last.isPresent()
                && item.entry().sequence() <= last.get().sequence()
                && !item.entry().isGrownFrom(last.get());
    }
}
