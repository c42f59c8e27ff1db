// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool descriptor as read from a ring file: its sizes and offsets lie inside the file.
record PoolDescriptor(
        int index,
        long offset,
        int generation,
        PoolMode mode,
        int blockSize,
        int blockCount,
        long control,
        long cellTable,
        long data,
        long sessionId,
        int channelId,
        int cells,
        long openedTicks,
        boolean isPinned) {
    private static final int MAX_CELLS = 1024;

    /// The descriptors of the pools that are active or draining now.
    static List<PoolDescriptor> readAll(RingView view) throws RingException {
        long from = Integer.toUnsignedLong(view.getInt(Layout.H_POOLS_OFFSET));
        int count = Math.min(view.getInt(Layout.H_POOLS), Layout.POOLS);
        List<PoolDescriptor> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PoolDescriptor read = read(view, from + (long) i * Layout.POOL_SIZE, i);
            if (read != null) {
                found.add(read);
            }
        }
        return found;
    }

    /// The descriptor at `offset`, or null when it is free.
    static @Nullable PoolDescriptor read(RingView view, long offset, int index)
            throws RingException {
        int state = view.getIntAcquire(offset + Layout.P_STATE);
        if (state == Layout.FREE) {
            return null;
        }
        view.checked("pool state", offset, state, Layout.FREE, Layout.DRAINING);
        int mode = (int) checkInt(view, "mode", offset + Layout.P_MODE, 0, 1);
        long sizeAt = offset + Layout.P_BLOCK_SIZE;
        long blockSize = checkInt(view, "block size", sizeAt, Layout.MIN_BLOCK, Layout.MAX_BLOCK);
        if (Long.bitCount(blockSize) != 1) {
            throw RingException.at(view.file(), sizeAt, "block size", "a power of two", blockSize);
        }
        long count =
                checkInt(
                        view,
                        "block count",
                        offset + Layout.P_BLOCK_COUNT,
                        2,
                        view.size() / blockSize);
        long cells = checkInt(view, "cells", offset + Layout.P_CELLS, 1, MAX_CELLS);
        return new PoolDescriptor(
                index,
                offset,
                view.getInt(offset + Layout.P_GENERATION),
                PoolMode.values()[mode],
                (int) blockSize,
                (int) count,
                area(view, "control table", offset + Layout.P_CONTROL, count, Layout.CONTROL_SIZE),
                area(view, "cell table", offset + Layout.P_CELL_TABLE, cells, Layout.CELL_SIZE),
                area(view, "data", offset + Layout.P_DATA, count, blockSize),
                view.getLong(offset + Layout.P_SESSION),
                view.getInt(offset + Layout.P_CHANNEL),
                (int) cells,
                view.getLong(offset + Layout.P_OPENED),
                view.getInt(offset + Layout.P_PINNED) != 0);
    }

    private static long checkInt(RingView view, String what, long at, long least, long most)
            throws RingException {
        return view.checked(what, at, Integer.toUnsignedLong(view.getInt(at)), least, most);
    }

    private static long area(RingView view, String what, long at, long count, long size)
            throws RingException {
        long untrusted = view.getLong(at);
        view.checked(what, at, untrusted, Layout.HEADER_SIZE, view.size() - count * size);
        if (untrusted % 8 != 0) {
            throw RingException.at(view.file(), at, what, "a multiple of 8", untrusted);
        }
        return untrusted;
    }

    /// The bytes of its blocks and tables.
    long bytes() {
        return blockCount * (blockSize + (long) Layout.CONTROL_SIZE)
                + cells * (long) Layout.CELL_SIZE;
    }

    long line(int block) {
        return control + (long) block * Layout.CONTROL_SIZE;
    }

    long start(int block) {
        return data + (long) block * blockSize;
    }

    long cell(int number) {
        return cellTable + (long) number * Layout.CELL_SIZE;
    }
}
