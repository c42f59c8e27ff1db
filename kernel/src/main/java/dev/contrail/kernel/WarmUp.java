// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets the compiler see the converter and the copy of a ring before they matter: the first records
/// would take ten times as long, and the first snapshot 20 ms. Once for a daemon, on a thread of
/// its own; it costs a third of a second of one CPU.
final class WarmUp {
    private static final AtomicBoolean IS_DONE = new AtomicBoolean();
    private static final int SUB_BUFFER = 64 << 10;
    private static final int SUB_BUFFERS = 4;
    private static final int ROUNDS = 400;
    private static final int TYPE = 1;
    private static final int RECORD_WORDS = 16;

    private WarmUp() {}

    static void begin(SyscallNumbers numbers) {
        if (IS_DONE.compareAndSet(false, true)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("contrail-warm-up")
                    .priority(Thread.MIN_PRIORITY)
                    .start(() -> run(numbers));
        }
    }

    /// Copies a ring of made-up sub-buffers and converts them, over and over.
    private static void run(SyscallNumbers numbers) {
        MemorySegment ring = Arena.ofAuto().allocate((long) SUB_BUFFER * SUB_BUFFERS, 8);
        for (int i = 0; i < SUB_BUFFERS; i++) {
            fill(ring.asSlice((long) i * SUB_BUFFER, SUB_BUFFER), 1000L * (i + 1));
        }
        var events = new ChannelEvents.Builder();
        events.type(TYPE, ChannelEvents.PLAIN, plan());
        events.type(TYPE + 1, ChannelEvents.RAW_ENTRY, null);
        events.type(TYPE + 2, ChannelEvents.RAW_EXIT, null);
        events.unknownEntry(SyscallPlans.unknownEntry().plan(1));
        events.unknownExit(SyscallPlans.unknownExit().plan(2));
        ChannelEvents selected = events.build();
        var converter = new Converter(numbers);
        var copy = new RingCopy();
        for (int round = 0; round < ROUNDS; round++) {
            copy.take(0, ring, SUB_BUFFER, SUB_BUFFERS, 0);
            converter.begin(Long.MIN_VALUE);
            long start = copy.start(round % copy.count());
            long end = start + SUB_BUFFER;
            converter.convert(
                    copy.memory(), start + SubBuffer.DATA, end, 0, Long.MIN_VALUE, selected);
        }
    }

    /// Like `sched_switch`: copies and priorities.
    private static RecordPlan plan() {
        return new PlanBuilder().copy(8, 20).priority(28).copy(32, 28).priority(60).plan(0);
    }

    /// Records of three types in turn.
    private static void fill(MemorySegment subBuffer, long time) {
        int recordBytes = 4 + 4 * RECORD_WORDS;
        int records = (SUB_BUFFER - SubBuffer.DATA) / recordBytes;
        subBuffer.set(JAVA_LONG_UNALIGNED, 0, time);
        subBuffer.set(JAVA_LONG_UNALIGNED, 8, (long) records * recordBytes);
        for (int i = 0; i < records; i++) {
            long at = SubBuffer.DATA + (long) i * recordBytes;
            subBuffer.set(JAVA_INT_UNALIGNED, at, RECORD_WORDS | 1 << 5);
            subBuffer.set(JAVA_INT_UNALIGNED, at + 4, TYPE + i % 3);
            subBuffer.set(JAVA_INT_UNALIGNED, at + 8, i);
        }
    }
}
