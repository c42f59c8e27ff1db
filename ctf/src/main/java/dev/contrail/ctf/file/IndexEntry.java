// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

/// What a reader or a store must know of one packet without decoding it.
///
/// The fields are those of LTTng's index files, version 1.1 (`ctf-index.md`, "Layout"; lttng-tools
/// 2.13 `include/lttng/.../ctf-index.h`), but for the record count, which the file does not hold.
///
/// @param packetBits size of the whole packet, a multiple of 8
/// @param contentBits size without padding, header included
/// @param beginTicks time of the first record or earlier; ticks of the trace's clock
/// @param endTicks time of the last record or later
/// @param recordCount event records in the packet, or -1 when it is not known
/// @param discardedEvents running total of the stream: records that found no space
/// @param sequence number of the packet in its stream, counted from 0
public record IndexEntry(
        long packetBits,
        long contentBits,
        long beginTicks,
        long endTicks,
        long recordCount,
        long discardedEvents,
        long streamClassId,
        long streamInstanceId,
        long sequence) {
    /// Stands for a stream instance id or a sequence number that the packet does not have.
    public static final long NONE = -1;

    /// Whether this is the same packet, longer than it was: a recorder lets the last packet of a
    /// stream grow in place.
    public boolean isGrownFrom(IndexEntry earlier) {
        return sequence != NONE
                && sequence == earlier.sequence
                && streamClassId == earlier.streamClassId
                && streamInstanceId == earlier.streamInstanceId
                && packetBits > earlier.packetBits
                && contentBits >= earlier.contentBits;
    }

    /// The same with another number of records.
    public IndexEntry withRecords(long count) {
        return with(endTicks, count, discardedEvents);
    }

    /// The same with another total of discarded records.
    public IndexEntry withDiscarded(long total) {
        return with(endTicks, recordCount, total);
    }

    /// The same with another end.
    public IndexEntry until(long ticks) {
        return with(ticks, recordCount, discardedEvents);
    }

    /// The same with another number in its stream.
    public IndexEntry numbered(long number) {
        return new IndexEntry(
                packetBits,
                contentBits,
                beginTicks,
                endTicks,
                recordCount,
                discardedEvents,
                streamClassId,
                streamInstanceId,
                number);
    }

    private IndexEntry with(long end, long records, long discarded) {
        return new IndexEntry(
                packetBits,
                contentBits,
                beginTicks,
                end,
                records,
                discarded,
                streamClassId,
                streamInstanceId,
                sequence);
    }
}
