// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// The ring file that this process writes: made at the first pool, kept until the process ends.
///
/// Owned by the link thread, except [#closeBlocks] and [#giveUpIfCut]; every other method takes the
/// same lock.
public final class RingWriter {
    private static final long DEFAULT_SIZE = (256L << 20) + Layout.MAX_METADATA;
    private static final int ZEROS = 1 << 20;

    /// What nobody has asked for is opened when there is so many times its memory.
    private static final int PLENTY = 4;

    private static final long PAIR_PERIOD_NANOS = 60_000_000_000L;

    /// A pool that no consumer has looked at for so long is nobody's.
    private static final long ABANDONED_NANOS = 86_400_000_000_000L;

    /// Not a channel: those are closed when their thread is interrupted.
    private static RandomAccessFile storage;

    private static Path file;

    /// Tells the file from another one at its path; null where the system does not.
    private static Object fileKey;

    private static long fileSize;
    private static RingWriter writer;

    /// Why nothing is recorded any more; empty as long as the file is whole.
    private static volatile String broken = "";

    /// The pools that writers may be in, for whoever finds the file cut.
    private static volatile WriterPool[] written = {};

    private final List<WriterPool> pools = new ArrayList<>();

    /// Closed pools with a thread inside that does not come out: their memory is not used again.
    private final Set<WriterPool> busy = new HashSet<>();

    private final int metadataOffset = Layout.metadataOffset(fileSize);
    private final int metadataCapacity = Layout.metadataCapacity(fileSize);
    private final Extents extents = new Extents(Layout.MIN_FILE, Layout.extentsEnd(fileSize));
    private int generation;
    private long metadataLength;
    private long lastPair;
    private int pairs;

    private RingWriter() {}

    /// The ring of this process; makes the file the first time.
    ///
    /// @throws RefusedException when the directory will not do; may be tried again
    public static synchronized RingWriter open() throws IOException, RefusedException {
        if (writer == null) {
            Path directory = RingDirectory.prepare();
            long start = ProcFiles.processStart();
            long random = ThreadLocalRandom.current().nextLong();
            String name = // not formatted: the program's locale may have digits of its own
                    ProcFiles.processId() + "-" + start + "-" + Long.toHexString(random) + ".ring";
            writer = create(directory.resolve(name), start);
        }
        return writer;
    }

    /// The same for a process that is about to open this pool in it: when there is no ring yet, and
    /// no room for the pool, no file is made.
    ///
    /// @throws RefusedException as [#openPool] would
    public static synchronized RingWriter openFor(Mode mode, int blockSize, int blockCount)
            throws IOException, RefusedException {
        if (writer == null) {
            PoolPlace wanted = measure(0, 0, mode, blockSize, blockCount, configuredSize());
            // What lies between is sparse.
            RingDirectory.checkMemory(Layout.METADATA_OFFSET + wanted.bytes());
        }
        return open();
    }

    /// The ring of this process, or null when none was made.
    public static synchronized RingWriter current() {
        return writer;
    }

    static Path path() {
        return file;
    }

    static long fileSize() {
        return fileSize;
    }

    private static RingWriter create(Path newFile, long processStart)
            throws IOException, RefusedException {
        fileSize = configuredSize();
        file = newFile;
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            storage = new RandomAccessFile(file.toFile(), "rw");
            writeZeros(0, Layout.METADATA_OFFSET);
            storage.setLength(fileSize); // sparse up to its bound
            fileKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            write(RingHeader.bytes(processStart, fileSize), 0);
            Memory.putLongRelease(Layout.H_MAGIC, Layout.MAGIC);
            return new RingWriter();
        } catch (IOException e) {
            discard();
            throw e;
        } catch (LinkageError e) { // from the initialiser of Memory
            discard();
            throw new RefusedException("cannot map " + file + ": " + e);
        }
    }

    private static void discard() throws IOException {
        if (storage != null) storage.close();
        Files.deleteIfExists(file);
    }

    private static void write(byte[] bytes, long at) throws IOException {
        storage.seek(at);
        storage.write(bytes);
    }

    private static long configuredSize() {
        String text = System.getProperty("contrail.ring.size", System.getenv("CONTRAIL_RING_SIZE"));
        try {
            long size = text == null ? DEFAULT_SIZE : Long.parseLong(text.trim());
            return Math.max(2L * Layout.MIN_FILE, Math.min(size, Layout.MAX_FILE)) & -4096L;
        } catch (NumberFormatException e) {
            return DEFAULT_SIZE;
        }
    }

    public Path file() {
        return file;
    }

    /// Opens a pool: its memory is there, on the file system and in our page table, when this
    /// returns.
    ///
    /// @throws RefusedException when there is no room for it
    public WriterPool openPool(
            long sessionId, int channelId, Mode mode, int blockSize, int blockCount)
            throws IOException, RefusedException {
        return openPool(sessionId, channelId, mode, blockSize, blockCount, EventContext.NONE);
    }

    /// The same for a pool whose records have a context.
    public synchronized WriterPool openPool(
            long sessionId,
            int channelId,
            Mode mode,
            int blockSize,
            int blockCount,
            EventContext context)
            throws IOException, RefusedException {
        if (!broken.isEmpty()) throw new RefusedException(broken);
        return open(measure(sessionId, channelId, mode, blockSize, blockCount, fileSize), context);
    }

    /// Gives `first` a companion for records that do not fit into its blocks, in which `event` is
    /// described. When `first` has one, or is too small, nothing happens.
    ///
    /// @throws RefusedException when there is not plenty of room: `first` is as good as it was
    public synchronized void openLarge(WriterPool first, EventDescription event)
            throws IOException, RefusedException {
        PoolPlace wanted = first.place().large();
        if (wanted == null || first.large() != null) return;
        if (!broken.isEmpty()) throw new RefusedException(broken);
        RingDirectory.checkMemory(PLENTY * wanted.bytes());
        WriterPool large = open(wanted, first.context());
        try {
            describe(large, event);
        } catch (IOException | RefusedException e) {
            dropPool(large);
            throw e;
        }
        first.large(large);
    }

    private WriterPool open(PoolPlace wanted, EventContext context)
            throws IOException, RefusedException {
        takeBackReleased();
        int index = freeDescriptor();
        RingDirectory.checkMemory(wanted.bytes());
        long extent = extents.take(wanted.bytes());
        if (extent < 0)
            throw new RefusedException(
                    "%d bytes of rings do not fit into %s of %d bytes (contrail.ring.size)"
                            .formatted(wanted.bytes(), file, fileSize));
        PoolPlace place = wanted.at(index, ++generation, (int) extent);
        try {
            writeZeros(extent, wanted.bytes());
        } catch (IOException e) {
            extents.giveBack(extent, wanted.bytes());
            throw new RefusedException("no room for %s: %s".formatted(file, e.getMessage()));
        }
        for (long at = extent; at < extent + wanted.bytes(); at += 4096) Memory.getByte((int) at);
        WriterPool pool = new WriterPool(place, context);
        announce(place);
        pools.add(pool);
        written = pools.toArray(new WriterPool[0]);
        if (context.fields().isEmpty()) return pool;
        try {
            put("a context", MetadataText.write(place, context));
        } catch (IOException | RefusedException e) {
            dropPool(pool);
            throw e;
        }
        return pool;
    }

    private static PoolPlace measure(
            long sessionId, int channelId, Mode mode, int blockSize, int blockCount, long mostBytes)
            throws RefusedException {
        if (Integer.bitCount(blockSize) != 1
                || blockSize < Layout.MIN_BLOCK
                || blockSize > Layout.MAX_BLOCK)
            throw new RefusedException(
                    "block size " + blockSize + ", want a power of two from 4096 to 1048576");
        if (blockCount < 2 || (long) blockCount * blockSize > mostBytes)
            throw new RefusedException(
                    blockCount
                            + " blocks, want 2 to "
                            + mostBytes / blockSize
                            + " (contrail.ring.size)");
        return PoolPlace.measure(sessionId, channelId, mode, blockSize, blockCount);
    }

    private int freeDescriptor() throws RefusedException {
        for (int i = 0; i < Layout.POOLS; i++) {
            int index = i;
            if (pools.stream().noneMatch(pool -> pool.place().index() == index)) return i;
        }
        throw new RefusedException("more than " + Layout.POOLS + " channels in one process");
    }

    private static void announce(PoolPlace place) {
        int at = place.descriptor();
        Memory.putInt(at + Layout.P_MODE, place.mode().ordinal());
        Memory.putInt(at + Layout.P_BLOCK_SIZE, place.blockSize());
        Memory.putInt(at + Layout.P_BLOCK_COUNT, place.blockCount());
        Memory.putLong(at + Layout.P_CONTROL, place.control());
        Memory.putLong(at + Layout.P_CELL_TABLE, place.cellTable());
        Memory.putLong(at + Layout.P_DATA, place.data());
        Memory.putLong(at + Layout.P_SESSION, place.sessionId());
        Memory.putInt(at + Layout.P_CHANNEL, place.channelId());
        Memory.putInt(at + Layout.P_CELLS, place.cells());
        Memory.putLong(
                at + Layout.P_SCRATCH,
                place.control() + (long) place.blockCount() * Layout.CONTROL_SIZE);
        Memory.putInt(at + Layout.P_GENERATION, place.generation());
        Memory.putLong(at + Layout.P_OPENED, TracerClock.nanos());
        Memory.putLong(at + Layout.P_TICKET, 0);
        Memory.putLong(at + Layout.P_VISITED, 0);
        Memory.putIntRelease(at + Layout.P_STATE, Layout.ACTIVE);
        countPools();
    }

    private static void countPools() {
        int inUse = 0;
        for (int i = 0; i < Layout.POOLS; i++) if (stateOf(i) != Layout.FREE) inUse++;
        Memory.putInt(Layout.H_POOLS_IN_USE, inUse);
    }

    private static int stateOf(int index) {
        return Memory.getIntAcquire(
                Layout.POOLS_OFFSET + index * Layout.POOL_SIZE + Layout.P_STATE);
    }

    /// Ends a pool that is in no event's targets any more. Its memory is used again only after the
    /// consumer has released it ([Pool#release]).
    public synchronized void closePool(WriterPool pool) {
        end(pool, Layout.DRAINING);
    }

    /// The same for a pool that no session wants: nobody will read what it holds.
    public synchronized void dropPool(WriterPool pool) {
        end(pool, Layout.FREE);
    }

    private void end(WriterPool pool, int state) {
        if (!broken.isEmpty() || pool.isOver()) return;
        if (pool.large() != null) end(pool.large(), state);
        boolean isQuiet = false;
        try {
            isQuiet = pool.close();
        } catch (Throwable noMemory) { // then somebody may be inside
            pool.shut();
        }
        if (!isQuiet) busy.add(pool);
        Memory.putIntRelease(pool.place().descriptor() + Layout.P_STATE, state);
    }

    private void takeBackReleased() {
        pools.removeIf(pool -> {
            if (stateOf(pool.place().index()) != Layout.FREE || busy.contains(pool)) return false;
            extents.giveBack(pool.place().extent(), pool.place().bytes());
            return true;
        });
        written = pools.toArray(new WriterPool[0]);
        countPools();
        if (!pools.isEmpty()) return;
        metadataLength = 0; // nobody has use for what it describes
        Memory.putLongRelease(Layout.H_METADATA_LENGTH, 0);
    }

    /// Describes an event class, before its first record. Link thread.
    ///
    /// @throws RefusedException when the metadata area is full
    public synchronized void describe(WriterPool pool, EventDescription event)
            throws IOException, RefusedException {
        if (!broken.isEmpty()) throw new RefusedException(broken);
        put(event.name(), MetadataText.write(pool.place(), event));
    }

    private void put(String what, String fragment) throws IOException, RefusedException {
        byte[] text = fragment.getBytes(UTF_8);
        if (metadataLength + 4 + text.length > metadataCapacity)
            throw new RefusedException(
                    "no room to describe %s: the metadata area of %s is full (contrail.ring.size)"
                            .formatted(what, file));
        write(
                ByteBuffer.allocate(4 + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(text.length)
                        .put(text)
                        .array(),
                metadataOffset + metadataLength);
        metadataLength += 4 + text.length;
        Memory.putLongRelease(Layout.H_METADATA_LENGTH, metadataLength); // rule 5
    }

    /// Puts what was counted elsewhere as lost in `pool` into the file, now.
    public synchronized void tellLost(WriterPool pool) {
        if (broken.isEmpty() && !pool.isOver()) pool.tellUnheldLost();
    }

    /// Says that the link thread lives, and tidies up after threads that have ended and consumers
    /// that do not come again.
    ///
    /// @return why nothing is recorded any more, or an empty string
    public synchronized String beat() {
        giveUpIfCut();
        if (broken.isEmpty() && !isInPlace()) {
            broken = file + " was deleted or replaced: this process is not recorded any more";
            shutPools(); // what was recorded can still be read by who has the file open
        }
        if (!broken.isEmpty()) return broken;
        long now = TracerClock.nanos();
        Memory.putLongOpaque(Layout.H_HEARTBEAT, now);
        for (WriterPool pool : pools) {
            pool.closeAbandoned();
            long visited = Memory.getLong(pool.place().descriptor() + Layout.P_VISITED);
            if (visited != 0 && now - visited > ABANDONED_NANOS) dropPool(pool);
        }
        if (pairs == 0 || now - lastPair > PAIR_PERIOD_NANOS) {
            ClockPair.read(1).write(pairs++);
            lastPair = now;
        }
        return "";
    }

    /// Whether the file is still the one at its path, where a next daemon looks for it.
    private static boolean isInPlace() {
        try {
            Object there =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey();
            return there == null || there.equals(fileKey);
        } catch (IOException e) {
            return false;
        }
    }

    private static void shutPools() {
        for (WriterPool pool : written) pool.shut();
    }

    /// Ends recording when somebody has cut the file. Any thread, also one in the middle of an
    /// event: takes no lock.
    ///
    /// @return whether nothing is recorded any more
    static boolean giveUpIfCut() {
        Fault.forgive(); // it would end the calls below
        if (!broken.isEmpty()) return true;
        try {
            if (storage.length() >= fileSize) return false;
            giveUp(file + " was cut: this process is not recorded any more");
        } catch (IOException | RuntimeException e) {
            giveUp(file + " cannot be looked at: " + e);
        }
        return true;
    }

    /// Closes the pools, so that nobody touches the memory any more; then makes the file as long as
    /// it was, so that who does so yet gets zeros and no fault. It is no ring any more.
    private static void giveUp(String why) {
        broken = why;
        shutPools();
        try {
            storage.setLength(fileSize);
            storage.seek(Layout.H_MAGIC);
            storage.writeLong(0);
        } catch (IOException e) {
            // then it stays cut: a fault is possible for who is in the middle of a record
        }
    }

    /// Closes all blocks at the end of the program.
    public synchronized void closeBlocks() {
        if (giveUpIfCut()) return;
        for (WriterPool pool : pools)
            if (stateOf(pool.place().index()) == Layout.ACTIVE) pool.closeBlocks();
    }

    /// Through the file, so that a full file system is an exception here and not a fault later.
    private static void writeZeros(long from, long length) throws IOException {
        byte[] zeros = new byte[(int) Math.min(length, ZEROS)];
        storage.seek(from);
        for (long left = length; left > 0; left -= zeros.length)
            storage.write(zeros, 0, (int) Math.min(left, zeros.length));
    }
}
