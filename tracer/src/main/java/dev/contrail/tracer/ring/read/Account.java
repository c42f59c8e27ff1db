// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import dev.contrail.tracer.ring.PoolMode;

/// Adds up what became of the events of a pool.
final class Account {
    private final CellTotals[] cells;
    private final long[] recorded;
    private final long[] kept;
    private int inFlight;

    /// @param cells read before the blocks
    Account(CellTotals[] cells) {
        this.cells = cells;
        this.recorded = new long[cells.length];
        this.kept = new long[cells.length];
        for (int i = 0; i < cells.length; i++) {
            recorded[i] = cells[i].recorded();
        }
    }

    /// The account of `pool` now.
    static PoolTotals of(RingView view, PoolDescriptor pool) throws RingException {
        Account account = new Account(CellTotals.readAll(view, pool));
        for (int i = 0; i < pool.blockCount(); i++) {
            Block block = Block.read(view, pool, i, Long.MAX_VALUE >> 2);
            if (block != null) {
                account.keep(block);
            }
        }
        long overwritten = 0;
        for (int cell = 0; cell < pool.cells(); cell++) {
            Position position = Position.latest(view, pool, cell, StoredPacket.ANY);
            if (position != null) {
                overwritten += position.overwritten();
            } else {
                overwritten += account.overwritten(cell);
            }
        }
        return account.totals(pool.mode() == PoolMode.OVERWRITE ? overwritten : 0);
    }

    /// Adds the records of a block that is there.
    void keep(Block block) {
        int cell = block.cell();
        kept[cell] += block.records();
        recorded[cell] = Math.max(recorded[cell], block.recorded() + block.records());
        if (block.isInFlight()) {
            inFlight++;
        }
    }

    long overwritten(int cell) {
        return recorded[cell] - kept[cell];
    }

    long overwritten() {
        long sum = 0;
        for (int cell = 0; cell < cells.length; cell++) {
            sum += overwritten(cell);
        }
        return sum;
    }

    PoolTotals totals(long overwritten) {
        long recordedSum = 0;
        long noBlock = 0;
        long tooLarge = 0;
        long failed = 0;
        long contended = 0;
        long clamped = 0;
        long cut = 0;
        for (int i = 0; i < cells.length; i++) {
            recordedSum += recorded[i];
            noBlock += cells[i].noBlock();
            tooLarge += cells[i].tooLarge();
            failed += cells[i].failed();
            contended += cells[i].contended();
            clamped += cells[i].clamped();
            cut += cells[i].cut();
        }
        return new PoolTotals(
                recordedSum,
                noBlock,
                tooLarge,
                failed,
                contended,
                overwritten,
                clamped,
                inFlight,
                cut);
    }
}
