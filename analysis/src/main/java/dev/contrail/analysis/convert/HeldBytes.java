// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Bytes held in memory to be written later, in blocks that are used again: it grows without
/// copying, and takes no more than it holds. One thread at a time.
final class HeldBytes extends OutputStream {
    private static final int BLOCK_BYTES = 1 << 20;

    /// Written at once: file streams copy it into memory that is new each time, which costs page
    /// faults where it is large.
    private static final int WRITE_BYTES = 1 << 16;

    private final List<byte[]> blocks = new ArrayList<>();
    private long length;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int at = offset;
        int left = count;
        while (left > 0) {
            int block = (int) (length / BLOCK_BYTES);
            int start = (int) (length % BLOCK_BYTES);
            if (block == blocks.size()) {
                blocks.add(new byte[BLOCK_BYTES]);
            }
            int some = Math.min(left, BLOCK_BYTES - start);
            System.arraycopy(bytes, at, blocks.get(block), start, some);
            at += some;
            left -= some;
            length += some;
        }
    }

    /// Forgets the bytes; keeps the memory.
    void reset() {
        length = 0;
    }

    /// Takes some of the bytes, in their order.
    interface Taker {
        void take(byte[] bytes, int offset, int count) throws IOException;
    }

    /// Hands the bytes on.
    void writeTo(Taker taker) throws IOException {
        long at = 0;
        while (at < length) {
            int start = (int) (at % BLOCK_BYTES);
            int some = (int) Math.min(length - at, Math.min(WRITE_BYTES, BLOCK_BYTES - start));
            taker.take(blocks.get((int) (at / BLOCK_BYTES)), start, some);
            at += some;
        }
    }
}
