// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Copies of a ring that a thread writes as the kernel does, as fast as it can.
class RingCopyTest {
    private static final int SUB_BUFFER = 512;
    private static final int SUB_BUFFERS = 32;

    /// Never written: the kernel keeps it out of the ring.
    private static final int READER = 5;

    private static final int ROUNDS = 200_000;

    @Test
    void holdsNoGapHoweverTheWriterGoesRoundMeanwhile() throws Exception {
        MemorySegment ring = Arena.ofAuto().allocate((long) SUB_BUFFER * SUB_BUFFERS, 8);
        var isEnded = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(ring, isEnded));
        int found = 0;
        try {
            var mapped = new MappedRing(ring, SUB_BUFFER, SUB_BUFFERS, READER);
            var copy = new RingCopy();
            for (int round = 0; round < ROUNDS; round++) {
                copy.take(0, mapped);
                long[] numbers = numbers(copy);
                if (numbers.length > 0) {
                    found++;
                    long first = numbers[0];
                    assertThat(numbers)
                            .isEqualTo(LongStream.range(first, first + numbers.length).toArray());
                }
            }
        } finally {
            isEnded.set(true);
        }
        writing.join();
        assertThat(found).isPositive();
    }

    private static long[] numbers(RingCopy copy) {
        return LongStream.range(0, copy.count())
                .flatMap(index -> {
                    long data = copy.start((int) index) + SubBuffer.DATA;
                    int count = copy.length((int) index) / 8;
                    return LongStream.range(0, count)
                            .map(i -> copy.memory().get(JAVA_LONG_UNALIGNED, data + 8 * i));
                })
                .toArray();
    }

    /// Consecutive numbers; a sub-buffer's time is its first one, and one more.
    private static void write(MemorySegment ring, AtomicBoolean isEnded) {
        long number = 0;
        for (int i = 0; !isEnded.get(); i = (i + 1) % SUB_BUFFERS) {
            if (i == READER) {
                continue;
            }
            long start = (long) i * SUB_BUFFER;
            put(ring, start + 8, 0);
            put(ring, start, number + 1);
            for (long at = SubBuffer.DATA; at < SUB_BUFFER; at += 8) {
                put(ring, start + at, number++);
                put(ring, start + 8, at + 8 - SubBuffer.DATA);
                Thread.onSpinWait();
            }
        }
    }

    /// Stores one after the other: pairs with the fences of [RingCopy#take].
    private static void put(MemorySegment ring, long at, long value) {
        VarHandle.releaseFence();
        ring.set(JAVA_LONG_UNALIGNED, at, value);
    }
}
