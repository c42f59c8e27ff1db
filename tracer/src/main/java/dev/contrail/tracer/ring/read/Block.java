// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static dev.contrail.tracer.ring.Layout.ROOM;

import dev.contrail.tracer.ring.Layout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// What a control line said at one moment, checked.
///
/// @param isClosed nothing will be added to it
/// @param word `commit`, with the in-flight mark
/// @param lost lost by the cell before this block
/// @param recorded recorded by the cell before this block
/// @param firstTicks not later than the first record
record Block(
        int index,
        long seq,
        long state,
        int cell,
        long packet,
        long lost,
        long recorded,
        long firstTicks,
        boolean isClosed,
        long word) {
    /// Reads block `index`; null when it holds nothing, is being recycled, or was leased after
    /// ticket number `tickets` was drawn.
    static @Nullable Block read(RingView view, PoolDescriptor pool, int index, long tickets)
            throws RingException {
        long line = pool.line(index);
        long state = view.getLongAcquire(line + Layout.C_STATE);
        long seq = view.getLongAcquire(line + Layout.C_SEQ); // rule 3
        if (seq == 0 || (seq & 1) != 0 || Long.compareUnsigned(seq, 2 * tickets) > 0) {
            return null;
        }
        int cell = view.getInt(line + Layout.C_CELL);
        long packet = view.getLong(line + Layout.C_PACKET);
        boolean isClosed = isClosed(view, pool, state, cell, packet); // before `commit` is read
        long word = view.getLongAcquire(line + Layout.C_COMMIT); // rule 1
        Block block =
                new Block(
                        index,
                        seq,
                        state,
                        cell,
                        packet,
                        view.getLong(line + Layout.C_LOST),
                        view.getLong(line + Layout.C_RECORDED),
                        view.getLong(pool.start(index) + Layout.B_FIRST),
                        isClosed,
                        word);
        if (block.isOvertaken(view, pool)) {
            return null;
        }
        block.check(view, pool, line);
        return block;
    }

    /// Whether the block has been taken for something else since it was read: what was copied from
    /// it in the meantime is worth nothing.
    boolean isOvertaken(RingView view, PoolDescriptor pool) {
        VarHandle.loadLoadFence(); // rule 2
        return view.getLongOpaque(pool.line(index) + Layout.C_SEQ) != seq;
    }

    private void check(RingView view, PoolDescriptor pool, long line) throws RingException {
        view.checked("cell", line + Layout.C_CELL, cell, 0, pool.cells() - 1L);
        long at = line + Layout.C_COMMIT;
        view.checked("valid bytes", at, end(), ROOM, pool.blockSize());
        if (end() == ROOM) {
            view.checked("records of an empty block", at, records(), 0, 0);
        } else {
            long most = (end() - ROOM) / Layout.RECORD_HEADER;
            view.checked("records", at, records(), 1, most);
            view.checked("last record", at, last(), ROOM, end() - Layout.RECORD_HEADER);
        }
        view.checked("packet number", line + Layout.C_PACKET, packet, 0, 1L << 42);
        view.checked("lost", line + Layout.C_LOST, lost, 0, Long.MAX_VALUE >> 2);
        view.checked("recorded", line + Layout.C_RECORDED, recorded, 0, Long.MAX_VALUE >> 2);
    }

    /// Whether nothing was recorded in the pool before it.
    boolean isFirstOfPool() {
        return seq == 2;
    }

    /// The records of the block end here.
    int end() {
        return Layout.validBytes(word);
    }

    int last() {
        return Layout.lastRecord(word);
    }

    int records() {
        return Layout.records(word);
    }

    /// A block that is being taken still shows its former content, and one that is being closed is
    /// complete: both are told by the number of closed packets.
    private static boolean isClosed(
            RingView view, PoolDescriptor pool, long state, int untrustedCell, long packet) {
        if (state <= 0 || state != untrustedCell + 1L || untrustedCell >= pool.cells()) {
            return true;
        }
        return packet < view.getLongAcquire(pool.cell(untrustedCell) + Layout.L_PACKETS);
    }

    boolean isInFlight() {
        return state > 0 && (word & Layout.IN_FLIGHT) != 0;
    }

    /// The time of the last record, which must have been copied.
    long endTicks(long lastRecordWord) {
        return Layout.widen(firstTicks, lastRecordWord);
    }
}
