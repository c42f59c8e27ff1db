// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

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
record Position(
        int slot,
        long version,
        long sequence,
        long packet,
        int offset,
        long records,
        long overwritten,
        long lost,
        long endTicks) {
    static Position start(long openedTicks) {
        return new Position(1, 0, -1, 0, Layout.ROOM, 0, 0, 0, openedTicks);
    }

    /// The newest slot of a cell that holds when output packet `stored` is the last stored one;
    /// null when none does.
    static Position latest(RingView view, PoolDescriptor pool, int cell, long stored)
            throws RingException {
        Position best = null;
        for (int slot = 0; slot < 2; slot++) {
            Position position = read(view, at(pool, cell, slot), slot);
            if (position.version == 0 || position.sequence > stored) continue;
            if (best == null || position.version > best.version) best = position;
        }
        return best;
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
                view.getLong(at + Layout.S_END));
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
        view.putLongRelease(at + Layout.S_VERSION, version);
    }
}
