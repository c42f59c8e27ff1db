// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.recorder.file.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// A file of a [PacketQueue], in memory.
///
/// It begins with the `u64` offset up to which everything in it was taken, or 0. From offset 8 on,
/// one after the other, little-endian, lie its items, each of which begins with the `u32` bytes of
/// the whole item, written last. Where that word is 0, or the file ends, nothing follows.
///
/// One thread puts, one takes.
final class PacketChunk implements Closeable {
    /// Its size, unless an item needs more.
    static final int USUAL_BYTES = 1 << 20;

    private static final int FIRST_AT = Long.BYTES;
    private static final int ZEROS = 64 << 10;

    private final FileChannel file;
    private final ByteBuffer memory;

    /// Who holds it: each item that waits, and who puts.
    private final AtomicInteger holders = new AtomicInteger(1);

    private Path path;

    /// Behind the last item. Who puts.
    private int end = FIRST_AT;

    private PacketChunk(Path path, FileChannel file) throws IOException {
        this.path = path;
        this.file = file;
        if (file.size() > Integer.MAX_VALUE) {
            throw new IOException("too large: " + file.size() + " bytes");
        }
        this.memory =
                file.map(FileChannel.MapMode.READ_WRITE, 0, file.size(), Arena.ofAuto())
                        .asByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Bytes of one that holds an item of that size only.
    static int bytesFor(int itemBytes) {
        return FIRST_AT + itemBytes + Integer.BYTES;
    }

    /// @param itemBytes of the first item
    /// @param isSmall whether it shall have room for that only
    /// @throws IOException also when there is no room for it; there is no file then
    static PacketChunk create(Path path, int itemBytes, boolean isSmall) throws IOException {
        FileChannel file =
                PrivateFiles.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE));
        try {
            int least = bytesFor(itemBytes);
            int bytes = isSmall ? least : Math.max(USUAL_BYTES, least);
            // Written, not only made so long: a full file system must show here.
            var zeros = ByteBuffer.allocateDirect(ZEROS);
            for (int at = 0; at < bytes; ) {
                zeros.clear().limit(Math.min(ZEROS, bytes - at));
                at += file.write(zeros, at);
            }
            return new PacketChunk(path, file);
        } catch (IOException full) {
            file.close();
            Files.deleteIfExists(path);
            throw full;
        }
    }

    /// One that a daemon before this one has left: nothing is put there any more.
    static PacketChunk left(Path path) throws IOException {
        FileChannel file =
                PrivateFiles.open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            return new PacketChunk(path, file);
        } catch (IOException refused) {
            file.close();
            throw refused;
        }
    }

    int bytes() {
        return memory.capacity();
    }

    /// The whole of it, little-endian; positions are the caller's not to change.
    ByteBuffer memory() {
        return memory;
    }

    /// Where the next item begins. Who puts.
    int end() {
        return end;
    }

    /// Whether somebody has cut the file: its memory must not be touched then.
    boolean isCut() throws IOException {
        return file.size() < memory.capacity();
    }

    /// Whether an item of that size fits after the last one. Who puts.
    boolean hasRoom(int itemBytes) {
        return (long) end + itemBytes + Integer.BYTES <= memory.capacity();
    }

    /// The next item is there, all but its first word. Who puts.
    void put(int itemBytes) {
        memory.putInt(end + itemBytes, 0);
        VarHandle.releaseFence(); // a daemon that reads it after a kill finds it whole
        memory.putInt(end, itemBytes);
        end += itemBytes;
    }

    /// Up to where everything was taken.
    int taken() {
        long taken = memory.capacity() < FIRST_AT ? 0 : memory.getLong(0);
        return Math.clamp(taken, FIRST_AT, Math.max(FIRST_AT, memory.capacity()));
    }

    /// Everything up to there was taken, also for a next daemon. Who takes.
    void taken(int upTo) throws IOException {
        if (!isCut()) { // a next daemon finds nothing in it
            memory.putLong(0, upTo);
        }
    }

    /// One more holds it.
    void hold() {
        holders.incrementAndGet();
    }

    /// Whether nobody holds it any more.
    boolean isLetGo() {
        return holders.decrementAndGet() == 0;
    }

    /// Nobody held it: it is empty, under another name. Who puts.
    void renew(Path name) throws IOException {
        if (isCut()) {
            throw new IOException(path + " was cut off");
        }
        memory.putInt(FIRST_AT, 0);
        VarHandle.releaseFence(); // what was taken stays taken, whenever this dies
        memory.putLong(0, 0);
        Files.move(path, name, StandardCopyOption.ATOMIC_MOVE);
        path = name;
        end = FIRST_AT;
        holders.set(1);
    }

    /// The file goes, and its memory with it.
    void delete() throws IOException {
        file.truncate(0); // it stays mapped until nobody refers to it
        close();
        Files.deleteIfExists(path);
    }

    /// The file stays.
    @Override
    public void close() throws IOException {
        file.close();
    }
}
