// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import dev.contrail.tracer.ring.Layout;
import org.jspecify.annotations.Nullable;

/// How far a consumer is in a cell: one of the cell's two slots.
///
/// @param slot where it is stored, 0 or 1
/// @param version the higher one is the newer
/// @param sequence the output packet that must be stored for this to hold; -1 before the first
/// @param packet the packet that is to be sent next
/// @param offset where in its block
/// @param records of the cell before that: stored and overwritten
/// @param overwritten of them
/// @param lost the total of discarded records that output packet `sequence` tells
/// @param endTicks the end time of output packet `sequence`
/// @param length bytes of records in output packet `sequence`, 0 for one that only accounts;
///   [#FIXED] when no record may be added to it
record Position(
        int slot,
        long version,
        long sequence,
        long packet,
        int offset,
        long records,
        long overwritten,
        long lost,
        long endTicks,
        int length) {
    static final int FIXED = -1;

    /// @param sequence of the last stored packet, -1 for none
    static Position start(long sequence, long openedTicks) {
        return new Position(1, 0, sequence, 0, Layout.ROOM, 0, 0, 0, openedTicks, FIXED);
    }

    /// The newest slot of a cell that holds when `stored` is the last stored packet; null when none
    /// does.
    static @Nullable Position latest(
            RingView view, PoolDescriptor pool, int cell, StoredPacket stored)
            throws RingException {
        Position best = null;
        for (int slot = 0; slot < 2; slot++) {
            Position position = read(view, at(pool, cell, slot), slot);
            if (position.version == 0 || position.isAheadOf(stored)) {
                continue;
            }
            if (best == null || position.version > best.version) {
                best = position;
            }
        }
        if (best == null
                || best.sequence == stored.sequence() && best.length == stored.recordBytes()) {
            return best;
        }
        return best.moved(best.packet, best.offset, best.records, best.overwritten, FIXED);
    }

    private boolean isAheadOf(StoredPacket stored) {
        return sequence > stored.sequence()
                || sequence == stored.sequence() && length > stored.recordBytes();
    }

    /// The same stored packet, which may grow only if it is empty, and another place to go on from.
    Position moved(long newPacket, int newOffset, long newRecords, long newOverwritten) {
        return moved(newPacket, newOffset, newRecords, newOverwritten, length == 0 ? 0 : FIXED);
    }

    private Position moved(
            long newPacket, int newOffset, long newRecords, long newOverwritten, int newLength) {
        return new Position(
                slot,
                version,
                sequence,
                newPacket,
                newOffset,
                newRecords,
                newOverwritten,
                lost,
                endTicks,
                newLength);
    }

    /// Behind what there is of `block`, after output packet `newSequence`.
    Position behind(Block block, long newSequence, long newLost, long newEndTicks, int newLength) {
        return new Position(
                1 - slot,
                version + 1,
                newSequence,
                block.isClosed() ? block.packet() + 1 : block.packet(),
                block.isClosed() ? Layout.ROOM : block.end(),
                block.recorded() + block.records(),
                overwritten,
                newLost,
                newEndTicks,
                newLength);
    }

    /// Whether records from here on, in that packet of the cell, may go into the stored packet.
    boolean isGrowable(long inPacket) {
        if (length == 0) {
            return isAccount();
        }
        return length > 0 && packet == inPacket && offset - length >= Layout.ROOM;
    }

    /// Whether the stored packet only accounts. One that tells of no loss is there to stay: what
    /// was lost is counted from it.
    boolean isAccount() {
        return length == 0 && sequence >= 0 && lost > 0;
    }

    private static long at(PoolDescriptor pool, int cell, int slot) {
        return pool.cell(cell) + Layout.L_SLOTS + (long) slot * Layout.SLOT_SIZE;
    }

    private static Position read(RingView view, long at, int slot) throws RingException {
        long version = view.getLongAcquire(at + Layout.S_VERSION);
        long place = view.getLong(at + Layout.S_POSITION);
        return new Position(
                slot,
                view.checked("slot version", at, version, 0, Long.MAX_VALUE - 1),
                view.getLong(at + Layout.S_SEQUENCE),
                place >>> Layout.LAST_SHIFT,
                (int)
                        view.checked(
                                "slot offset",
                                at + Layout.S_POSITION,
                                version == 0 ? Layout.ROOM : place & Layout.OFFSET_MASK,
                                Layout.ROOM,
                                Layout.MAX_BLOCK),
                view.getLong(at + Layout.S_RECORDS),
                view.getLong(at + Layout.S_OVERWRITTEN),
                view.getLong(at + Layout.S_LOST),
                view.getLong(at + Layout.S_END),
                (int)
                        view.checked(
                                "slot length",
                                at + Layout.S_LENGTH,
                                version == 0 ? 0 : view.getLong(at + Layout.S_LENGTH),
                                0,
                                Layout.MAX_BLOCK));
    }

    /// Stores this in its slot, version last, so that a slot is never half new.
    void write(RingView view, PoolDescriptor pool, int cell) {
        long at = at(pool, cell, slot);
        view.putLong(at + Layout.S_SEQUENCE, sequence);
        view.putLong(at + Layout.S_POSITION, packet << Layout.LAST_SHIFT | offset);
        view.putLong(at + Layout.S_RECORDS, records);
        view.putLong(at + Layout.S_OVERWRITTEN, overwritten);
        view.putLong(at + Layout.S_LOST, lost);
        view.putLong(at + Layout.S_END, endTicks);
        view.putLong(at + Layout.S_LENGTH, Math.max(0, length));
        view.putLongRelease(at + Layout.S_VERSION, version);
    }
}
