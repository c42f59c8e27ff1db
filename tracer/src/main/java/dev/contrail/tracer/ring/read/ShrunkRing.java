// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.contrail.tracer.ring.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/// A copy of an ended process's ring that holds what is left to read and takes no other memory:
/// everything lies where it lay, between it there is nothing. Used once.
final class ShrunkRing {
    private static final int PAGE = 4096;

    private final RingView view;
    private final SeekableByteChannel to;
    private final ByteBuffer page = ByteBuffer.allocate(PAGE).order(LITTLE_ENDIAN);
    private long written;

    ShrunkRing(RingView view, SeekableByteChannel to) {
        this.view = view;
        this.to = to;
    }

    /// @return the bytes that the copy takes
    long write() throws IOException {
        return view.guarded(() -> {
            copy(0, Layout.METADATA_OFFSET);
            copy(
                    Integer.toUnsignedLong(view.getInt(Layout.H_METADATA_OFFSET)),
                    view.getLongAcquire(Layout.H_METADATA_LENGTH));
            for (PoolDescriptor pool : PoolDescriptor.readAll(view)) {
                copy(pool);
            }
            put(view.size() - 1, ByteBuffer.allocate(1));
            written += PAGE;
            put(
                    Layout.H_SHRUNK_BYTES,
                    ByteBuffer.allocate(8).order(LITTLE_ENDIAN).putLong(0, written));
            return written;
        });
    }

    private void copy(PoolDescriptor pool) throws IOException {
        copy(pool.line(0), (pool.blockCount() + 1L) * Layout.CONTROL_SIZE);
        copy(pool.cell(0), pool.cells() * (long) Layout.CELL_SIZE);
        for (int i = 0; i < pool.blockCount(); i++) {
            Block block = Block.read(view, pool, i, Long.MAX_VALUE >> 2);
            if (block != null && block.state() != 0) {
                copy(pool.start(i), block.end());
            }
        }
    }

    /// Copies the pages in which these bytes lie, but for those that are all zeros.
    private void copy(long start, long length) throws IOException {
        long end = Math.min(start + length, view.size());
        for (long at = start & -PAGE; at < end; at += PAGE) {
            int size = (int) Math.min(PAGE, view.size() - at);
            view.copy(at, page.clear(), size);
            if (isZero(size)) {
                continue;
            }
            put(at, page.limit(size));
            written += PAGE;
        }
    }

    private boolean isZero(int size) {
        for (int i = 0; i <= size - 8; i += 8) {
            if (page.getLong(i) != 0) {
                return false;
            }
        }
        return size % 8 == 0;
    }

    private void put(long at, ByteBuffer bytes) throws IOException {
        to.position(at);
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
