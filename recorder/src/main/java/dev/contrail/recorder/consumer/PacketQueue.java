// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.consumer.QueuedPacket.Kind;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.file.SpillBudget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/// Packets that wait for the output, in files that outlive the daemon: what was taken out of a ring
/// is here until it is stored.
///
/// One thread puts them at the end, one takes them from the front, and neither waits for the other.
///
/// The files are `NAME-N`, N counting up in 16 hexadecimal digits, each a [PacketChunk] of
/// [QueuedPacket]s. Files that were taken are used again, under a new name: memory that is at hand
/// costs less than new.
public final class PacketQueue implements Closeable {
    private static final int MOST_FORMS = 1024;

    /// Files that are kept for what comes next, and how long.
    private static final int MOST_SPARE = 2;

    private static final long QUIET_NANOS = 1_000_000_000;

    /// What fits into the present file without more memory.
    private static final int LEAST_ROOM = 128 << 10;

    private static final IndexEntry NO_ENTRY = new IndexEntry(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final ByteBuffer NO_PACKET = ByteBuffer.allocate(0);
    private static final System.Logger LOG = System.getLogger(PacketQueue.class.getName());

    private final Path directory;
    private final String name;
    private final SpillBudget budget;
    private final Deque<QueuedPacket> waiting = new ConcurrentLinkedDeque<>();

    /// Those that were sent and may be stored, the oldest first. Owned by who takes.
    private final Deque<QueuedPacket> sent = new ArrayDeque<>();

    private final BlockingQueue<PacketChunk> spare = new ArrayBlockingQueue<>(MOST_SPARE);
    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile long put; // written by who puts
    private volatile long taken; // by who takes
    private volatile long sentCount; // by who takes, with those that are taken
    private final Map<StreamKey, IndexEntry> inherited = new HashMap<>();

    // Owned by who puts.
    private final Map<StreamKey, byte[]> forms = new HashMap<>();
    private Optional<PacketChunk> last = Optional.empty();
    private Optional<ByteBuffer> room = Optional.empty();
    private long nextChunk;
    private long putAt = System.nanoTime() - QUIET_NANOS;
    private boolean isShort;

    private Optional<String> damage = Optional.empty();

    private PacketQueue(Path directory, String name, SpillBudget budget) {
        this.directory = directory;
        this.name = name;
        this.budget = budget;
    }

    /// The queue of that name, with what a daemon before this one has left in it.
    ///
    /// @param budget of all queues of this daemon
    public static PacketQueue open(Path directory, String name, SpillBudget budget) {
        var queue = new PacketQueue(directory, name, budget);
        var files = new ArrayList<Path>();
        try (var all = Files.newDirectoryStream(directory, name + "-*")) {
            all.forEach(files::add);
        } catch (NoSuchFileException none) {
            return queue;
        } catch (IOException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "Cannot read " + directory, unreadable);
        }
        files.sort(null);
        files.forEach(queue::inherit);
        return queue;
    }

    /// Whether there is memory for more; always, while nothing waits. What is put all the same
    /// takes more than it should. Who puts.
    boolean hasRoom() {
        if (isEmpty() || last.isPresent() && last.get().hasRoom(LEAST_ROOM)) {
            return true;
        }
        if (isShort) {
            isShort = isFileSystemShort();
        }
        return !isShort && (!spare.isEmpty() || budget.has(PacketChunk.USUAL_BYTES));
    }

    /// How long nothing was put. Who puts.
    long quietNanos() {
        return System.nanoTime() - putAt;
    }

    /// Gives all memory back, when nothing waits and nothing was put for a while. Who puts.
    void rest() throws IOException {
        if (isEmpty() && quietNanos() > QUIET_NANOS) {
            if (last.isPresent()) {
                PacketChunk its = last.get();
                last = Optional.empty();
                release(its);
            }
            deleteSpare();
        }
    }

    /// What a daemon before this one has left and cannot be read, in words. Any thread.
    Optional<String> damage() {
        return damage;
    }

    /// Where the next packet may be written, to be put without a copy. Who puts.
    ///
    /// @throws IOException when there is no room for it
    ByteBuffer room(StreamKey stream, int bytes) throws IOException {
        int headBytes = QueuedPacket.headBytes(form(stream));
        PacketChunk chunk = chunk(headBytes + bytes);
        ByteBuffer its = chunk.memory().slice(chunk.end() + headBytes, bytes);
        room = Optional.of(its);
        return its.order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Puts a packet at the end, from its position to its limit: that which was written to its
    /// [#room], or a copy of another.
    ///
    /// @throws IOException when there is no room for it; nothing was put then
    void put(Kind kind, StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        int bytes = packet.remaining();
        if (room.isEmpty() || room.get() != packet) {
            room(stream, bytes).put(packet);
        }
        room = Optional.empty();
        putAt = System.nanoTime();
        add(QueuedPacket.put(last.orElseThrow(), kind, stream, form(stream), entry, bytes));
    }

    /// Puts the word at the end that nothing more comes in a stream.
    void putEnd(StreamKey stream) throws IOException {
        put(Kind.END, stream, NO_ENTRY, NO_PACKET.duplicate());
        forms.remove(stream);
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
    }

    /// How many wait to be stored. Who takes.
    int sentCount() {
        return sent.size();
    }

    /// The oldest that was sent. Who takes.
    QueuedPacket firstSent() {
        return sent.element();
    }

    /// Those that were sent wait to be sent again. Who takes.
    void rewind() {
        sentCount = sentCount - sent.size();
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
        }
        taken = taken + 1;
        waitingBytes.addAndGet(-oldest.bytes());
        oldest.chunk().taken(oldest.end());
        release(oldest.chunk());
    }

    /// How many were put, with those of a daemon before this one. Any thread.
    long put() {
        return put;
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

    /// Any thread.
    boolean isEmpty() {
        return taken == put;
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
        for (PacketChunk each : kept) {
            each.close();
            budget.giveBack(each.bytes());
        }
        if (last.isPresent() && !kept.contains(last.get())) {
            delete(last.get());
        }
        last = Optional.empty();
        deleteSpare();
    }

    private void deleteSpare() throws IOException {
        for (PacketChunk each = spare.poll(); each != null; each = spare.poll()) {
            delete(each);
        }
    }

    private void add(QueuedPacket one) {
        one.chunk().hold();
        waitingBytes.addAndGet(one.bytes());
        put = put + 1; // before anybody can take it
        waiting.add(one);
    }

    private byte[] form(StreamKey stream) throws IOException {
        byte[] known = forms.get(stream);
        if (known == null) {
            known = QueuedPacket.form(stream);
            if (forms.size() == MOST_FORMS) {
                forms.clear();
            }
            forms.put(stream, known);
        }
        return known;
    }

    private void release(PacketChunk chunk) throws IOException {
        if (chunk.isLetGo() && (chunk.bytes() != PacketChunk.USUAL_BYTES || !spare.offer(chunk))) {
            delete(chunk);
        }
    }

    private void delete(PacketChunk chunk) throws IOException {
        budget.giveBack(chunk.bytes());
        chunk.delete();
    }

    /// One that has room for an item.
    private PacketChunk chunk(int itemBytes) throws IOException {
        if (last.isPresent() && last.get().hasRoom(itemBytes) && !last.get().isCut()) {
            return last.get();
        }
        isShort = isFileSystemShort();
        PacketChunk next = next(itemBytes);
        Optional<PacketChunk> before = last;
        last = Optional.of(next);
        if (before.isPresent()) {
            release(before.get());
        }
        return next;
    }

    private PacketChunk next(int itemBytes) throws IOException {
        PrivateFiles.directory(directory);
        Path path = directory.resolve("%s-%016x".formatted(name, nextChunk++));
        boolean isUsual = PacketChunk.bytesFor(itemBytes) <= PacketChunk.USUAL_BYTES;
        PacketChunk known = isUsual ? spare.poll() : null;
        if (known != null) {
            try {
                known.renew(path);
                return known;
            } catch (IOException gone) { // somebody has removed it
                delete(known);
            }
        }
        PacketChunk made = PacketChunk.create(path, itemBytes, isShort);
        budget.force(made.bytes());
        return made;
    }

    private boolean isFileSystemShort() {
        try {
            return SpillBudget.isShort(Files.getFileStore(directory), PacketChunk.USUAL_BYTES);
        } catch (IOException unknown) {
            LOG.log(System.Logger.Level.DEBUG, "room in " + directory, unknown);
            return false;
        }
    }

    /// Takes in a file that a daemon before this one has left.
    private void inherit(Path path) {
        String number = path.getFileName().toString().substring(name.length() + 1);
        if (!number.matches("[0-9a-f]{16}")) {
            return;
        }
        nextChunk = Math.max(nextChunk, Long.parseUnsignedLong(number, 16) + 1);
        try {
            PacketChunk chunk = PacketChunk.left(path);
            budget.force(chunk.bytes());
            try {
                addAll(chunk);
            } finally {
                release(chunk);
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
