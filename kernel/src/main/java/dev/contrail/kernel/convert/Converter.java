// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.contrail.ctf.LttngSchema;
import dev.contrail.kernel.schema.SyscallNumbers;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.posix.PidNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Turns the data of a kernel sub-buffer into the event records of a CTF packet
/// (`kernel-tracing.md` section 3, `lttng-kernel-schema.md` section 1).
///
/// Owned by the thread that converts. The result lies in a buffer that the next packet reuses.
public final class Converter {
    /// Bytes in front of the records: packet header, context, `cpu_id`.
    public static final int HEADER_BYTES =
            LttngSchema.PACKET_HEADER_BYTES + LttngSchema.PACKET_CONTEXT_BYTES + 4;

    private static final int INITIAL_BYTES = 128 << 10;
    private static final int MOST_BYTES = 1 << 30;
    private static final int EXTENDED_ID = 65535;
    private static final int EXTENDED_BYTES = 14;
    private static final int COMPACT_BYTES = 6;
    private static final int SLACK_BYTES = 16;
    private static final int LAST_DATA_TYPE = 28;
    private static final int PADDING = 29;
    private static final int TIME_EXTEND = 30;
    private static final int TIME_STAMP = 31;
    private static final long TOP_TIME_BITS = ~((1L << 59) - 1);

    private final SyscallsInFlight calls;
    private final ProcessTable processes;
    private MemorySegment out = Arena.ofAuto().allocate(INITIAL_BYTES, 8);
    private long at = HEADER_BYTES;
    private long time;
    private long first;
    private long last;
    private long count;
    private long seen;
    private long unselected;
    private volatile long damaged;

    public Converter(SyscallNumbers numbers) {
        calls = new SyscallsInFlight(numbers, PidNamespace.isFirst(false));
        processes = new ProcessTable(calls);
    }

    /// Starts a packet.
    ///
    /// @param lastTicks time of the last record of the stream: no record gets an earlier one
    public void begin(long lastTicks) {
        at = HEADER_BYTES;
        count = 0;
        last = lastTicks;
        calls.beginPacket();
    }

    /// Converts a stretch of a sub-buffer's data.
    ///
    /// @param from where a record begins
    /// @param to end of the data
    /// @param startTicks the sub-buffer's base time, or [#ticks] after the stretch before
    /// @param storedTicks records up to this time are stored already and left out
    public void convert(
            MemorySegment in,
            long from,
            long to,
            long startTicks,
            long storedTicks,
            ChannelEvents events) {
        time = startTicks;
        long position = from;
        while (position + 4 <= to) {
            int word = in.get(JAVA_INT_UNALIGNED, position);
            int type = word & 31;
            long delta = word >>> 5;
            long payload = position + 4;
            long untrustedLength;
            if (type - 1 < LAST_DATA_TYPE && type != 0) {
                untrustedLength = type << 2;
            } else {
                if (position + 8 > to) {
                    damaged = damaged + (type == PADDING && delta == 0 ? 0 : 1);
                    return;
                }
                long next = in.get(JAVA_INT_UNALIGNED, payload) & 0xFFFFFFFFL;
                if (type == TIME_EXTEND || type == TIME_STAMP) {
                    long value = (next << 27) + delta;
                    time = type == TIME_EXTEND ? time + value : time & TOP_TIME_BITS | value;
                    position += 8;
                    continue;
                }
                if (type == PADDING) {
                    if (delta == 0) {
                        return;
                    }
                    time += delta;
                    position = payload + Math.max(4, next);
                    continue;
                }
                payload += 4;
                untrustedLength = next - 4;
            }
            if (untrustedLength < EventFormat.COMMON_BYTES || payload + untrustedLength > to) {
                damaged = damaged + 1;
                return;
            }
            time += delta;
            seen++;
            if (time > storedTicks) {
                record(in, payload, (int) untrustedLength, events);
            }
            position = payload + untrustedLength;
        }
    }

    /// Time after the stretch that was converted last.
    public long ticks() {
        return time;
    }

    public long firstTicks() {
        return first;
    }

    public long lastTicks() {
        return last;
    }

    /// Records in the packet.
    public long count() {
        return count;
    }

    /// Records so far that were whole, whatever became of them.
    public long seen() {
        return seen;
    }

    /// Records so far for which the channel has no event class.
    public long unselected() {
        return unselected;
    }

    /// Records so far that were cut off or too short.
    public long damaged() {
        return damaged;
    }

    /// The packet, its head still to be written: position 0, limit at its end.
    public ByteBuffer packet() {
        return out.asSlice(0, at).asByteBuffer();
    }

    private void record(MemorySegment in, long payload, int length, ChannelEvents events) {
        int type = in.get(JAVA_SHORT_UNALIGNED, payload) & 0xFFFF;
        RecordPlan plan;
        long saved = 0;
        byte kind = events.kind(type);
        switch (kind) {
            case ChannelEvents.PLAIN -> plan = events.plain(type);
            case ChannelEvents.SYSCALL_ENTRY, ChannelEvents.RAW_ENTRY -> {
                int number = number(in, payload, length);
                int thread = in.get(JAVA_INT_UNALIGNED, payload + EventFormat.COMMON_PID);
                boolean is32Bit =
                        kind == ChannelEvents.RAW_ENTRY && calls.enters32Bit(thread, number);
                plan = is32Bit ? events.entry32() : events.entry(number);
                calls.entered(thread, number, time, in, payload, length);
            }
            case ChannelEvents.SYSCALL_EXIT, ChannelEvents.RAW_EXIT -> {
                int number = number(in, payload, length);
                int thread = in.get(JAVA_INT_UNALIGNED, payload + EventFormat.COMMON_PID);
                boolean is32Bit =
                        kind == ChannelEvents.RAW_EXIT && calls.leaves32Bit(thread, number);
                plan = is32Bit ? events.exit32() : events.exit(number);
                saved = calls.left(thread, number, time);
            }
            default -> plan = null;
        }
        if (plan == null) {
            unselected++;
            return;
        }
        if (length < plan.leastPayload()) {
            damaged = damaged + 1;
            return;
        }
        if (at + EXTENDED_BYTES + plan.mostBytes(length) + SLACK_BYTES > out.byteSize()) {
            grow(plan.mostBytes(length));
        }
        long ticks = Math.max(time, last);
        header(plan.eventId(), ticks);
        at = plan.write(in, payload, length, calls.slots(), saved, out, at, processes);
        last = ticks;
        count++;
    }

    /// The compact form holds 32 bits of time: enough while less than 2^32 ticks have passed.
    private void header(int eventId, long ticks) {
        if (count > 0 && ticks - last < 1L << 32) {
            out.set(JAVA_LONG_UNALIGNED, at, eventId | ticks << 16);
            at += COMPACT_BYTES;
            return;
        }
        if (count == 0) {
            first = ticks;
        }
        out.set(JAVA_SHORT_UNALIGNED, at, (short) EXTENDED_ID);
        out.set(JAVA_INT_UNALIGNED, at + 2, eventId);
        out.set(JAVA_LONG_UNALIGNED, at + 6, ticks);
        at += EXTENDED_BYTES;
    }

    private static int number(MemorySegment in, long payload, int length) {
        return length < 12 ? -1 : in.get(JAVA_INT_UNALIGNED, payload + EventFormat.COMMON_BYTES);
    }

    private void grow(int needed) {
        long bytes = Math.max(2 * out.byteSize(), at + needed + INITIAL_BYTES);
        if (bytes > MOST_BYTES) {
            throw new IllegalStateException("packet of " + bytes + " bytes");
        }
        MemorySegment larger = Arena.ofAuto().allocate(bytes, 8);
        MemorySegment.copy(out, 0, larger, 0, at);
        out = larger;
    }
}
