// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.kernel.buffer.MappedRing;
import dev.contrail.kernel.buffer.RingCopy;
import dev.contrail.kernel.buffer.SubBuffer;
import dev.contrail.kernel.convert.ChannelEvents;
import dev.contrail.kernel.convert.Converter;
import dev.contrail.kernel.convert.PlanBuilder;
import dev.contrail.kernel.convert.RecordPlan;
import dev.contrail.kernel.convert.SyscallPlans;
import dev.contrail.kernel.schema.SyscallNumbers;
import dev.contrail.kernel.schema.SyscallTable;
import dev.contrail.kernel.schema.SyscallTable.Syscall;
import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.trace.PacketWriter;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.EventFormat.Field;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets the compiler see the converter and the copy of a ring before they matter: interpreted, they
/// take ten times as long, and a full ring loses records meanwhile. Once for a daemon, on a thread
/// of its own, when the first session comes that records the kernel; it costs half a second of one
/// CPU.
///
/// What the compiler has not seen it leaves out, and starts anew when it comes: so the made-up
/// sub-buffer holds every kind of record, and calls that meet, miss and overtake each other.
final class WarmUp {
    private static final AtomicBoolean IS_DONE = new AtomicBoolean();
    static final int SUB_BUFFER = 16 << 10;
    private static final int SUB_BUFFERS = 4;

    /// Compiled at the end with all its branches known; half of it leaves some to be compiled
    /// again.
    private static final int ROUNDS = 2500;

    private static final int COPY_EVERY = 16;
    private static final int THREADS = 24;

    /// Threads that share a slot of `SyscallsInFlight`, by their bits above those of its number.
    private static final int OTHER_THREAD = 1 << 16;

    /// More than may be looked up in `/proc` for one packet.
    private static final int OTHER_THREADS = 20;

    private static final int CALLS = 64;
    private static final int SWITCH = 1;
    private static final int EVERYTHING = 2;
    private static final int ENTRY = 3;
    private static final int EXIT = 4;
    private static final int CHOSEN_ENTRY = 5;
    private static final int CHOSEN_EXIT = 6;
    private static final int NOT_SELECTED = 7;
    private static final int TIME_EXTEND = 30;
    private static final int TIME_STAMP = 31;
    private static final int PADDING = 29;

    private final Random random = new Random(1);
    private final MemorySegment ring =
            Arena.ofAuto().allocate((long) SUB_BUFFER * SUB_BUFFERS, Long.BYTES);
    private final SyscallTable table;
    private long at;

    WarmUp(SyscallTable table) {
        this.table = table;
    }

    static void begin(SyscallTable table) {
        if (IS_DONE.compareAndSet(false, true)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("contrail-warm-up")
                    .start(() -> new WarmUp(table).run());
        }
    }

    /// Copies and converts the made-up ring over and over, and returns what did it.
    Converter run() {
        MemorySegment filled = ring();
        ChannelEvents events = events();
        var writer = new PacketWriter(() -> events, _ -> "", SyscallNumbers.of(table));
        var stream = new CpuStream(new StreamKey("", "", "", 0, 0, 0), 0, 0);
        var written = new MappedRing(filled, SUB_BUFFER, SUB_BUFFERS, 0);
        var copy = new RingCopy();
        long time = 0;
        try (var sink = new Nowhere()) {
            for (int round = 0; round < ROUNDS; round++) {
                if (round % COPY_EVERY == 0) {
                    copy.take(0, written);
                }
                int index = round % copy.count();
                long start = copy.start(index) + SubBuffer.DATA;
                long end = start + copy.length(index);
                long from = round % 3 == 0 ? time / 2 : time;
                long stored = round % 5 == 0 ? from + 500 : Long.MIN_VALUE;
                time = writer.write(sink, stream, copy.memory(), start, end, from, stored, 0);
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return writer.converter();
    }

    /// The made-up ring: sub-buffers of [#SUB_BUFFER] bytes.
    MemorySegment ring() {
        for (int i = 0; i < SUB_BUFFERS; i++) {
            fill((long) i * SUB_BUFFER, 1000L * (i + 1));
        }
        return ring;
    }

    /// What is in it.
    ChannelEvents events() {
        var events = new ChannelEvents.Builder();
        // Laid out like sched_switch: texts, priorities and what lies between.
        var switched = new PlanBuilder();
        switched.copy(8, 20).priority(28).copy(32, 8).copy(40, 20).priority(60);
        events.type(SWITCH, ChannelEvents.PLAIN, switched.plan(SWITCH));
        events.type(EVERYTHING, ChannelEvents.PLAIN, everything().plan(EVERYTHING));
        events.type(ENTRY, ChannelEvents.RAW_ENTRY, null);
        events.type(EXIT, ChannelEvents.RAW_EXIT, null);
        events.type(CHOSEN_ENTRY, ChannelEvents.SYSCALL_ENTRY, null);
        events.type(CHOSEN_EXIT, ChannelEvents.SYSCALL_EXIT, null);
        for (Syscall call : table.byName().values()) {
            if (call.number() < CALLS) {
                RecordPlan entry = SyscallPlans.entry(call, Optional.empty()).plan(call.number());
                events.entry(call.number(), entry);
                events.exit(call.number(), SyscallPlans.exit(call).plan(call.number()));
            }
        }
        events.unknownEntry(SyscallPlans.unknownEntry().plan(CALLS));
        events.unknownExit(SyscallPlans.unknownExit().plan(CALLS));
        return events.build();
    }

    /// One of each operation that a tracepoint's plan may have.
    private static PlanBuilder everything() {
        var plan = new PlanBuilder();
        plan.copy(8, 1).copy(10, 4).copy(16, 24).zero(3).zero(16).constant(1, 4).swap16(16);
        plan.integer(field("int narrow; offset:16; size:4; signed:1;"), 8);
        plan.string(field("__data_loc char[] text; offset:8; size:4; signed:0;"));
        plan.string(field("char array[16]; offset:24; size:16; signed:0;"));
        plan.text(field("__data_loc char[] comm; offset:8; size:4; signed:0;"), 16);
        plan.elements(field("__data_loc u32[] list; offset:8; size:4; signed:0;"), 2, 4);
        plan.blockFlags(field("char rwbs[8]; offset:24; size:8; signed:0;"));
        return plan.pointerText(16).copySaved(16, 8).pointerTextSaved(24);
    }

    private static Field field(String declaration) {
        String text = "name: everything\nID: 1\nformat:\n\n\tfield:" + declaration + "\n";
        try {
            return EventFormat.parse("made-up", text).fields().getFirst();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Random, but the same every time.
    private void fill(long start, long time) {
        SyscallNumbers numbers = SyscallNumbers.of(table);
        at = start + SubBuffer.DATA;
        long end = start + SUB_BUFFER - 128;
        put(TIME_STAMP, time, 8);
        for (int number : new int[] {numbers.execve(), numbers.execveat()}) {
            record(ENTRY, 64, 1, number);
            record(EXIT, 24, 1, number);
        }
        for (int i = 0; start == SUB_BUFFER && i < OTHER_THREADS; i++) {
            record(i % 3 == 0 ? CHOSEN_EXIT : EXIT, 24, i % 2 * OTHER_THREAD, 0);
        }
        for (int i = 0; at < end; i++) {
            switch (i % 32) {
                case 0, 16 -> record(SWITCH, 64, i, 0);
                case 5 -> record(EVERYTHING, 64, i, 16 << 16 | 24);
                case 9 -> record(NOT_SELECTED, 16, i, 0);
                case 13 -> put(TIME_EXTEND, 1 + random.nextInt(64), 8);
                case 21 -> put(PADDING | 1 << 5, 12, 16);
                case 25 -> call(CHOSEN_ENTRY, CHOSEN_EXIT, number());
                default -> call(ENTRY, EXIT, number());
            }
        }
        ring.set(JAVA_LONG_UNALIGNED, start, time);
        ring.set(JAVA_LONG_UNALIGNED, start + 8, at - start - SubBuffer.DATA);
    }

    /// Mostly the same few, as programs do.
    private int number() {
        return random.nextInt(8) == 0 ? random.nextInt(2 * CALLS) : random.nextInt(16);
    }

    /// Most calls end after they began; some were not seen to begin, or end much later, and some
    /// threads make one call only.
    private void call(int entry, int exit, int number) {
        int thread = 1 + random.nextInt(THREADS);
        int course = random.nextInt(64);
        if (course == 0) {
            thread |= OTHER_THREAD;
        }
        if (course > 4) {
            record(entry, 64, thread, number);
        }
        if (course > 8 || course < 4) {
            record(exit, 24, thread, course == 9 ? -1 : number);
        }
    }

    private void record(int type, int payloadBytes, int thread, int number) {
        long payload = at + 4;
        if (random.nextInt(64) == 0) { // The long form, which few records have.
            ring.set(JAVA_INT_UNALIGNED, at, 700 << 5);
            ring.set(JAVA_INT_UNALIGNED, at + 4, payloadBytes + 4);
            payload += 4;
        } else {
            ring.set(JAVA_INT_UNALIGNED, at, payloadBytes >> 2 | 300 << 5);
        }
        ring.set(JAVA_INT_UNALIGNED, payload, type);
        ring.set(JAVA_INT_UNALIGNED, payload + EventFormat.COMMON_PID, thread);
        ring.set(JAVA_INT_UNALIGNED, payload + EventFormat.COMMON_BYTES, number);
        for (long i = 12; i < payloadBytes; i += 4) {
            ring.set(
                    JAVA_INT_UNALIGNED, payload + i, random.nextInt(4) == 0 ? 0 : random.nextInt());
        }
        at = payload + payloadBytes;
    }

    private void put(int header, long next, int bytes) {
        ring.set(JAVA_INT_UNALIGNED, at, header);
        ring.set(JAVA_INT_UNALIGNED, at + 4, (int) next);
        at += bytes;
    }

    /// Stores nothing.
    static final class Nowhere implements PacketSink {
        private static final UUID TRACE = new UUID(0, 0);

        @Override
        public UUID traceUuid(String traceDirectory) {
            return TRACE;
        }

        @Override
        public Optional<IndexEntry> last(StreamKey stream) {
            return Optional.empty();
        }

        @Override
        public void metadata(String traceDirectory, String text) {}

        @Override
        public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {}

        @Override
        public void close() {}
    }
}
