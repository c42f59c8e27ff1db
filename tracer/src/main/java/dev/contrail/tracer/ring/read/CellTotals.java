// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import dev.contrail.tracer.ring.Layout;

/// The running totals of a cell.
record CellTotals(
        long noBlock,
        long tooLarge,
        long failed,
        long contended,
        long clamped,
        long recorded,
        long packets,
        long lastEndTicks,
        long cut,
        long floorTicks) {
    static CellTotals read(RingView view, PoolDescriptor pool, int cell) throws RingException {
        long at = pool.cell(cell);
        return new CellTotals(
                count(view, at + Layout.L_NO_BLOCK),
                count(view, at + Layout.L_TOO_LARGE),
                count(view, at + Layout.L_FAILED),
                count(view, at + Layout.L_CONTENDED),
                count(view, at + Layout.L_CLAMPED),
                count(view, at + Layout.L_RECORDED),
                count(view, at + Layout.L_PACKETS),
                view.getLongAcquire(at + Layout.L_LAST_END),
                count(view, at + Layout.L_CUT),
                floorTicks(view, at));
    }

    static CellTotals[] readAll(RingView view, PoolDescriptor pool) throws RingException {
        CellTotals[] totals = new CellTotals[pool.cells()];
        for (int cell = 0; cell < totals.length; cell++) {
            totals[cell] = read(view, pool, cell);
        }
        return totals;
    }

    /// Until when a cell for records that have times of their own is complete, once what is
    /// committed then has been read; 0 for another cell.
    static long floorTicks(RingView view, PoolDescriptor pool) {
        return floorTicks(view, pool.cell(pool.cells() - 1));
    }

    private static long floorTicks(RingView view, long at) {
        return view.getLongAcquire(at + Layout.L_FLOOR); // rule 8
    }

    private static long count(RingView view, long at) throws RingException {
        return view.checked("a cell's total", at, view.getLongAcquire(at), 0, Long.MAX_VALUE >> 12);
    }

    long lost() {
        return noBlock + tooLarge + failed + contended;
    }
}
