// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.LongBinaryOperator;

/// One CPU's sub-buffers where the kernel writes them. Everything but the sizes may change from one
/// call to the next.
///
/// @param memory the sub-buffers, one after the other
/// @param readerId number of the one that the kernel keeps out of the ring, which counts as empty
public record MappedRing(
        MemorySegment memory, int subBufferBytes, int subBufferCount, int readerId) {

    long bytes() {
        return (long) subBufferBytes * subBufferCount;
    }

    long start(int subBuffer) {
        return (long) subBuffer * subBufferBytes;
    }

    long time(int subBuffer) {
        return SubBuffer.time(memory, start(subBuffer));
    }

    /// Bytes of valid data; 0 while the writer begins it anew.
    int length(int subBuffer) {
        return subBuffer == readerId
                ? 0
                : SubBuffer.length(memory, start(subBuffer), subBufferBytes);
    }

    /// Of the sub-buffers that hold data; [Long#MAX_VALUE] when none does.
    long oldestTime() {
        return time(Math::min, Long.MAX_VALUE);
    }

    /// Of the sub-buffers that hold data; [Long#MIN_VALUE] when none does.
    long newestTime() {
        return time(Math::max, Long.MIN_VALUE);
    }

    private long time(LongBinaryOperator choice, long none) {
        long chosen = none;
        for (int i = 0; i < subBufferCount; i++) {
            if (length(i) > 0) {
                VarHandle.acquireFence(); // length before the time it is of
                chosen = choice.applyAsLong(chosen, time(i));
            }
        }
        return chosen;
    }
}
