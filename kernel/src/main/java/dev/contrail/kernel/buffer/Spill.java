// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.contrail.ctf.Reason;
import dev.contrail.posix.MappedFiles;
import dev.contrail.recorder.file.SpillBudget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Where the sub-buffers of one CPU's ring wait that were read and are not converted yet, in a file
/// that outlives the daemon. A read that has begun ends before its process dies, so what the kernel
/// has given away is in that file when a next daemon looks.
///
/// The file: `u64` magic, `u64` bytes of a page, `u64` number of pages; for each page `u64` its
/// turn, from 1 on, and `u64` records that the ring had lost before it; at a multiple of 4096 the
/// pages, as the kernel lays out sub-buffers. A page whose turn is 0 or whose length is 0 is free.
/// Of the pages only those have memory that have been used since the file was last empty.
///
/// One thread at a time fills it, one empties it, and neither waits for the other: who empties may
/// be kept from its processor while it holds a lock, and the kernel's ring is full in milliseconds.
public final class Spill {
    private static final long MAGIC = 0x6c6c697073727463L; // "ctrspill"
    private static final int HEADER = 24;
    private static final int ENTRY = 16;
    private static final int PAGE = 4096;

    /// How many pages get memory at a time.
    private static final int CHUNK_BYTES = 1 << 20;

    private static final int LEAST_PAGES = 2;
    private static final int MOST_PAGES = 1 << 14;

    private static final int COMMIT = 8;

    private final FileChannel channel;
    private final FileStore store;
    private final MemorySegment file;
    private final SpillBudget budget;
    private final int pageBytes;
    private final int pageCount;
    private final long pagesAt;

    /// Pages in order, from who fills them to who empties them, and back.
    private final Queue<Integer> waiting = new ConcurrentLinkedQueue<>();

    private final Queue<Integer> emptied = new ConcurrentLinkedQueue<>();

    /// Pages filled, and emptied, since this was opened.
    private volatile long filled;

    private volatile long stored;

    // Owned by who fills.
    private final BitSet used = new BitSet();
    private int withMemory;
    private int needed;
    private int neededBefore;
    private long nextTurn = 1;

    private Spill(FileChannel channel, FileStore store, int pageBytes, SpillBudget budget)
            throws IOException {
        this.channel = channel;
        this.store = store;
        this.pageBytes = pageBytes;
        this.budget = budget;
        int wanted = Math.clamp(budget.bytes() / pageBytes, LEAST_PAGES, MOST_PAGES);
        pageCount = pageCountOf(channel, pageBytes).orElse(wanted);
        pagesAt = (HEADER + (long) ENTRY * pageCount + PAGE - 1) / PAGE * PAGE;
        List<Integer> left = begin();
        if (withMemory == 0) {
            addPages(1);
            budget.force(pageBytes);
        }
        file = MappedFiles.map(channel, pagesAt + (long) pageCount * pageBytes);
        for (int page : left) {
            if (SubBuffer.length(memory(page), 0, pageBytes) > 0) {
                used.set(page);
                filled(page);
            }
        }
    }

    /// The spill in `file`, with what a daemon before this one has left in it.
    ///
    /// It has room for one sub-buffer at least, whatever happens: what waits can always be taken
    /// out and stored, one after the other.
    ///
    /// @param pageBytes size of a sub-buffer
    /// @param budget of all spills of this daemon
    /// @throws IOException when there is no room for one sub-buffer, or the file cannot be used
    static Spill open(Path file, int pageBytes, SpillBudget budget) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            return new Spill(channel, Files.getFileStore(file), pageBytes, budget);
        } catch (IOException refused) {
            channel.close();
            throw new IOException(file + ": " + Reason.of(refused), refused);
        }
    }

    /// Takes in the sub-buffer that lies alone in a file, and deletes that.
    void takeOver(Path lone) throws IOException {
        if (!Files.exists(lone)) {
            return;
        }
        byte[] content = Files.readAllBytes(lone);
        if (content.length == pageBytes) {
            int page = reserve(0);
            MemorySegment.copy(content, 0, memory(page), JAVA_BYTE, 0, pageBytes);
            if (SubBuffer.length(memory(page), 0, pageBytes) > 0) {
                filled(page);
            } else {
                unused(page);
            }
        }
        Files.delete(lone);
    }

    /// A page to read the next sub-buffer into, for [#filled] or [#unused]. Who fills.
    ///
    /// @param lost records that the ring had lost before it
    /// @return its number, or -1 when no memory is left for it
    int reserve(long lost) throws IOException {
        takeBack();
        int page = used.nextClearBit(0);
        if (page >= withMemory && !grow()) {
            return -1;
        }
        used.set(page);
        needed = Math.max(needed, page + 1);
        file.set(JAVA_LONG, entry(page), nextTurn++);
        setLost(page, lost);
        return page;
    }

    /// The page holds a sub-buffer. Who fills.
    void filled(int page) {
        waiting.add(page);
        filled++;
    }

    /// Nothing was read into the page. Who fills.
    void unused(int page) {
        used.clear(page);
    }

    /// Records lost before that page: more than was said when it was reserved. Who fills, before
    /// [#filled].
    void setLost(int page, long lost) {
        file.set(JAVA_LONG, entry(page) + Long.BYTES, lost);
    }

    long lost(int page) {
        return file.get(JAVA_LONG, entry(page) + Long.BYTES);
    }

    /// How many pages were ever filled. Any thread.
    long filled() {
        return filled;
    }

    /// How many of them were stored. Any thread.
    long taken() {
        return stored;
    }

    /// How many wait. Any thread.
    int size() {
        return (int) (filled - stored);
    }

    /// The oldest page that waits, of at least one. Who empties.
    int oldest() {
        return waiting.element();
    }

    /// What the oldest page held is stored. Who empties.
    void stored() {
        int page = waiting.remove();
        memory(page).set(JAVA_LONG_UNALIGNED, COMMIT, 0L);
        emptied.add(page);
        stored++;
    }

    /// A page, as the kernel has filled it.
    MemorySegment memory(int page) {
        return file.asSlice(pagesAt + (long) page * pageBytes, pageBytes);
    }

    /// Gives back some memory that was not needed lately: not all of it at once, which takes tens
    /// of milliseconds. Who fills, now and then.
    ///
    /// @param isNewPeriod whether what was needed before the last such call counts no more
    void shrink(boolean isNewPeriod) throws IOException {
        takeBack();
        int least = Math.max(Math.max(needed, neededBefore), used.length());
        if (isNewPeriod) {
            neededBefore = needed;
            needed = used.length();
        }
        int kept = Math.max(withMemory - chunk(), Math.min(withMemory, chunk()));
        if (least <= kept && kept < withMemory) {
            channel.truncate(pagesAt + (long) kept * pageBytes);
            budget.giveBack((long) (withMemory - kept) * pageBytes);
            withMemory = kept;
        }
    }

    /// The file stays as it is. When nobody fills or empties it any more.
    void close() throws IOException {
        budget.giveBack((long) withMemory * pageBytes);
        withMemory = 0;
        channel.close();
    }

    private void takeBack() {
        for (Integer page = emptied.poll(); page != null; page = emptied.poll()) {
            used.clear(page);
        }
    }

    private int chunk() {
        return Math.clamp(CHUNK_BYTES / pageBytes, 1, pageCount);
    }

    private long entry(int page) {
        return HEADER + (long) ENTRY * page;
    }

    private boolean grow() throws IOException {
        int more = Math.min(chunk() - withMemory % chunk(), pageCount - withMemory);
        long bytes = (long) more * pageBytes;
        if (more == 0 || SpillBudget.isShort(store, bytes) || !budget.take(bytes)) {
            return false;
        }
        int before = withMemory;
        try {
            addPages(more);
        } catch (IOException full) {
            budget.giveBack((long) (before + more - withMemory) * pageBytes);
        }
        return withMemory > before;
    }

    /// Written, not only made so long: a full file system must show here, not at a read.
    private void addPages(int more) throws IOException {
        var zeros = ByteBuffer.allocate(pageBytes);
        for (int i = 0; i < more; i++) {
            long at = pagesAt + (long) withMemory * pageBytes;
            while (zeros.hasRemaining()) {
                at += channel.write(zeros, at);
            }
            zeros.clear();
            withMemory++;
        }
    }

    /// Of a spill that a daemon before this one has left, whose budget may have been another.
    private static OptionalInt pageCountOf(FileChannel channel, int pageBytes) throws IOException {
        var head = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        while (head.hasRemaining() && channel.read(head, head.position()) > 0) {}
        long count = head.getLong(16);
        boolean isOurs =
                !head.hasRemaining()
                        && head.getLong(0) == MAGIC
                        && head.getLong(8) == pageBytes
                        && count >= LEAST_PAGES
                        && count <= MOST_PAGES;
        return isOurs ? OptionalInt.of((int) count) : OptionalInt.empty();
    }

    /// Writes the head, or reads it.
    ///
    /// @return pages that may hold something, oldest first
    private List<Integer> begin() throws IOException {
        var head = ByteBuffer.allocate((int) pagesAt).order(ByteOrder.LITTLE_ENDIAN);
        long size = channel.size();
        while (head.hasRemaining() && channel.read(head, head.position()) > 0) {}
        boolean isOurs =
                !head.hasRemaining()
                        && head.getLong(0) == MAGIC
                        && head.getLong(8) == pageBytes
                        && head.getLong(16) == pageCount;
        if (!isOurs) {
            channel.truncate(0);
            head.clear().putLong(MAGIC).putLong(pageBytes).putLong(pageCount);
            channel.write(head.position(0).limit((int) pagesAt), 0);
            return List.of();
        }
        withMemory = Math.clamp((size - pagesAt) / pageBytes, 0, pageCount);
        budget.force((long) withMemory * pageBytes);
        var left = new ArrayList<Integer>();
        for (int page = 0; page < withMemory; page++) {
            long turn = head.getLong((int) entry(page));
            nextTurn = Math.max(nextTurn, turn + 1);
            if (turn > 0) {
                left.add(page);
            }
        }
        left.sort(Comparator.comparingLong(page -> head.getLong((int) entry(page))));
        return left;
    }
}
