// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static dev.contrail.tracer.ring.Layout.CLOSED;
import static dev.contrail.tracer.ring.Layout.IN_FLIGHT;
import static dev.contrail.tracer.ring.Layout.ROOM;
import static dev.contrail.tracer.ring.Layout.TIME_SPAN;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The right to write into one block of a pool, and where. Public because generated event classes
/// call it; not for anybody else.
///
/// An owned cell belongs to a platform thread and takes no atomic instruction. A shared cell
/// belongs to whoever took its lock. All fields are plain: the lock (acquire, release), or being
/// one thread, orders them (rule 6 and 7).
///
/// # How a record is written, and what becomes of one that fails
///
/// A record is a header of 12 bytes (time and event id, thread id), the pool's context
/// ([EventContext], mostly nothing), and the event's fields. Generated code writes it, in these
/// steps and nowhere else (tests and benches of this room take them by hand):
///
/// ```text
///                                        holds then          when it throws
/// 1  take    a cell, and so the guard    guard               nothing is held: unheldLost + 1
/// 2          room that the fields want   guard             ┐
/// 3  open    mark in the commit word,    guard, mark       │ failed + 1, limit = 0,
///            clock, next block if need   guard, mark, room │ inside = false, lock = 0
/// 4          header, context, fields     guard, mark, room │ (no call: there may be no stack)
/// 5  end     commit word, without mark   guard             ┘
///            leave                       nothing             nothing: the record is there
/// ```
///
/// Instead of 5, `abandon` takes the mark off and leaves; nothing is counted. Where `open` finds no
/// room it has counted the event and left. A record that failed is overwritten by the cell's next
/// one, whose `open` finds [#limit] 0, and puts [#failed] into the file.
///
/// The guard is [#inside] or [#lock]: an event that is emitted while a thread is between 1 and 5
/// finds its cell taken and goes through a shared one; an event in the middle of that one is lost,
/// and counted. So recursion ends, whatever is instrumented that is called from 2 on: of the JDK
/// strings, mathematics, arrays. Probes of methods that the tracer calls record nothing at all:
/// what says so is `ThreadSlot`. What comes before that must not be instrumented, or an event would
/// begin with itself: `Thread`, `ThreadLocal`. The thread's own methods that a program can override
/// are not called. Where the thread's id must be asked for, which calls much of the JDK,
/// [ThreadSlot] has a guard of its own; where strings are encoded, before 1, `event.EncodedFields`
/// has one.
///
/// Between 3 and 5 nothing may block, allocate, load a class or call foreign code.
public final class Cell extends CellPadding {
    /// What [#header] writes.
    public static final int HEADER_BYTES = Layout.RECORD_HEADER;

    private static final int NONE = -1;
    private static final long RETRY_NANOS = 100_000;
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final VarHandle LOCK;

    static {
        try {
            LOCK = MethodHandles.lookup().findVarHandle(Cell.class, "lock", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolPlace place;
    private final int number;
    private final int table;
    private final boolean isShared;

    /// Shared cells: 1 while taken.
    ///
    /// This and the next five are public for generated code: see above.
    public volatile int lock;

    /// Owned cells: the owner is between `begin` and `end`.
    public boolean inside;

    /// Shared cells: of the thread that has taken it, which must find [#wasInside] in it again.
    public OwnCode slot = OwnCode.NOBODYS;

    public boolean wasInside;

    /// Records given up because of an exception; goes to the file with the cell's next record.
    public long failed;

    /// The end of the block, or the position where it must be closed. 0: [#failed] has grown, which
    /// the next record finds out because it has no room.
    public int limit;

    /// Owned cells: see [WriterPool].
    volatile @Nullable Thread owner;

    /// Owned cells: the pool has ended.
    boolean isOver;

    /// Owned cells: the owner's index, see [ThreadSlot#index].
    int index;

    /// The current writer's thread id. Shared cells: 0 while nobody writes, but after a failure.
    int vtid;

    private int position;

    /// Control line of the block; of the scratch block while there is none.
    private int line;

    /// The block's commit word, without the mark.
    private long committed;

    /// The time of the last record, or of the one under way.
    private long last;

    /// When the next time stamp must go into another block.
    private long wrap;

    private long ticket;
    private long packet;
    private long packets;
    private long recordedBefore;
    private long noBlock;
    private long tooLarge;
    private long clamped;
    private long cut;
    private long retryAt;

    /// The control line being taken or closed, [#NONE] outside of that.
    private int pending = NONE;

    private boolean pendingIsNew;
    private long pendingTicket;

    Cell(PoolPlace place, int number, boolean isShared) {
        this.place = place;
        this.number = number;
        this.table = place.cellTable(number);
        this.isShared = isShared;
        this.line = place.scratchLine();
    }

    boolean isOf(PoolPlace pool) {
        return place == pool;
    }

    boolean tryLock() {
        return lock == 0 && LOCK.compareAndSet(this, 0, 1);
    }

    /// Takes the lock for good, or for [#unlock]; for the link thread.
    ///
    /// @return false when somebody has kept it for a second, which no record takes
    boolean lock() {
        long from = System.nanoTime();
        while (!LOCK.weakCompareAndSetAcquire(this, 0, 1)) {
            if (System.nanoTime() - from > PATIENCE_NANOS) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    /// Waits until the owner is outside; after [WriterPool] has told it to stay there.
    ///
    /// @return false when it has been inside for a second
    @SuppressWarnings("NullAway") // who is inside is the owner
    boolean awaitOutside() {
        Thread thread = owner;
        long from = System.nanoTime();
        while (isInside() && thread != Thread.currentThread() && thread.isAlive()) {
            if (System.nanoTime() - from > PATIENCE_NANOS) {
                return false;
            }
            Thread.yield();
        }
        return true;
    }

    private boolean isInside() {
        VarHandle.fullFence(); // a new look each time
        return inside;
    }

    void unlock() {
        LOCK.setRelease(this, 0);
    }

    /// Puts into the file how many records have failed here. Who may use the cell.
    void putFailed() {
        Memory.putLongOpaque(table + Layout.L_FAILED, failed);
    }

    /// The same, unless somebody has the cell, whose next record does: of a shared cell that may be
    /// long. Any thread.
    void tellFailed() {
        if (failed != 0 && tryLock()) {
            putFailed();
            unlock();
        }
    }

    /// Marks a record in flight and reads the clock. The caller has the cell.
    ///
    /// @param need at most this many bytes will be written, header and context included
    /// @return false when there is no room: counted, the cell has been left
    public boolean open(int need) {
        Memory.putLongOpaque(line + Layout.C_COMMIT, committed | IN_FLIGHT); // rule 4
        long time = TracerClock.nanos();
        if (Long.compareUnsigned(time - last, wrap - last) >= 0) {
            time = unusual(time);
        }
        if (position + need > limit) {
            return openNext(need, time);
        }
        last = time;
        return true;
    }

    /// The same for a record that has a time of its own: the last one's, if that is later.
    public boolean openAt(int need, long time) {
        Memory.putLongOpaque(line + Layout.C_COMMIT, committed | IN_FLIGHT);
        long own = time;
        if (Long.compareUnsigned(own - last, wrap - last) >= 0) {
            own = unusual(own);
        }
        if (position + need > limit && !openNext(need, own)) {
            return false;
        }
        last = own; // not that of the clock
        return true;
    }

    /// Promises that no record will be older than `ticks`; 0: that there are none to come.
    void promise(long ticks) {
        Memory.putLongRelease(table + Layout.L_FLOOR, ticks); // rule 8
    }

    private long unusual(long time) {
        if (time < last) {
            Memory.putLongOpaque(table + Layout.L_CLAMPED, clamped + 1);
            clamped++;
            return last;
        }
        limit = position;
        return time;
    }

    private boolean openNext(int need, long time) {
        boolean isSuspect =
                limit == 0 || line == place.scratchLine() && isGone(table + Layout.L_LAST_END);
        if (isSuspect && RingStorage.giveUpIfCut()) {
            leave();
            return false;
        }
        if (limit == 0 && line != place.scratchLine()) {
            Memory.putLongOpaque(table + Layout.L_FAILED, failed);
            limit = position - Layout.validBytes(committed) + place.blockSize();
            if (position + need <= limit) {
                last = time;
                return true;
            }
        }
        if (!lease(need, time)) {
            try {
                abandon();
            } catch (StackOverflowError e) { // it has been counted, and must not be as failed
                inside = false;
                slot.isInside = wasInside;
                lock = 0;
            }
            return false;
        }
        last = Math.max(TracerClock.nanos(), time); // the mark was off for a moment
        return true;
    }

    /// The time of the record that was opened.
    public long time() {
        return last;
    }

    /// Writes time, event id and thread id.
    ///
    /// @return where the record begins
    public int header(int id) {
        int at = position;
        Memory.putLong(at, last << Layout.TIME_SHIFT | id);
        Memory.putInt(at + 8, vtid);
        return at;
    }

    /// Counts strings of the record under way that were cut to fit.
    public void countCut(int strings) {
        cut += strings;
        Memory.putLongOpaque(table + Layout.L_CUT, cut);
    }

    /// Publishes the record that ends before `end`, and leaves the cell.
    public void end(int end) {
        int start = position;
        long word = Layout.next(committed, end - start);
        Memory.putLongRelease(line + Layout.C_COMMIT, word); // rule 1
        committed = word; // no call between these: all or nothing
        position = end;
        try {
            if (isGone(start + Layout.TIME_SHIFT / 8)) { // last: blocks lie after the control lines
                Fault.settle();
            }
            leave();
        } catch (StackOverflowError e) { // the record is there and must not be counted as failed
            inside = false;
            slot.isInside = wasInside;
            lock = 0;
        }
    }

    /// Whether bytes of the file into which [#last] was written are not in it any more. A read that
    /// fails leaves the register as it was, so this reads what no register has had: bits 8 to 39.
    private boolean isGone(int at) {
        return Memory.getInt(at + 1) != (int) (last >>> 8);
    }

    /// Before the table lie the control lines and the pool's descriptor.
    private void settleIfGone() {
        if (isGone(table + Layout.L_LAST_END)) {
            Fault.settle();
        }
    }

    /// Gives the record up, uncounted, and leaves the cell.
    public void abandon() {
        Memory.putLongRelease(line + Layout.C_COMMIT, committed);
        leave();
    }

    private void leave() {
        if (!isShared) {
            inside = false;
            return;
        }
        OwnCode left = slot;
        boolean leftInside = wasInside;
        vtid = 0;
        LOCK.setRelease(this, 0); // calls what may have a probe
        left.isInside = leftInside;
    }

    /// Closes the block and takes another one. Once per block.
    private boolean lease(int need, long time) {
        if (need > place.blockSize() - ROOM) {
            Memory.putLongOpaque(table + Layout.L_TOO_LARGE, tooLarge + 1);
            tooLarge++;
            Fault.settle();
            return false;
        }
        close(time);
        if (place.mode() == PoolMode.OVERWRITE || time - retryAt >= 0) {
            settleIfGone(); // the mark of this record
            for (int i = 0; i < place.blockCount(); i++) {
                if (take(time)) {
                    return true;
                }
            }
            retryAt = time + RETRY_NANOS;
        }
        Memory.putLongOpaque(table + Layout.L_NO_BLOCK, noBlock + 1);
        noBlock++;
        return false;
    }

    /// Closes the block, if there is one, and whatever an earlier call left half done.
    void close(long time) {
        Memory.putLongOpaque(table + Layout.L_FAILED, failed);
        if (pending != NONE && pending != line) {
            repair(time);
        }
        if (line == place.scratchLine()) {
            return;
        }
        pending = line;
        pendingIsNew = false;
        putPending();
        closePending();
    }

    /// A call of [#close] or [#take] was cut off by a stack overflow.
    private void repair(long time) {
        if (Memory.getLongAcquire(pending + Layout.C_STATE) != number + 1) {
            pending = NONE;
            return;
        }
        if (pendingIsNew) {
            adopt(time);
            pendingIsNew = false;
        }
        closePending();
    }

    /// May be cut off anywhere and called again.
    private void closePending() {
        int closing = pending;
        Memory.putLongRelease(closing + Layout.C_COMMIT, committed);
        Memory.putLongOpaque(table + Layout.L_RECORDED, recorded());
        Memory.putLongOpaque(table + Layout.L_LAST_END, last);
        Memory.putLongRelease(table + Layout.L_PACKETS, packet + 1);
        limit = position;
        line = place.scratchLine();
        Memory.putLongRelease(closing + Layout.C_STATE, CLOSED | ticket);
        pending = NONE;
        putPending();
    }

    /// Draws a ticket and takes its block, if it may be had.
    private boolean take(long time) {
        long drawn = place.drawTicket();
        int block = (int) (drawn % place.blockCount());
        int taken = place.controlLine(block);
        long state = Memory.getLongAcquire(taken + Layout.C_STATE);
        boolean isFree = state == 0;
        boolean isOlder = state < 0 && (state & ~CLOSED) < drawn;
        if (!isFree && !(isOlder && place.mode() == PoolMode.OVERWRITE)) {
            return false;
        }
        pendingTicket = drawn;
        pendingIsNew = true;
        pending = taken;
        putPending();
        settleIfGone(); // the state above; what follows would end the process
        if (!Memory.compareAndSetLong(taken + Layout.C_STATE, state, number + 1)) {
            pending = NONE;
            return false;
        }
        adopt(time);
        Memory.putLongOpaque(line + Layout.C_COMMIT, committed | IN_FLIGHT);
        pending = NONE;
        return true;
    }

    /// Begins the next packet in the pending block. May be cut off anywhere and called again.
    private void adopt(long time) {
        int taken = pending;
        int start = place.blockStart((taken - place.controlLine(0)) / Layout.CONTROL_SIZE);
        long recorded = recorded();
        Memory.putLongOpaque(taken + Layout.C_SEQ, 2 * pendingTicket + 1);
        VarHandle.storeStoreFence(); // rule 2
        Memory.putInt(taken + Layout.C_CELL, number);
        Memory.putInt(taken + Layout.C_STREAM_CLASS, place.channelId());
        Memory.putLong(taken + Layout.C_PACKET, packets);
        Memory.putLong(taken + Layout.C_LOST, lost());
        Memory.putLong(taken + Layout.C_RECORDED, recorded);
        Memory.putLong(start + Layout.B_FIRST, time);
        Memory.putLongRelease(taken + Layout.C_COMMIT, ROOM);
        Memory.putLongRelease(taken + Layout.C_SEQ, 2 * pendingTicket + 2); // rule 3
        ticket = pendingTicket; // no call from here on: all or nothing
        packet = packets;
        packets = packet + 1;
        recordedBefore = recorded;
        committed = ROOM;
        last = time;
        wrap = time + TIME_SPAN;
        position = start + ROOM;
        limit = start + place.blockSize();
        line = taken;
    }

    private void putPending() {
        long block =
                pending == NONE ? 0 : (pending - place.controlLine(0)) / Layout.CONTROL_SIZE + 1;
        Memory.putLongOpaque(table + Layout.L_PENDING, block);
    }

    /// Whether it has begun one. Any thread; an old answer does no harm.
    boolean hasPackets() {
        return packets > 0;
    }

    private long recorded() {
        return recordedBefore + Layout.records(committed);
    }

    private long lost() {
        return noBlock + tooLarge + failed + Memory.getLong(table + Layout.L_CONTENDED);
    }

    /// Counts events for which no cell could be had. Any thread.
    void countContended(long events) {
        Memory.getLong(table + Layout.L_CONTENDED);
        Fault.settle();
        Memory.getAndAddLong(table + Layout.L_CONTENDED, events);
    }

    /// Says in the file whose cell it is: 0 nobody's, or a shared one.
    void putOwner(int ownerId) {
        vtid = ownerId;
        Memory.putLongOpaque(table + Layout.L_OWNER, ownerId);
    }
}
