// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// Takes the packets of a pool out, each once, even when consumers are killed and replaced.
///
/// What is stored decides: before a packet is handed over, the position after it goes into the slot
/// that does not hold the present one. A successor asks which packet was stored last and takes the
/// newest slot that does not say more.
final class PoolDrain {
    /// A block of a pool for large records has, as a rule, little in it: room for it all is made
    /// when it is needed.
    private static final int USUAL_BYTES = 32 * 1024;

    private final RingView view;
    private final PoolDescriptor pool;
    private final Position[] positions;

    /// Cells whose stored packet may tell less than the slot says: both only account, and nothing
    /// but the total tells one from the other.
    private final BitSet unsure = new BitSet();

    private ByteBuffer copy;

    /// The pool's tickets at the last drain.
    private long drained;

    PoolDrain(RingView view, PoolDescriptor pool, PacketReceiver receiver) throws RingException {
        this.view = view;
        this.pool = pool;
        this.copy = room(Math.min(pool.blockSize(), USUAL_BYTES));
        this.positions = new Position[pool.cells()];
        for (int cell = 0; cell < positions.length; cell++) {
            StoredPacket stored = receiver.lastStored(cell);
            Position position = Position.latest(view, pool, cell, stored);
            // With packets stored of which the ring knows nothing, numbering goes on after them.
            positions[cell] =
                    position == null
                            ? Position.start(stored.sequence(), pool.openedTicks())
                            : position;
            unsure.set(cell, positions[cell].isAccount());
        }
    }

    private static ByteBuffer room(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(LITTLE_ENDIAN);
    }

    void drain(PacketReceiver receiver, boolean partial) throws IOException {
        long now = TracerClock.nanos(); // before the totals: they account for it
        CellTotals[] totals = CellTotals.readAll(view, pool); // before the scan
        long tickets = tickets();
        drained = tickets;
        List<List<Block>> cells = new ArrayList<>();
        for (int cell = 0; cell < pool.cells(); cell++) {
            cells.add(new ArrayList<>());
        }
        for (int i = 0; i < pool.blockCount(); i++) {
            Block block = Block.read(view, pool, i, tickets);
            if (block != null && block.state() != 0) {
                cells.get(block.cell()).add(block);
            }
        }
        for (int cell = 0; cell < pool.cells(); cell++) {
            List<Block> blocks = cells.get(cell);
            blocks.sort(Comparator.comparingLong(Block::packet));
            boolean isAtEnd = drain(cell, blocks, tickets, receiver, partial);
            long floor = totals[cell].floorTicks();
            if (isAtEnd && partial) {
                account(cell, totals[cell], floor == 0 ? now : Math.min(now, floor), receiver);
            }
            if (floor != 0 && positions[cell].sequence() < 0) {
                // Its records will come late: who merges streams has to know by now that it is one.
                beginWithoutLoss(cell, positions[cell], receiver);
            }
        }
    }

    private long tickets() {
        return view.getLongAcquire(pool.offset() + Layout.P_TICKET);
    }

    /// Blocks leased since the last drain, in parts of the pool.
    double fill() {
        return (double) (tickets() - drained) / pool.blockCount();
    }

    /// Sends the packets of one cell, in order.
    ///
    /// @return whether everything that was there has been sent
    private boolean drain(
            int cell, List<Block> found, long tickets, PacketReceiver receiver, boolean partial)
            throws IOException {
        for (Block seen : found) {
            Block block = Block.read(view, pool, seen.index(), tickets);
            if (block == null || block.seq() != seen.seq()) {
                continue; // overwritten meanwhile
            }
            if (block.packet() < positions[cell].packet()) {
                if (block.isClosed()) {
                    free(block);
                }
                continue;
            }
            if (!block.isClosed() && !partial) {
                return false;
            }
            if (!send(cell, block, receiver)) {
                continue;
            }
            if (!block.isClosed()) {
                return true;
            }
            free(block);
        }
        return true;
    }

    /// Sends what is new in the block: in the packet that holds what was sent of it before, as long
    /// as that can grow.
    ///
    /// @return false when the block was overwritten during the copy
    private boolean send(int cell, Block block, PacketReceiver receiver) throws IOException {
        Position from = at(block, positions[cell]);
        if (from.sequence() < 0 && block.lost() + from.overwritten() > 0) {
            beginWithoutLoss(cell, positions[cell], receiver);
            from = at(block, positions[cell]);
        }
        long records = block.recorded() + block.records();
        checkSentPart(block, from, records);
        int added = block.end() - from.offset();
        boolean isClosed = block.isClosed();
        if (added == 0) {
            if (isClosed) {
                Position to =
                        from.behind(
                                block,
                                from.sequence(),
                                from.lost(),
                                from.endTicks(),
                                from.length());
                to.write(view, pool, cell);
                positions[cell] = to;
            }
            return true;
        }
        boolean isGrown =
                from.isGrowable(block.packet()) && receiver.mayGrow(cell, from.sequence(), added);
        if (!isGrown && from.isGrowable(block.packet()) && from.length() == 0) {
            endAccount(cell, from, receiver);
        }
        int start = isGrown ? from.offset() - from.length() : from.offset();
        int length = block.end() - start;
        if (length > copy.capacity()) {
            copy = room(pool.blockSize());
        }
        view.copy(pool.start(block.index()) + start, copy, length);
        if (block.isOvertaken(view, pool)) {
            return false;
        }
        view.checkUncut();
        Position to =
                from.behind(
                        block,
                        from.sequence() + (isGrown ? 0 : 1),
                        Math.max(from.lost(), block.lost() + from.overwritten()),
                        block.endTicks(copy.getLong(block.last() - start)),
                        length);
        long begin = start == Layout.ROOM ? block.firstTicks() : block.endTicks(copy.getLong(0));
        int count = (int) (records - from.records());
        hand(cell, to, block.packet(), begin, count, length, receiver);
        return true;
    }

    /// What a slot says of the part that was sent must fit the block.
    private void checkSentPart(Block block, Position from, long records) throws RingException {
        long at = pool.line(block.index()) + Layout.C_COMMIT;
        boolean isEmpty = block.end() == from.offset();
        view.checked("valid bytes", at, block.end(), from.offset(), pool.blockSize());
        view.checked(
                "records after a sent part",
                at,
                records - from.records(),
                isEmpty ? 0 : 1,
                isEmpty ? 0 : block.records());
        if (!isEmpty) {
            view.checked("last record", at, block.last(), from.offset(), block.end());
        }
    }

    /// The position from which `block` is sent: inside it, or at its start, what lies between
    /// having been overwritten.
    private Position at(Block block, Position now) throws RingException {
        if (block.packet() == now.packet() && now.offset() > Layout.ROOM) {
            return now;
        }
        long at = pool.line(block.index()) + Layout.C_RECORDED;
        view.checked("recorded", at, block.recorded(), now.records(), Long.MAX_VALUE);
        return now.moved(
                block.packet(),
                Layout.ROOM,
                block.recorded(),
                now.overwritten() + block.recorded() - now.records());
    }

    private void hand(
            int cell,
            Position to,
            long packet,
            long beginTicks,
            int count,
            int length,
            PacketReceiver receiver)
            throws IOException {
        to.write(view, pool, cell);
        receiver.packet(
                new RingPacket(
                        cell,
                        to.sequence(),
                        packet,
                        beginTicks,
                        to.endTicks(),
                        count,
                        to.lost(),
                        copy.slice(0, length).asReadOnlyBuffer().order(LITTLE_ENDIAN)));
        positions[cell] = to;
    }

    /// Tells, in an empty packet that reaches until now, what no packet has told. The next packet
    /// takes its place: until its end the loss may have happened, not at one moment before.
    private void account(int cell, CellTotals totals, long now, PacketReceiver receiver)
            throws IOException {
        Position from = positions[cell];
        long gone = Math.max(0, totals.recorded() - from.records());
        long lost = totals.lost() + from.overwritten() + gone;
        boolean isTold = lost < from.lost() || lost == from.lost() && !unsure.get(cell);
        if (isTold) {
            return;
        }
        if (from.sequence() < 0) {
            beginWithoutLoss(cell, from, receiver);
            from = positions[cell];
        }
        boolean isGrown = from.isAccount() && receiver.mayGrow(cell, from.sequence(), 0);
        long sequence = from.sequence() + (isGrown ? 0 : 1);
        Position to =
                new Position(
                        1 - from.slot(),
                        from.version() + 1,
                        sequence,
                        from.packet(),
                        from.offset(),
                        from.records() + gone,
                        from.overwritten() + gone,
                        lost,
                        from.endTicks(),
                        0);
        to.write(view, pool, cell);
        receiver.packet(accounting(cell, to, Math.max(from.endTicks(), now)));
        positions[cell] = to;
        unsure.clear(cell);
    }

    /// Before a first packet that tells of losses, an empty one that tells of none: a reader counts
    /// what came between two packets. No other packet takes its place.
    private void beginWithoutLoss(int cell, Position from, PacketReceiver receiver)
            throws IOException {
        Position to =
                new Position(
                        1 - from.slot(),
                        from.version() + 1,
                        from.sequence() + 1,
                        from.packet(),
                        from.offset(),
                        from.records(),
                        from.overwritten(),
                        0,
                        from.endTicks(),
                        0);
        to.write(view, pool, cell);
        receiver.packet(accounting(cell, to, to.endTicks()));
        positions[cell] = to;
    }

    /// The next packet cannot take the accounting packet's place: then that must not reach into it.
    private void endAccount(int cell, Position last, PacketReceiver receiver) throws IOException {
        if (receiver.mayGrow(cell, last.sequence(), 0)) {
            receiver.packet(accounting(cell, last, last.endTicks()));
        }
    }

    private RingPacket accounting(int cell, Position at, long endTicks) {
        ByteBuffer none = copy.slice(0, 0).asReadOnlyBuffer().order(LITTLE_ENDIAN);
        return new RingPacket(
                cell, at.sequence(), at.packet(), at.endTicks(), endTicks, 0, at.lost(), none);
    }

    /// A closed block of a pool that discards is the consumer's alone.
    private void free(Block block) {
        if (pool.mode() == PoolMode.DISCARD && block.state() < 0) {
            view.putLongRelease(pool.line(block.index()) + Layout.C_STATE, 0);
        }
    }
}
