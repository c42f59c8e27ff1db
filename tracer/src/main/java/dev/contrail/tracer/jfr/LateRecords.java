// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

/// Puts what JFR delivers, some each second and not in order, into the order of time. With a
/// [SyncEvent] everything has been delivered that was recorded before, but for what threads were
/// about to record then. For that the records of the last [#WINDOW_NANOS] wait for the next
/// delivery; what comes later still is told as younger than it is.
///
/// Owned by the thread that gets JFR's events.
final class LateRecords {
    /// What may wait; what comes beyond is lost, and counted. Some seconds of 30,000 events each.
    static final int MOST = 65_536;

    static final int MOST_BYTES = 16 << 20;

    /// Who reads rings does not wait longer for late records than 10 s: those that would come
    /// later, as after the program was stopped by a signal, are told as younger than they are.
    static final long MOST_LATE_NANOS = 8_000_000_000L;

    /// Of 4,682 events one was 11 ms late.
    static final long WINDOW_NANOS = 250_000_000;

    private record Timed(long ticks, LateRecord record) {}

    private final EpochOffset offset = new EpochOffset();
    private List<LateRecord> delivered = new ArrayList<>();
    private List<Timed> waiting = new ArrayList<>();
    private long bytes;
    private long syncedTicks = Long.MIN_VALUE;
    private long toldTicks = Long.MIN_VALUE;

    /// @return whether there is room for it
    boolean add(LateRecord record) {
        int size = record.bytes();
        if (waiting.size() + delivered.size() >= MOST || bytes + size > MOST_BYTES) {
            return false;
        }
        bytes += size;
        delivered.add(record);
        return true;
    }

    /// A [SyncEvent] was delivered.
    void sync(long epochNanos, long ticks) {
        offset.sync(epochNanos, ticks);
        syncedTicks = Math.max(syncedTicks, ticks);
    }

    /// A delivery is over. Hands on, in order, the records that are complete now, with their times
    /// by our clock.
    ///
    /// @param nowTicks the time
    /// @return no record will come that is older
    long delivered(long nowTicks, BiConsumer<Long, LateRecord> receiver) {
        if (!offset.isKnown()) {
            return Long.MIN_VALUE;
        }
        long epochOffset = offset.delivered();
        long least = Math.max(toldTicks, nowTicks - MOST_LATE_NANOS);
        for (LateRecord each : delivered) {
            long ticks = Math.min(nowTicks, each.epochNanos() - epochOffset);
            waiting.add(new Timed(Math.max(ticks, least), each));
        }
        delivered = new ArrayList<>();
        waiting.sort(Comparator.comparingLong(Timed::ticks));
        long horizon = Math.max(toldTicks, syncedTicks - WINDOW_NANOS);
        int complete = 0;
        while (complete < waiting.size() && waiting.get(complete).ticks <= horizon) {
            Timed each = waiting.get(complete++);
            bytes -= each.record.bytes();
            receiver.accept(each.ticks, each.record);
        }
        waiting = new ArrayList<>(waiting.subList(complete, waiting.size()));
        toldTicks = horizon;
        return horizon;
    }
}
