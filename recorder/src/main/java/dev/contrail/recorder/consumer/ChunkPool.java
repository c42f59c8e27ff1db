// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.file.SpillBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The files of a [PacketQueue]: `NAME-N`, N counting up in 16 hexadecimal digits. Files that were
/// taken are used again, under a new name: memory that is at hand costs less than new. Any thread.
final class ChunkPool {
    /// Files that are kept for what comes next.
    private static final int MOST_SPARE = 2;

    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final Path directory;
    private final String name;
    private final SpillBudget budget;
    private final BlockingQueue<PacketChunk> spare = new ArrayBlockingQueue<>(MOST_SPARE);
    private final AtomicLong nextChunk = new AtomicLong();
    private volatile boolean isShort;

    /// @param budget of all queues of this daemon
    ChunkPool(Path directory, String name, SpillBudget budget) {
        this.directory = directory;
        this.name = name;
        this.budget = budget;
    }

    Path directory() {
        return directory;
    }

    /// Whether there is memory for another file.
    boolean hasRoom() {
        if (isShort) {
            isShort = isFileSystemShort();
        }
        return !isShort && (!spare.isEmpty() || budget.has(PacketChunk.USUAL_BYTES));
    }

    /// A file with room for an item of that size.
    PacketChunk next(int itemBytes) throws IOException {
        isShort = isFileSystemShort();
        PrivateFiles.directory(directory);
        Path path = directory.resolve("%s-%016x".formatted(name, nextChunk.getAndIncrement()));
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

    /// One that a daemon before this one has left.
    PacketChunk left(Path path, long number) throws IOException {
        nextChunk.accumulateAndGet(number + 1, Math::max);
        PacketChunk chunk = PacketChunk.left(path);
        budget.force(chunk.bytes());
        return chunk;
    }

    /// One holder less.
    void release(PacketChunk chunk) throws IOException {
        if (chunk.isLetGo() && (chunk.bytes() != PacketChunk.USUAL_BYTES || !spare.offer(chunk))) {
            delete(chunk);
        }
    }

    void delete(PacketChunk chunk) throws IOException {
        budget.giveBack(chunk.bytes());
        chunk.delete();
    }

    void deleteSpare() throws IOException {
        for (PacketChunk each = spare.poll(); each != null; each = spare.poll()) {
            delete(each);
        }
    }

    /// It stays for a next daemon.
    void leave(PacketChunk chunk) throws IOException {
        chunk.close();
        budget.giveBack(chunk.bytes());
    }

    private boolean isFileSystemShort() {
        try {
            return SpillBudget.isShort(Files.getFileStore(directory), PacketChunk.USUAL_BYTES);
        } catch (IOException unknown) {
            LOG.log(System.Logger.Level.DEBUG, "room in " + directory, unknown);
            return false;
        }
    }
}
