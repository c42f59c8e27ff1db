// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Copies the present content of a pool while its writers go on. Used once.
///
/// What was overwritten before the oldest record that a reader gets is history that a ring does not
/// promise. But blocks do not go in time order: one that a quiet thread has open stays, and so do
/// its records. Then the snapshot has a hole, and every stream tells what it has lost to it, in
/// front of its first record: between two packets without any, as readers take the difference.
final class SnapshotCopier {
    private static final long NOTHING = Long.MIN_VALUE;

    /// Packets in front of the first block: one that says that nothing was lost, one that says how
    /// much was by then.
    private static final int FRONT = 2;

    private final RingView view;
    private final PoolDescriptor pool;
    private final long untilTicks;
    private final List<String> cutOff = new ArrayList<>();
    private long dropped;

    /// The oldest record that the reader gets, as far as is known.
    private long oldestTicks;

    private boolean hasHole;

    /// No record was overwritten before it.
    private long firstTicks;

    /// @param untilTicks as [RingFile#untilTicks]
    /// @param oldestTicks a reader gets records from then on beside this pool's; `Long.MAX_VALUE`
    ///   for none
    SnapshotCopier(RingView view, PoolDescriptor pool, long untilTicks, long oldestTicks) {
        this.view = view;
        this.pool = pool;
        this.untilTicks = untilTicks;
        this.oldestTicks = oldestTicks;
        this.firstTicks = pool.openedTicks();
    }

    PoolSnapshot copy() throws IOException {
        List<RingPacket> packets = new ArrayList<>();
        PoolSnapshot end = hand(packets::add, true, true);
        packets.sort(Comparator.comparingInt(RingPacket::cell)); // in order in each already
        return new PoolSnapshot(
                end.takenAtTicks(),
                end.horizonTicks(),
                packets,
                end.dropped(),
                end.totals(),
                end.cutOff());
    }

    /// As {@link #copy}, handing on each packet while the next are not copied yet.
    ///
    /// @param hasRecords whether packets come with their records: without, nothing is copied
    PoolSnapshot stream(SnapshotReceiver receiver, boolean hasRecords) throws IOException {
        return hand(receiver, hasRecords, false);
    }

    /// @param isHeld whether the receiver keeps the records
    private PoolSnapshot hand(SnapshotReceiver receiver, boolean hasRecords, boolean isHeld)
            throws IOException {
        boolean isWriterAlive = untilTicks == Long.MAX_VALUE;
        // What a dead process has lost it has lost by its end, whenever that is read.
        long taken = isWriterAlive ? TracerClock.nanos() : untilTicks;
        CellTotals[] totals = CellTotals.readAll(view, pool);
        long tickets = view.getLongAcquire(pool.offset() + Layout.P_TICKET);
        var account = new Account(totals);
        var cells = new CopiedCell[totals.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = new CopiedCell(totals[i]);
        }
        long horizon = NOTHING;
        ByteBuffer shared = room(hasRecords && !isHeld ? pool.blockSize() : 0);
        List<Block> blocks = oldestFirst(tickets);
        lookForHole(blocks, totals);
        for (Block found : blocks) {
            Block block = Block.read(view, pool, found.index(), tickets);
            if (block == null || block.seq() != found.seq()) {
                dropped++;
                continue;
            }
            long end = block.firstTicks();
            int length = block.end() - Layout.ROOM;
            long start = pool.start(block.index()) + Layout.ROOM;
            if (length > 0) {
                end = block.endTicks(view.getLong(start + block.last() - Layout.ROOM));
            }
            ByteBuffer bytes = isHeld ? room(length) : shared;
            if (hasRecords) {
                view.copy(start, bytes, length);
            }
            if (block.isOvertaken(view, pool)) {
                dropped++;
                continue;
            }
            if (!isWriterAlive && block.isInFlight()) {
                cutOff.add(cutOff(block.cell()));
            }
            account.keep(block);
            CopiedCell cell = cells[block.cell()];
            if (block.packet() != cell.next && pool.mode() == PoolMode.OVERWRITE) {
                horizon = Math.max(horizon, block.firstTicks());
            }
            if (cell.next == 0) {
                long before = gone(block.recorded());
                cell.untold = hasHole || oldestTicks < block.firstTicks() ? 0 : before;
                cell.told = block.lost() + before - cell.untold;
                if (cell.told > 0) {
                    tellBefore(receiver, block.cell(), block.packet(), block.firstTicks(), cell);
                }
            }
            cell.told = block.lost() + gone(block.recorded() - cell.kept) - cell.untold;
            cell.kept += block.records();
            cell.next = block.packet() + 1;
            cell.end = end;
            if (block.records() > 0) {
                oldestTicks = Math.min(oldestTicks, block.firstTicks());
            }
            ByteBuffer records = bytes.duplicate().limit(hasRecords ? length : 0);
            receiver.packet(packet(block, records, end, cell.told));
        }
        for (int i = 0; i < cells.length; i++) {
            CopiedCell cell = cells[i];
            long overwritten = gone(account.overwritten(i));
            if (cell.next == 0) {
                if (totals[i].recorded() > 0 && pool.mode() == PoolMode.OVERWRITE) {
                    horizon = Math.max(horizon, totals[i].lastEndTicks() + 1);
                }
                cell.untold = hasHole || oldestTicks < totals[i].lastEndTicks() ? 0 : overwritten;
                cell.told = overwritten - cell.untold;
                cell.next = totals[i].packets();
                cell.end = Math.max(totals[i].lastEndTicks(), pool.openedTicks());
                if (cell.told + totals[i].lost() > 0) {
                    tellBefore(receiver, i, cell.next, cell.end, cell);
                }
            }
            long lost = totals[i].lost() + overwritten - cell.untold;
            if (lost > cell.told) {
                receiver.packet(
                        accounting(
                                i,
                                cell.next,
                                cell.next + FRONT,
                                cell.end,
                                Math.max(cell.end, taken),
                                lost));
            }
        }
        return new PoolSnapshot(
                taken, horizon, List.of(), dropped, account.totals(account.overwritten()), cutOff);
    }

    /// What was handed on of a cell.
    private static final class CopiedCell {
        private long next;
        private long untold;
        private long told;
        private long kept;
        private long end;

        CopiedCell(CellTotals totals) {
            end = totals.lastEndTicks();
        }
    }

    /// Whether a cell has lost records that may be younger than the oldest one found.
    private void lookForHole(List<Block> oldestFirst, CellTotals[] totals) {
        if (pool.mode() != PoolMode.OVERWRITE) {
            return;
        }
        for (Block block : oldestFirst) {
            if (block.records() > 0) {
                oldestTicks = Math.min(oldestTicks, block.firstTicks());
            }
        }
        boolean[] isFound = new boolean[totals.length];
        for (Block block : oldestFirst) {
            hasHole |=
                    !isFound[block.cell()]
                            && block.recorded() > 0
                            && block.firstTicks() > oldestTicks;
            isFound[block.cell()] = true;
        }
        for (int i = 0; i < totals.length; i++) {
            hasHole |=
                    !isFound[i]
                            && totals[i].recorded() > 0
                            && totals[i].lastEndTicks() > oldestTicks;
        }
        if (!oldestFirst.isEmpty() && oldestFirst.get(0).isFirstOfPool()) {
            firstTicks = oldestFirst.get(0).firstTicks();
        }
    }

    /// Says in front of a cell's first packet how many records it has lost before.
    private void tellBefore(
            SnapshotReceiver receiver, int cell, long packet, long until, CopiedCell copied)
            throws IOException {
        long from = Math.min(firstTicks, until);
        receiver.packet(accounting(cell, packet, packet, from, from, 0));
        if (copied.told > 0) {
            receiver.packet(accounting(cell, packet, packet + 1, until, until, copied.told));
        }
    }

    private static ByteBuffer room(int bytes) {
        return ByteBuffer.allocate(bytes).order(LITTLE_ENDIAN);
    }

    /// They are the next to be overwritten.
    private List<Block> oldestFirst(long tickets) throws RingException {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < pool.blockCount(); i++) {
            Block block = Block.read(view, pool, i, tickets);
            if (block == null || block.state() == 0) {
                continue; // free: it was consumed
            }
            blocks.add(block);
        }
        blocks.sort(Comparator.comparingLong(Block::seq));
        return blocks;
    }

    private String cutOff(int cell) {
        int owner = view.getInt(pool.cell(cell) + Layout.L_OWNER);
        return owner == 0
                ? "1 event cut off in a thread that shared cell " + cell
                : "1 event cut off in thread " + owner;
    }

    /// In discard mode what is not there was consumed.
    private long gone(long missing) {
        return pool.mode() == PoolMode.OVERWRITE ? missing : 0;
    }

    private static RingPacket packet(Block block, ByteBuffer records, long end, long lost) {
        return new RingPacket(
                block.cell(),
                block.packet() + FRONT,
                block.packet(),
                block.firstTicks(),
                end,
                block.records(),
                lost,
                records.asReadOnlyBuffer().order(LITTLE_ENDIAN));
    }

    private static RingPacket accounting(
            int cell, long packet, long sequence, long from, long until, long lost) {
        return new RingPacket(
                cell,
                sequence,
                packet,
                from,
                until,
                0,
                lost,
                ByteBuffer.allocate(0).asReadOnlyBuffer());
    }
}
