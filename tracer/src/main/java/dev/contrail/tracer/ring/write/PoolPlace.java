// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import org.jspecify.annotations.Nullable;

/// Where a pool of this process lies in the ring file, and its measures.
record PoolPlace(
        int index,
        int generation,
        long sessionId,
        int channelId,
        PoolMode mode,
        int blockSize,
        int blockCount,
        int sharedCells,
        int ownedCells,
        boolean isPinned,
        int extent) {
    /// Cell numbers stay small, so that readers can bound them.
    private static final int MAX_CELLS = 1024;

    /// Of a pool for large records: enough for four threads at a time.
    private static final int LARGE_BLOCKS = 4;

    /// Half of a sub-buffer of LTTng's, its largest record, fits in twice.
    private static final int MOST_LARGE = 512 * 1024;

    /// Of a pinned pool: a block for each of its cells, and one more.
    private static final int FEWEST_PINNED = 4;

    /// A state dump of 1,000 threads, and 500 stacks.
    private static final int MOST_PINNED = 1 << 20;

    static PoolPlace measure(
            long sessionId, int channelId, PoolMode mode, int blockSize, int blockCount) {
        int quarter = Math.min(blockCount / 4, MAX_CELLS / 2);
        int processors = Runtime.getRuntime().availableProcessors();
        int shared = Math.max(1, Math.min(4 * processors, quarter));
        return new PoolPlace(
                -1,
                0,
                sessionId,
                channelId,
                mode,
                blockSize,
                blockCount,
                shared,
                quarter,
                false,
                0);
    }

    /// A companion for records that do not fit into this pool's blocks, not larger than the pool;
    /// null when the pool is too small for one with larger blocks.
    @Nullable PoolPlace large() {
        long quarter = (long) blockSize * blockCount / LARGE_BLOCKS;
        int size = (int) Math.min(MOST_LARGE, Long.highestOneBit(quarter));
        if (size <= blockSize) {
            return null;
        }
        return new PoolPlace(
                -1, 0, sessionId, channelId, mode, size, LARGE_BLOCKS, LARGE_BLOCKS, 0, false, 0);
    }

    /// A companion for what this pool's records refer to: a quarter of its size, [#MOST_PINNED] at
    /// most.
    PoolPlace pinned() {
        int most = (int) Math.min(MOST_PINNED, (long) blockSize * blockCount / 4);
        int size =
                Math.max(
                        Layout.MIN_BLOCK,
                        Math.min(blockSize, Integer.highestOneBit(most / FEWEST_PINNED)));
        int count = Math.max(FEWEST_PINNED, most / size);
        return new PoolPlace(
                -1, 0, sessionId, channelId, PoolMode.DISCARD, size, count, 2, 0, true, 0);
    }

    PoolPlace at(int newIndex, int newGeneration, int newExtent) {
        return new PoolPlace(
                newIndex,
                newGeneration,
                sessionId,
                channelId,
                mode,
                blockSize,
                blockCount,
                sharedCells,
                ownedCells,
                isPinned,
                newExtent);
    }

    /// The last one is the cell for records that have times of their own.
    int cells() {
        return sharedCells + ownedCells + 1;
    }

    int descriptor() {
        return Layout.POOLS_OFFSET + index * Layout.POOL_SIZE;
    }

    int control() {
        return extent;
    }

    int cellTable() {
        return extent + (blockCount + 1) * Layout.CONTROL_SIZE;
    }

    int data() {
        return extent + (int) dataOffset();
    }

    long bytes() {
        return dataOffset() + (long) blockCount * blockSize;
    }

    int controlLine(int block) {
        return extent + block * Layout.CONTROL_SIZE;
    }

    int scratchLine() {
        return controlLine(blockCount);
    }

    int blockStart(int block) {
        return data() + block * blockSize;
    }

    int cellTable(int cell) {
        return cellTable() + cell * Layout.CELL_SIZE;
    }

    long drawTicket() {
        return Memory.getAndAddLong(descriptor() + Layout.P_TICKET, 1);
    }

    private long dataOffset() {
        long tables = (blockCount + 1L) * Layout.CONTROL_SIZE + (long) cells() * Layout.CELL_SIZE;
        return (tables + 4095) & -4096L;
    }
}
