// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Memory for packets, which is used again: large arrays go straight into the old generation, and
/// would stay there until it is collected. Any thread.
public final class PacketMemory {
    private static final int LEAST_BYTES = 4096;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /// By capacity, a power of two.
    private final Map<Integer, Queue<ByteBuffer>> idle = new ConcurrentHashMap<>();

    /// A buffer without room.
    static ByteBuffer none() {
        return NONE;
    }

    /// A buffer of at least that many bytes, at most 2^30.
    ByteBuffer take(int bytes) {
        int capacity = Integer.highestOneBit(Math.max(bytes, LEAST_BYTES) - 1) * 2;
        Queue<ByteBuffer> ofSize = idle.get(capacity);
        ByteBuffer used = ofSize == null ? null : ofSize.poll();
        return used == null ? ByteBuffer.allocateDirect(capacity) : used;
    }

    /// Takes a buffer back that nobody reads any more.
    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() > 0) {
            idle.computeIfAbsent(buffer.capacity(), _ -> new ConcurrentLinkedQueue<>()).add(buffer);
        }
    }
}
