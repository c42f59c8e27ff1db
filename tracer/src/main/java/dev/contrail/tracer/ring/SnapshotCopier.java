// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Copies the present content of a pool while its writers go on. Used once.
final class SnapshotCopier {
    private static final long NOTHING = Long.MIN_VALUE;

    /// A block and its records.
    private record Copy(Block block, ByteBuffer records, long endTicks) {}

    private final RingView view;
    private final PoolDescriptor pool;
    private final boolean writerIsAlive;
    private final List<String> cutOff = new ArrayList<>();
    private long dropped;

    SnapshotCopier(RingView view, PoolDescriptor pool, boolean writerIsAlive) {
        this.view = view;
        this.pool = pool;
        this.writerIsAlive = writerIsAlive;
    }

    PoolSnapshot copy() throws RingException {
        long taken = TracerClock.nanos();
        CellTotals[] totals = CellTotals.readAll(view, pool);
        long tickets = view.getLongAcquire(pool.offset() + Layout.P_TICKET);
        List<Copy> copies = copyBlocks(tickets);
        copies.sort(
                Comparator.<Copy>comparingInt(copy -> copy.block.cell())
                        .thenComparingLong(copy -> copy.block.packet()));
        Account account = new Account(totals);
        for (Copy copy : copies) account.keep(copy.block);
        return new PoolSnapshot(
                taken,
                horizon(copies, totals),
                packets(copies, totals, account, taken),
                dropped,
                account.totals(account.overwritten()),
                cutOff);
    }

    /// As {@link #copy}, handing on each packet while the next are not copied yet.
    ///
    /// @param hasRecords whether packets come with their records: without, nothing is copied
    PoolSnapshot stream(SnapshotReceiver receiver, boolean hasRecords) throws IOException {
        long taken = TracerClock.nanos();
        CellTotals[] totals = CellTotals.readAll(view, pool);
        long tickets = view.getLongAcquire(pool.offset() + Layout.P_TICKET);
        var account = new Account(totals);
        var cells = new StreamedCell[totals.length];
        for (int i = 0; i < cells.length; i++) cells[i] = new StreamedCell(totals[i]);
        long horizon = NOTHING;
        ByteBuffer bytes =
                ByteBuffer.allocate(hasRecords ? pool.blockSize() : 0).order(LITTLE_ENDIAN);
        for (Block found : oldestFirst(tickets)) {
            Block block = Block.read(view, pool, found.index(), tickets);
            if (block == null || block.seq() != found.seq()) {
                dropped++;
                continue;
            }
            long end = block.firstTicks();
            int length = block.end() - Layout.ROOM;
            long start = pool.start(block.index()) + Layout.ROOM;
            if (length > 0) end = block.endTicks(view.getLong(start + block.last() - Layout.ROOM));
            if (hasRecords) view.copy(start, bytes, length);
            if (block.isOvertaken(view, pool)) {
                dropped++;
                continue;
            }
            if (!writerIsAlive && block.isInFlight()) cutOff.add(cutOff(block.cell()));
            account.keep(block);
            StreamedCell cell = cells[block.cell()];
            if (block.packet() != cell.next && pool.mode() == Mode.OVERWRITE)
                horizon = Math.max(horizon, block.firstTicks());
            if (cell.next == 0) cell.before = gone(block.recorded());
            cell.told = block.lost() + gone(block.recorded() - cell.kept) - cell.before;
            cell.kept += block.records();
            cell.next = block.packet() + 1;
            cell.end = end;
            ByteBuffer records = bytes.duplicate().limit(hasRecords ? length : 0);
            receiver.packet(packet(new Copy(block, records, end), cell.told));
        }
        for (int i = 0; i < cells.length; i++) {
            StreamedCell cell = cells[i];
            boolean isEmpty = cell.next == 0;
            if (isEmpty && totals[i].recorded() > 0 && pool.mode() == Mode.OVERWRITE)
                horizon = Math.max(horizon, totals[i].lastEndTicks() + 1);
            long before = isEmpty ? gone(account.overwritten(i)) : cell.before;
            long end = isEmpty ? Math.max(totals[i].lastEndTicks(), pool.openedTicks()) : cell.end;
            long number = isEmpty ? totals[i].packets() : cell.next;
            long lost = totals[i].lost() + gone(account.overwritten(i)) - before;
            if (lost > cell.told)
                receiver.packet(accounting(i, number, end, Math.max(end, taken), lost));
        }
        return new PoolSnapshot(
                taken, horizon, List.of(), dropped, account.totals(account.overwritten()), cutOff);
    }

    /// What was handed on of a cell.
    private static final class StreamedCell {
        private long next;
        private long before;
        private long told;
        private long kept;
        private long end;

        StreamedCell(CellTotals totals) {
            end = totals.lastEndTicks();
        }
    }

    /// They are the next to be overwritten.
    private List<Block> oldestFirst(long tickets) throws RingException {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < pool.blockCount(); i++) {
            Block block = Block.read(view, pool, i, tickets);
            if (block == null || block.state() == 0) continue; // free: it was consumed
            blocks.add(block);
        }
        blocks.sort(Comparator.comparingLong(Block::seq));
        return blocks;
    }

    private List<Copy> copyBlocks(long tickets) throws RingException {
        List<Block> blocks = oldestFirst(tickets);
        List<Copy> copies = new ArrayList<>(blocks.size());
        for (Block found : blocks) {
            Block block = Block.read(view, pool, found.index(), tickets);
            Copy copy = block == null || block.seq() != found.seq() ? null : copy(block);
            if (copy == null) dropped++;
            else copies.add(copy);
        }
        return copies;
    }

    private Copy copy(Block block) {
        int length = block.end() - Layout.ROOM;
        ByteBuffer bytes = ByteBuffer.allocate(length).order(LITTLE_ENDIAN);
        view.copy(pool.start(block.index()) + Layout.ROOM, bytes, length);
        if (block.isOvertaken(view, pool)) return null;
        if (!writerIsAlive && block.isInFlight()) cutOff.add(cutOff(block.cell()));
        long end =
                length == 0
                        ? block.firstTicks()
                        : block.endTicks(bytes.getLong(block.last() - Layout.ROOM));
        return new Copy(block, bytes, end);
    }

    private String cutOff(int cell) {
        int owner = view.getInt(pool.cell(cell) + Layout.L_OWNER);
        return owner == 0
                ? "1 event cut off in a thread that shared cell " + cell
                : "1 event cut off in thread " + owner;
    }

    /// Where history begins to be complete in every cell.
    private long horizon(List<Copy> copies, CellTotals[] totals) {
        long horizon = NOTHING;
        long[] next = new long[totals.length];
        for (Copy copy : copies) {
            Block block = copy.block;
            if (block.packet() != next[block.cell()] && pool.mode() == Mode.OVERWRITE)
                horizon = Math.max(horizon, block.firstTicks());
            next[block.cell()] = block.packet() + 1;
        }
        for (int cell = 0; cell < totals.length; cell++)
            if (next[cell] == 0 && totals[cell].recorded() > 0 && pool.mode() == Mode.OVERWRITE)
                horizon = Math.max(horizon, totals[cell].lastEndTicks() + 1);
        return horizon;
    }

    private List<RingPacket> packets(
            List<Copy> copies, CellTotals[] totals, Account account, long taken) {
        List<RingPacket> packets = new ArrayList<>(copies.size());
        int i = 0;
        for (int cell = 0; cell < totals.length; cell++) {
            long kept = 0;
            long told = 0;
            // What had gone before the oldest record is history that a ring does not promise: a
            // reader is told of gaps between what it gets, and of records that were never written.
            boolean isEmpty = i == copies.size() || copies.get(i).block.cell() != cell;
            long before =
                    gone(isEmpty ? account.overwritten(cell) : copies.get(i).block.recorded());
            long number = totals[cell].packets();
            long end = Math.max(totals[cell].lastEndTicks(), pool.openedTicks());
            for (; i < copies.size() && copies.get(i).block.cell() == cell; i++) {
                Copy copy = copies.get(i);
                Block block = copy.block;
                told = block.lost() + gone(block.recorded() - kept) - before;
                kept += block.records();
                packets.add(packet(copy, told));
                number = block.packet() + 1;
                end = copy.endTicks;
            }
            long lost = totals[cell].lost() + gone(account.overwritten(cell)) - before;
            if (lost > told) packets.add(accounting(cell, number, end, Math.max(end, taken), lost));
        }
        return packets;
    }

    /// In discard mode what is not there was consumed.
    private long gone(long missing) {
        return pool.mode() == Mode.OVERWRITE ? missing : 0;
    }

    private static RingPacket packet(Copy copy, long lost) {
        Block block = copy.block;
        return new RingPacket(
                block.cell(),
                block.packet(),
                block.packet(),
                block.firstTicks(),
                copy.endTicks,
                block.records(),
                lost,
                copy.records.asReadOnlyBuffer().order(LITTLE_ENDIAN));
    }

    private static RingPacket accounting(int cell, long number, long from, long until, long lost) {
        return new RingPacket(
                cell,
                number,
                number,
                from,
                until,
                0,
                lost,
                ByteBuffer.allocate(0).asReadOnlyBuffer());
    }
}
