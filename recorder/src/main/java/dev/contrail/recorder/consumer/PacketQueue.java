// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.consumer.QueuedPacket.Kind;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.wire.net.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/// Packets that wait for the output, in files that outlive the daemon: what was taken out of a ring
/// is here until it is stored.
///
/// One thread takes them from the front; those that put have a [QueueEnd] each, and none waits for
/// another. The files, of a [ChunkPool], are [PacketChunk]s of [QueuedPacket]s.
public final class PacketQueue implements Closeable {
    private static final System.Logger LOG = System.getLogger(PacketQueue.class.getName());

    private final ChunkPool pool;
    private final long mostBytes;
    private final Deque<QueuedPacket> waiting = new ConcurrentLinkedDeque<>();

    /// Those that were sent and may be stored, the oldest first. Who takes puts and takes.
    private final Deque<QueuedPacket> sent = new ConcurrentLinkedDeque<>();

    private int underWay;

    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong put = new AtomicLong();
    private volatile long taken; // by who takes
    private volatile long sentCount; // by who takes, with those that are taken
    private volatile boolean isWanting;
    private final Map<StreamKey, IndexEntry> inherited = new HashMap<>();
    private final QueueEnd end;
    private final QueueEnd secondEnd;
    private Optional<String> damage = Optional.empty();

    private PacketQueue(
            Path directory, String name, SpillBudget budget, long mostBytes, TimeSource clock) {
        this.pool = new ChunkPool(directory, name, budget);
        this.mostBytes = mostBytes;
        this.end = new QueueEnd(pool, new Rest(), clock);
        this.secondEnd = new QueueEnd(pool, new Rest(), clock);
    }

    /// The queue of that name, with what a daemon before this one has left in it.
    ///
    /// @param budget of all queues of this daemon
    public static PacketQueue open(Path directory, String name, SpillBudget budget) {
        return open(directory, name, budget, Long.MAX_VALUE, TimeSource.SYSTEM);
    }

    /// As [#open(Path, String, SpillBudget)].
    ///
    /// @param mostBytes that shall wait
    public static PacketQueue open(
            Path directory, String name, SpillBudget budget, long mostBytes, TimeSource clock) {
        var queue = new PacketQueue(directory, name, budget, mostBytes, clock);
        var files = new ArrayList<Path>();
        try (var all = Files.newDirectoryStream(directory, name + "-*")) {
            all.forEach(files::add);
        } catch (NoSuchFileException none) {
            return queue;
        } catch (IOException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "Cannot read " + directory, unreadable);
        }
        files.sort(null);
        files.forEach(each -> queue.inherit(each, name));
        return queue;
    }

    /// What an end sees of it. Any thread.
    private final class Rest implements QueueEnd.Waiting {
        @Override
        public void add(QueuedPacket one) {
            PacketQueue.this.add(one);
        }

        @Override
        public boolean hasRoom(int bytes) {
            return waitingBytes.get() + bytes <= mostBytes;
        }

        @Override
        public void wanted() {
            isWanting = true;
        }

        @Override
        public boolean isEmpty() {
            return PacketQueue.this.isEmpty();
        }
    }

    /// Where the consumer puts.
    QueueEnd end() {
        return end;
    }

    /// Where another thread puts, other streams.
    QueueEnd secondEnd() {
        return secondEnd;
    }

    /// Whether somebody has found no room since the last call, and there is still none. Any thread.
    boolean takeWanting() {
        boolean was = isWanting;
        isWanting = false;
        boolean isFull = waitingBytes.get() + QueueEnd.LEAST_ROOM > mostBytes;
        return was && (isFull || !pool.hasRoom());
    }

    /// All that may wait. Any thread.
    long mostBytes() {
        return mostBytes;
    }

    /// What a daemon before this one has left and cannot be read, in words. Any thread.
    Optional<String> damage() {
        return damage;
    }

    /// The oldest that waits and was not sent. Who takes.
    Optional<QueuedPacket> first() {
        return Optional.ofNullable(waiting.peek());
    }

    /// Whether the oldest one has grown since it was put: the next of its stream takes its place.
    /// Who takes.
    boolean isReplaced() {
        QueuedPacket oldest = waiting.element();
        return waiting.stream()
                .skip(1)
                .filter(each -> each.stream().equals(oldest.stream()))
                .findFirst()
                .filter(next -> next.kind() != Kind.END)
                .filter(next -> next.entry().sequence() == oldest.entry().sequence())
                .isPresent();
    }

    /// The [#first] one was sent, and waits to be stored. Who takes.
    void sent() {
        sentCount = sentCount + 1;
        sent.add(waiting.remove());
        underWay++;
    }

    /// How many wait to be stored. Who takes.
    int sentCount() {
        return underWay;
    }

    /// The oldest that was sent. Who takes.
    QueuedPacket firstSent() {
        return sent.element();
    }

    /// Those that were sent wait to be sent again. Who takes.
    void rewind() {
        sentCount = sentCount - underWay;
        underWay = 0;
        while (!sent.isEmpty()) {
            waiting.addFirst(sent.removeLast());
        }
    }

    /// The oldest one waits no more, also for a next daemon: it is stored, or counted as lost. Who
    /// takes.
    void taken() throws IOException {
        QueuedPacket oldest;
        if (sent.isEmpty()) {
            sentCount = sentCount + 1;
            oldest = waiting.remove();
        } else {
            oldest = sent.remove();
            underWay--;
        }
        taken = taken + 1;
        waitingBytes.addAndGet(-oldest.bytes());
        oldest.chunk().taken(oldest.end());
        pool.release(oldest.chunk());
    }

    /// How many were put, with those of a daemon before this one. Any thread.
    long put() {
        return put.get();
    }

    /// How many were sent or wait no more. Any thread.
    long sentOff() {
        return sentCount;
    }

    /// The streams of the packets that wait. Who takes.
    Set<StreamKey> streams() {
        var all = new LinkedHashSet<StreamKey>();
        for (QueuedPacket each : waiting) {
            if (each.kind() != Kind.END) {
                all.add(each.stream());
            }
        }
        return all;
    }

    /// Bytes of packets that wait. Any thread.
    long waitingBytes() {
        return waitingBytes.get();
    }

    /// The oldest that waits, whether it was sent or not. Any thread.
    Optional<QueuedPacket> oldest() {
        QueuedPacket first = sent.peek();
        return Optional.ofNullable(first == null ? waiting.peek() : first);
    }

    /// Any thread.
    boolean isEmpty() {
        return taken == put.get();
    }

    /// The newest packet of a stream that a daemon before this one has put there.
    Optional<IndexEntry> inherited(StreamKey stream) {
        return Optional.ofNullable(inherited.get(stream));
    }

    /// Nobody puts or takes any more. What waits stays for a next daemon.
    @Override
    public void close() throws IOException {
        var kept = new HashSet<PacketChunk>();
        sent.forEach(each -> kept.add(each.chunk()));
        waiting.forEach(each -> kept.add(each.chunk()));
        for (QueueEnd each : List.of(end, secondEnd)) {
            if (each.present().filter(kept::contains).isEmpty()) {
                each.close();
            }
        }
        for (PacketChunk each : kept) {
            pool.leave(each);
        }
        pool.deleteSpare();
    }

    private void add(QueuedPacket one) {
        one.chunk().hold();
        waitingBytes.addAndGet(one.bytes());
        put.incrementAndGet(); // before anybody can take it
        waiting.add(one);
    }

    /// Takes in a file that a daemon before this one has left.
    private void inherit(Path path, String name) {
        String number = path.getFileName().toString().substring(name.length() + 1);
        if (!number.matches("[0-9a-f]{16}")) {
            return;
        }
        try {
            PacketChunk chunk = pool.left(path, Long.parseUnsignedLong(number, 16));
            try {
                addAll(chunk);
            } finally {
                pool.release(chunk);
            }
        } catch (IOException | RuntimeException unreadable) {
            damage =
                    Optional.of(
                            "Some of what an earlier daemon had taken out of rings is lost: %s: %s"
                                    .formatted(path, Reason.of(unreadable)));
            LOG.log(System.Logger.Level.WARNING, damage.get(), unreadable);
        }
    }

    private void addAll(PacketChunk chunk) throws IOException {
        int at = chunk.taken();
        for (var next = QueuedPacket.left(chunk, at);
                next.isPresent();
                next = QueuedPacket.left(chunk, at)) {
            QueuedPacket one = next.get();
            add(one);
            if (one.kind() != Kind.END) {
                inherited.put(one.stream(), one.entry());
            }
            at = one.end();
        }
    }
}
