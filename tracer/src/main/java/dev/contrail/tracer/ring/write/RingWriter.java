// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.contrail.tracer.process.ClockPair;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The ring file that this process writes: made at the first pool, kept until the process ends.
///
/// Owned by the link thread, except [#closeBlocks]; every other method takes the same lock.
public final class RingWriter {
    private static final long DEFAULT_SIZE = (256L << 20) + Layout.MAX_METADATA;

    /// What nobody has asked for is opened when there is so many times its memory.
    private static final int PLENTY = 4;

    private static final long PAIR_PERIOD_NANOS = 60_000_000_000L;

    /// A pool that no consumer has looked at for so long is nobody's.
    private static final long ABANDONED_NANOS = 86_400_000_000_000L;

    private static @Nullable RingWriter writer;

    /// The pools that writers may be in, for whoever finds the file cut.
    private static volatile WriterPool[] written = {};

    private final List<WriterPool> pools = new ArrayList<>();

    /// Closed pools with a thread inside that does not come out: their memory is not used again.
    private final Set<WriterPool> busy = new HashSet<>();

    private final int metadataOffset = Layout.metadataOffset(RingStorage.size());
    private final int metadataCapacity = Layout.metadataCapacity(RingStorage.size());
    private final Extents extents =
            new Extents(Layout.MIN_FILE, Layout.extentsEnd(RingStorage.size()));
    private int generation;
    private long metadataLength;
    private long lastPair;
    private int pairs;

    private RingWriter() {}

    /// The ring of this process; makes the file the first time.
    ///
    /// @throws PoolRefusedException when the directory will not do; may be tried again
    public static synchronized RingWriter open() throws IOException, PoolRefusedException {
        if (writer == null) {
            Path directory = RingDirectory.prepare();
            long start = ProcFacts.processStart();
            long random = ThreadLocalRandom.current().nextLong();
            String name = // not formatted: the program's locale may have digits of its own
                    ProcFacts.processId() + "-" + start + "-" + Long.toHexString(random) + ".ring";
            writer = create(directory.resolve(name), start);
        }
        return writer;
    }

    /// The same for a process that is about to open this pool in it: when there is no ring yet, and
    /// no room for the pool, no file is made.
    ///
    /// @throws PoolRefusedException as [#openPool] would
    public static synchronized RingWriter openFor(PoolMode mode, int blockSize, int blockCount)
            throws IOException, PoolRefusedException {
        if (writer == null) {
            PoolPlace wanted = measure(0, 0, mode, blockSize, blockCount, configuredSize());
            // What lies between is sparse.
            RingDirectory.checkMemory(Layout.METADATA_OFFSET + wanted.bytes());
        }
        return open();
    }

    /// The ring of this process, or null when none was made.
    public static synchronized @Nullable RingWriter current() {
        return writer;
    }

    private static RingWriter create(Path newFile, long processStart)
            throws IOException, PoolRefusedException {
        long size = configuredSize();
        RingStorage.create(newFile, RingHeader.bytes(processStart, size), size, new ShutPools());
        try {
            Memory.putLongRelease(Layout.H_MAGIC, Layout.MAGIC);
            return new RingWriter();
        } catch (LinkageError e) { // from the initialiser of Memory
            RingStorage.discard();
            throw new PoolRefusedException("cannot map " + newFile + ": " + e);
        }
    }

    /// Lets nobody begin to write any more.
    private static final class ShutPools implements Runnable {
        @Override
        public void run() {
            for (WriterPool pool : written) {
                pool.shut();
            }
        }
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
        return RingStorage.path();
    }

    /// Opens a pool: its memory is there, on the file system and in our page table, when this
    /// returns.
    ///
    /// @throws PoolRefusedException when there is no room for it
    public WriterPool openPool(
            long sessionId, int channelId, PoolMode mode, int blockSize, int blockCount)
            throws IOException, PoolRefusedException {
        return openPool(sessionId, channelId, mode, blockSize, blockCount, EventContext.NONE);
    }

    /// The same for a pool whose records have a context.
    public synchronized WriterPool openPool(
            long sessionId,
            int channelId,
            PoolMode mode,
            int blockSize,
            int blockCount,
            EventContext context)
            throws IOException, PoolRefusedException {
        checkWhole();
        return open(
                measure(sessionId, channelId, mode, blockSize, blockCount, RingStorage.size()),
                context);
    }

    /// Gives `first` a companion for records that do not fit into its blocks, in which `event` is
    /// described. When `first` has one, or is too small, nothing happens.
    ///
    /// @throws PoolRefusedException when there is not plenty of room: `first` is as good as it was
    public synchronized void openLarge(WriterPool first, EventDescription event)
            throws IOException, PoolRefusedException {
        PoolPlace wanted = first.place().large();
        if (wanted == null || first.large() != null) {
            return;
        }
        checkWhole();
        RingDirectory.checkMemory(PLENTY * wanted.bytes());
        WriterPool large = open(wanted, first.context());
        try {
            describe(large, event);
        } catch (IOException | PoolRefusedException e) {
            dropPool(large);
            throw e;
        }
        first.large(large);
    }

    /// The companion of `first` for what its records refer to; opens it when there is none yet.
    ///
    /// @throws PoolRefusedException when there is not plenty of room: `first` is as good as it was
    public synchronized WriterPool openPinned(WriterPool first)
            throws IOException, PoolRefusedException {
        WriterPool known = first.pinned();
        if (known != null) {
            return known;
        }
        PoolPlace wanted = first.place().pinned();
        checkWhole();
        RingDirectory.checkMemory(PLENTY * wanted.bytes());
        WriterPool pinned = open(wanted, first.context());
        first.pinned(pinned);
        return pinned;
    }

    private WriterPool open(PoolPlace wanted, EventContext context)
            throws IOException, PoolRefusedException {
        takeBackReleased();
        int index = freeDescriptor();
        RingDirectory.checkMemory(wanted.bytes());
        long extent = extents.take(wanted.bytes());
        if (extent < 0) {
            throw new PoolRefusedException(
                    "%d bytes of rings do not fit into %s of %d bytes (contrail.ring.size)"
                            .formatted(wanted.bytes(), file(), RingStorage.size()));
        }
        PoolPlace place = wanted.at(index, ++generation, (int) extent);
        try {
            RingStorage.writeZeros(extent, wanted.bytes());
        } catch (IOException e) {
            extents.giveBack(extent, wanted.bytes());
            throw new PoolRefusedException("no room for %s: %s".formatted(file(), e.getMessage()));
        }
        for (long at = extent; at < extent + wanted.bytes(); at += 4096) {
            Memory.getByte((int) at);
        }
        WriterPool pool = new WriterPool(place, context);
        announce(place);
        pools.add(pool);
        written = pools.toArray(new WriterPool[0]);
        if (context.fields().isEmpty()) {
            return pool;
        }
        try {
            put("a context", MetadataText.write(place, context));
        } catch (IOException | PoolRefusedException e) {
            dropPool(pool);
            throw e;
        }
        return pool;
    }

    private static void checkWhole() throws PoolRefusedException {
        String broken = RingStorage.broken();
        if (!broken.isEmpty()) {
            throw new PoolRefusedException(broken);
        }
    }

    private static PoolPlace measure(
            long sessionId,
            int channelId,
            PoolMode mode,
            int blockSize,
            int blockCount,
            long mostBytes)
            throws PoolRefusedException {
        if (Integer.bitCount(blockSize) != 1
                || blockSize < Layout.MIN_BLOCK
                || blockSize > Layout.MAX_BLOCK) {
            throw new PoolRefusedException(
                    "block size " + blockSize + ", want a power of two from 4096 to 1048576");
        }
        if (blockCount < 2 || (long) blockCount * blockSize > mostBytes) {
            throw new PoolRefusedException(
                    blockCount
                            + " blocks, want 2 to "
                            + mostBytes / blockSize
                            + " (contrail.ring.size)");
        }
        return PoolPlace.measure(sessionId, channelId, mode, blockSize, blockCount);
    }

    private int freeDescriptor() throws PoolRefusedException {
        for (int i = 0; i < Layout.POOLS; i++) {
            int index = i;
            if (pools.stream().noneMatch(pool -> pool.place().index() == index)) {
                return i;
            }
        }
        throw new PoolRefusedException("more than " + Layout.POOLS + " channels in one process");
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
        Memory.putInt(at + Layout.P_PINNED, place.isPinned() ? 1 : 0);
        Memory.putLong(at + Layout.P_TICKET, 0);
        Memory.putLong(at + Layout.P_VISITED, 0);
        Memory.putIntRelease(at + Layout.P_STATE, Layout.ACTIVE);
        countPools();
    }

    private static void countPools() {
        int inUse = 0;
        for (int i = 0; i < Layout.POOLS; i++) {
            if (stateOf(i) != Layout.FREE) {
                inUse++;
            }
        }
        Memory.putInt(Layout.H_POOLS_IN_USE, inUse);
    }

    private static int stateOf(int index) {
        return Memory.getIntAcquire(
                Layout.POOLS_OFFSET + index * Layout.POOL_SIZE + Layout.P_STATE);
    }

    /// Ends a pool that is in no event's targets any more. Its memory is used again only after the
    /// consumer has released it (`Pool.release`).
    public synchronized void closePool(WriterPool pool) {
        end(pool, Layout.DRAINING);
    }

    /// The same for a pool that no session wants: nobody will read what it holds.
    public synchronized void dropPool(WriterPool pool) {
        end(pool, Layout.FREE);
    }

    private void end(WriterPool pool, int state) {
        if (RingStorage.isBroken() || pool.isOver()) {
            return;
        }
        if (pool.large() != null) {
            end(pool.large(), state);
        }
        if (pool.pinned() != null) {
            end(pool.pinned(), state);
        }
        boolean isQuiet = false;
        try {
            isQuiet = pool.close();
        } catch (Throwable noMemory) { // then somebody may be inside
            pool.shut();
        }
        if (!isQuiet) {
            busy.add(pool);
        }
        Memory.putIntRelease(pool.place().descriptor() + Layout.P_STATE, state);
    }

    private void takeBackReleased() {
        pools.removeIf(pool -> {
            if (stateOf(pool.place().index()) != Layout.FREE || busy.contains(pool)) {
                return false;
            }
            extents.giveBack(pool.place().extent(), pool.place().bytes());
            return true;
        });
        written = pools.toArray(new WriterPool[0]);
        countPools();
        if (!pools.isEmpty()) {
            return;
        }
        metadataLength = 0; // nobody has use for what it describes
        Memory.putLongRelease(Layout.H_METADATA_LENGTH, 0);
    }

    /// Describes an event class, before its first record. Link thread.
    ///
    /// @throws PoolRefusedException when the metadata area is full
    public synchronized void describe(WriterPool pool, EventDescription event)
            throws IOException, PoolRefusedException {
        checkWhole();
        put(event.name(), MetadataText.write(pool.place(), event));
    }

    private void put(String what, String fragment) throws IOException, PoolRefusedException {
        byte[] text = fragment.getBytes(UTF_8);
        if (metadataLength + 4 + text.length > metadataCapacity) {
            throw new PoolRefusedException(
                    "no room to describe %s: the metadata area of %s is full (contrail.ring.size)"
                            .formatted(what, file()));
        }
        RingStorage.write(
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
        if (!RingStorage.isBroken() && !pool.isOver()) {
            pool.tellUnheldLost();
        }
    }

    /// Says that the link thread lives, and tidies up after threads that have ended and consumers
    /// that do not come again.
    ///
    /// @return why nothing is recorded any more, or an empty string
    public synchronized String beat() {
        RingStorage.giveUpIfCut();
        RingStorage.giveUpIfReplaced();
        if (RingStorage.isBroken()) {
            return RingStorage.broken();
        }
        long now = TracerClock.nanos();
        Memory.putLongOpaque(Layout.H_HEARTBEAT, now);
        for (WriterPool pool : pools) {
            pool.closeAbandoned();
            long visited = Memory.getLong(pool.place().descriptor() + Layout.P_VISITED);
            if (visited != 0 && now - visited > ABANDONED_NANOS) {
                dropPool(pool);
            }
        }
        if (pairs == 0 || now - lastPair > PAIR_PERIOD_NANOS) {
            RingHeader.put(ClockPair.read(1), pairs++);
            lastPair = now;
        }
        return "";
    }

    /// Closes all blocks at the end of the program, and says that it ends in order.
    public synchronized void closeBlocks() {
        if (RingStorage.giveUpIfCut()) {
            return;
        }
        for (WriterPool pool : pools) {
            if (stateOf(pool.place().index()) == Layout.ACTIVE) {
                pool.closeBlocks();
            }
        }
        Memory.putLongOpaque(Layout.H_END, TracerClock.nanos());
    }
}
