// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.IndexEntry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Packets that wait for the output, in files that outlive the daemon: what was taken out of a ring
/// is here until it is stored.
///
/// One thread puts them at the end, one takes them from the front, and neither waits for the other.
///
/// The files are `NAME-N`, N counting up in 16 hexadecimal digits, each of about a MiB. A file
/// begins with the `u64` offset up to which everything in it was taken, or 0. From offset 8 on,
/// behind each other, little-endian: `u32` bytes of the whole thing, written last; `u32` kind;
/// trace directory, channel and suffix, each as `u16` and so many bytes of UTF-8; `u64` stream
/// instance, `u64` bytes and `u32` number of the stream's files; the nine numbers of its index
/// entry, `u64` each; the packet. Where the first word is 0, or the file ends, nothing follows.
final class PacketQueue implements Closeable {
    /// What to do with it.
    enum Kind {
        /// Store it, or count its records as lost.
        PACKET,
        /// Store it, again and again until that is possible.
        KEPT_PACKET,
        /// Nothing more comes in that stream.
        END
    }

    /// One of those that wait.
    ///
    /// @param isInherited whether a daemon before this one has put it there, and may have stored it
    /// @param at where its packet is
    record Item(
            Kind kind,
            StreamKey stream,
            IndexEntry entry,
            boolean isInherited,
            Chunk chunk,
            long at,
            int bytes) {}

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MOST_HEAD_BYTES = 4096;
    private static final int FIRST_AT = Long.BYTES;
    private static final int ENTRY_NUMBERS = 9;

    /// This part of the file system is left to others.
    private static final int PART_LEFT = 4;

    private static final IndexEntry NO_ENTRY = new IndexEntry(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final System.Logger LOG = System.getLogger(PacketQueue.class.getName());

    private final Path directory;
    private final String name;
    private final SpillBudget budget;
    private final Queue<Item> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Map<StreamKey, IndexEntry> inherited = new HashMap<>();

    // Owned by who puts.
    private final ByteBuffer head = ByteBuffer.allocateDirect(MOST_HEAD_BYTES);
    private final ByteBuffer length = ByteBuffer.allocateDirect(Integer.BYTES);
    private Optional<Chunk> last = Optional.empty();
    private long nextChunk;
    private boolean isShort;

    // Owned by who takes.
    private ByteBuffer room = ByteBuffer.allocateDirect(0);

    private final ByteBuffer takenUpTo =
            ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /// A file of it. It is deleted when everything in it was taken and nothing more is put there.
    static final class Chunk {
        private final Path path;
        private final FileChannel file;

        /// Who holds it: each that waits, and who puts.
        private final AtomicInteger holders = new AtomicInteger(1);

        private long size = FIRST_AT;

        private Chunk(Path path, FileChannel file) {
            this.path = path;
            this.file = file;
        }
    }

    private PacketQueue(Path directory, String name, SpillBudget budget) {
        this.directory = directory;
        this.name = name;
        this.budget = budget;
        head.order(ByteOrder.LITTLE_ENDIAN);
        length.order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The queue of that name, with what a daemon before this one has left in it.
    ///
    /// @param budget of all queues of this daemon
    static PacketQueue open(Path directory, String name, SpillBudget budget) {
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

    /// Whether there is memory for more. What is put all the same takes more than it should. Who
    /// puts.
    boolean hasRoom() {
        if (isShort) {
            isShort = isFileSystemShort();
        }
        return !isShort && budget.has(CHUNK_BYTES);
    }

    /// Puts a packet at the end, from its position to its limit, or the word that a stream ends.
    ///
    /// @throws IOException when there is no room for it; nothing was put then
    void put(Kind kind, StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        Chunk chunk = chunk();
        head.clear().putInt(0).putInt(kind.ordinal());
        putText(stream.traceDirectory());
        putText(stream.channel());
        putText(stream.suffix());
        head.putLong(stream.instanceId()).putLong(stream.fileBytes()).putInt(stream.fileCount());
        putEntry(head, entry);
        int headBytes = head.flip().remaining();
        int bytes = packet.remaining();
        long at = chunk.size;
        try {
            ByteBuffer[] both = {head, packet};
            chunk.file.position(at);
            while (head.hasRemaining() || packet.hasRemaining()) {
                chunk.file.write(both);
            }
            length.clear().putInt(headBytes + bytes).flip();
            chunk.file.write(length, at);
        } catch (IOException full) {
            chunk.file.truncate(at);
            throw full;
        }
        chunk.size = at + headBytes + bytes;
        add(new Item(kind, stream, entry, false, chunk, at + headBytes, bytes));
    }

    /// Puts the word at the end that nothing more comes in a stream.
    void putEnd(StreamKey stream) throws IOException {
        put(Kind.END, stream, NO_ENTRY, ByteBuffer.allocate(0));
    }

    /// The oldest that waits. Who takes.
    Optional<Item> first() {
        return Optional.ofNullable(waiting.peek());
    }

    /// Its packet; the next call gives the same memory. Who takes.
    ByteBuffer packet(Item item) throws IOException {
        if (room.capacity() < item.bytes) {
            room = ByteBuffer.allocateDirect(Math.max(item.bytes, 2 * room.capacity()));
        }
        room.clear().limit(item.bytes);
        while (room.hasRemaining()) {
            if (item.chunk.file.read(room, item.at + room.position()) < 0) {
                throw new IOException(item.chunk.path + " was cut off");
            }
        }
        return room.flip();
    }

    /// The oldest one waits no more, also for a next daemon: it is stored, or counted as lost. Who
    /// takes.
    void taken() throws IOException {
        Item item = waiting.remove();
        waitingBytes.addAndGet(-item.bytes);
        takenUpTo.clear().putLong(item.at + item.bytes).flip();
        item.chunk.file.write(takenUpTo, 0);
        release(item.chunk);
    }

    /// Bytes of packets that wait. Any thread.
    long waitingBytes() {
        return waitingBytes.get();
    }

    /// Any thread.
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// The newest packet of a stream that a daemon before this one has put there.
    Optional<IndexEntry> inherited(StreamKey stream) {
        return Optional.ofNullable(inherited.get(stream));
    }

    /// Nobody puts or takes any more. What waits stays for a next daemon.
    @Override
    public void close() throws IOException {
        for (Item each : waiting) {
            if (each.chunk.file.isOpen()) {
                each.chunk.file.close();
                budget.giveBack(CHUNK_BYTES);
            }
        }
        if (last.isPresent()) {
            release(last.get());
            last = Optional.empty();
        }
    }

    private void add(Item item) {
        item.chunk.holders.incrementAndGet();
        waitingBytes.addAndGet(item.bytes);
        waiting.add(item);
    }

    private void release(Chunk chunk) throws IOException {
        if (chunk.holders.decrementAndGet() == 0) {
            chunk.file.close();
            Files.deleteIfExists(chunk.path);
            budget.giveBack(CHUNK_BYTES);
        }
    }

    private Chunk chunk() throws IOException {
        if (last.isPresent() && last.get().size < CHUNK_BYTES) {
            return last.get();
        }
        PrivateFiles.directory(directory);
        Path path = directory.resolve("%s-%016x".formatted(name, nextChunk));
        var made =
                new Chunk(
                        path,
                        PrivateFiles.open(
                                path,
                                Set.of(
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.READ,
                                        StandardOpenOption.WRITE)));
        nextChunk++;
        budget.force(CHUNK_BYTES);
        isShort = isFileSystemShort();
        if (last.isPresent()) {
            release(last.get());
        }
        last = Optional.of(made);
        return made;
    }

    private boolean isFileSystemShort() {
        try {
            FileStore store = Files.getFileStore(directory);
            return store.getUsableSpace() - CHUNK_BYTES < store.getTotalSpace() / PART_LEFT;
        } catch (IOException unknown) {
            LOG.log(System.Logger.Level.DEBUG, "room in " + directory, unknown);
            return false;
        }
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head.putShort((short) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void putEntry(ByteBuffer out, IndexEntry entry) {
        out.putLong(entry.packetBits()).putLong(entry.contentBits());
        out.putLong(entry.beginTicks()).putLong(entry.endTicks());
        out.putLong(entry.recordCount()).putLong(entry.discardedEvents());
        out.putLong(entry.streamClassId()).putLong(entry.streamInstanceId());
        out.putLong(entry.sequence());
    }

    static IndexEntry entry(ByteBuffer in) {
        long[] numbers = new long[ENTRY_NUMBERS];
        for (int i = 0; i < ENTRY_NUMBERS; i++) {
            numbers[i] = in.getLong();
        }
        return new IndexEntry(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                numbers[7],
                numbers[8]);
    }

    /// Takes in a file that a daemon before this one has left.
    private void inherit(Path path) {
        String number = path.getFileName().toString().substring(name.length() + 1);
        if (!number.matches("[0-9a-f]{16}")) {
            return;
        }
        nextChunk = Math.max(nextChunk, Long.parseUnsignedLong(number, 16) + 1);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            var chunk = new Chunk(path, PrivateFiles.open(path, options));
            budget.force(CHUNK_BYTES);
            try {
                addAll(chunk);
            } finally {
                release(chunk);
            }
        } catch (IOException | BufferUnderflowException | IllegalArgumentException damage) {
            LOG.log(System.Logger.Level.WARNING, path + " is damaged", damage);
        }
    }

    private void addAll(Chunk chunk) throws IOException {
        long size = chunk.file.size();
        ByteBuffer in = ByteBuffer.allocate(MOST_HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (chunk.file.read(in, 0) < FIRST_AT) {
            return;
        }
        for (long at = Math.max(FIRST_AT, in.getLong(0)); at < size; ) {
            in.clear();
            while (in.hasRemaining() && chunk.file.read(in, at + in.position()) > 0) {}
            in.flip();
            if (in.remaining() < 2 * Integer.BYTES) {
                break;
            }
            int whole = in.getInt();
            int kind = in.getInt();
            if (whole <= 0 || at + whole > size) {
                break;
            }
            if (kind < 0 || kind >= Kind.values().length) {
                throw new IOException("kind " + kind + " at " + at);
            }
            StreamKey stream =
                    new StreamKey(
                            text(in), text(in), text(in), in.getLong(), in.getLong(), in.getInt());
            IndexEntry entry = entry(in);
            int bytes = whole - in.position();
            if (bytes < 0) {
                throw new IOException("length " + whole + " at " + at);
            }
            add(
                    new Item(
                            Kind.values()[kind],
                            stream,
                            entry,
                            true,
                            chunk,
                            at + in.position(),
                            bytes));
            if (kind != Kind.END.ordinal()) {
                inherited.put(stream, entry);
            }
            at += whole;
        }
    }
}
