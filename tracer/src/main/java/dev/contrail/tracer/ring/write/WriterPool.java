// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.Layout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The producer's side of a pool: finds a cell for whoever wants to write. Never used again once
/// closed.
///
/// Or its stand-in, which only counts: it takes a pool's place among the targets of an event class
/// until the pool's daemon has decided whether that is recorded. A state more costs who records
/// nothing, another class would.
public final class WriterPool {
    /// Events by way of shared cells after which a thread asks for a cell of its own.
    private static final int HOT_EVENTS = 1000;

    /// Times around the shared cells before an event is given up.
    private static final int ROUNDS = 4;

    /// Turns that a pool's end waits for who hands out a cell, which takes microseconds.
    private static final int PATIENCE = 100_000;

    /// A power of two, so large that threads which emit much seldom meet at one index.
    static final int THREADS = 1024;

    /// How often the virtual machine interprets what it compiles then, whatever else it has to. The
    /// atomic accesses end the process while they are interpreted if the file is cut just there.
    private static final int UNTIL_COMPILED = 5_000;

    private static final int OPEN = 0;
    private static final int SHARED_ONLY = 1;
    private static final int CLOSED = 2;
    private static final int COUNTING = 3;

    private static final VarHandle COUNTED;
    private static final VarHandle TELLING;

    static {
        try {
            COUNTED = MethodHandles.lookup().findVarHandle(WriterPool.class, "counted", long.class);
            TELLING = MethodHandles.lookup().findVarHandle(WriterPool.class, "telling", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolPlace place;
    private final EventContext context;
    private final int mostBeforePayload;
    private final int sharedMask;
    private final Cell[] shared;
    private final Cell[] owned;

    /// For records that have times of their own: those of one thread at a time.
    private final Cell dated;

    /// Cells by the thread id of their owner; a shared cell, which has no owner, where there is
    /// none. Two threads of one index cannot both own a cell. Racy: only [Cell#owner] counts.
    private final Cell[] byThread;

    /// Held by the one thread that looks for a cell to own.
    private final AtomicBoolean isHandingOut = new AtomicBoolean();

    private volatile int state = OPEN;

    /// Events that failed where nothing could be called to count them: there was no stack. Racy:
    /// two threads in that state at one moment may be counted as one. Whoever takes a cell next
    /// puts it into the file, or [#tellUnheldLost].
    public long unheldLost;

    /// As much of it as the file says.
    private long unheldTold;

    /// The same of [#owed].
    private long owedTold;

    /// 1 while somebody tells; set back without a call, also where there is no stack.
    private volatile int telling;

    /// The pool that this stands in for; null: this is a pool.
    private final @Nullable WriterPool principal;

    /// What stood here before this stand-in; null: nothing.
    private final @Nullable WriterPool former;

    /// Events that a stand-in has counted, but for [#unheldLost]. No object of its own, whose class
    /// might be instrumented.
    private volatile long counted;

    /// Stand-ins that have counted, and may count yet, what is lost here.
    private volatile List<WriterPool> owed = List.of();

    /// Takes the records that do not fit into a block of this one; null: none does.
    private volatile @Nullable WriterPool large;

    /// Takes what the records of this one refer to; null: there is nothing.
    private volatile @Nullable WriterPool pinned;

    WriterPool(PoolPlace place, EventContext context) {
        this.place = place;
        this.context = context;
        mostBeforePayload = Layout.RECORD_HEADER + EventContext.mostBytes(context.fields());
        principal = null;
        former = null;
        shared = new Cell[place.sharedCells()];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = new Cell(place, i, true);
        }
        sharedMask = Integer.highestOneBit(shared.length) - 1;
        owned = new Cell[place.ownedCells()];
        dated = new Cell(place, place.cells() - 1, true);
        byThread = new Cell[THREADS];
        Arrays.fill(byThread, shared[0]);
    }

    private WriterPool(WriterPool principal, @Nullable WriterPool former) {
        this.principal = principal;
        this.former = former;
        state = COUNTING;
        place = principal.place;
        context = principal.context;
        mostBeforePayload = principal.mostBeforePayload;
        shared = principal.shared;
        sharedMask = principal.sharedMask;
        owned = principal.owned;
        dated = principal.dated;
        byThread = principal.byThread;
    }

    /// A stand-in for this pool.
    public WriterPool standIn() {
        return new WriterPool(this, null);
    }

    /// A stand-in for the same pool that has counted as much as this one.
    @SuppressWarnings("NullAway") // only stand-ins have one
    public WriterPool successor() {
        return new WriterPool(principal, this);
    }

    public boolean standsInFor(WriterPool pool) {
        return principal == pool;
    }

    /// Whether it stands in for a pool of the same session.
    public boolean standsInBeside(WriterPool pool) {
        return principal != null && principal.place.sessionId() == pool.place.sessionId();
    }

    private long counted() {
        return counted + unheldLost + (former == null ? 0 : former.counted());
    }

    /// What `standIn` has counted is lost here; so is what it will count, of threads that are in
    /// the middle of an event. Link thread.
    public void owe(WriterPool standIn) {
        if (owed.contains(standIn)) {
            return;
        }
        List<WriterPool> all = new ArrayList<>(owed);
        all.add(standIn);
        owed = all;
    }

    /// The id of the calling thread as records have it: the operating system's, negative for a
    /// virtual thread.
    ///
    /// @return 0 where it cannot be told, as in an event on the way to it
    public static int currentThreadId() {
        try {
            Thread thread = Thread.currentThread();
            if (JvmThreads.HERE.isVirtual(thread)) {
                return ThreadSlot.virtualId(thread);
            }
            ThreadSlot slot = ThreadSlot.current();
            return slot.knowsVtid() ? slot.vtid : 0;
        } catch (Throwable e) {
            return 0; // no stack, or no memory
        }
    }

    /// Gives the caller a cell to write one record: [Cell] says how.
    ///
    /// @return null when the event is lost, and counted, or the pool is closed
    public @Nullable Cell take() throws Throwable {
        Thread thread = Thread.currentThread();
        Cell own = byThread[indexOf(thread)];
        if (own.owner != thread || own.inside) {
            return takeShared(thread);
        }
        own.inside = true;
        if (state == OPEN && unheldLost == unheldTold) {
            return own;
        }
        own.inside = false;
        own.putFailed(); // no record of this cell follows
        return takeShared(thread);
    }

    /// The same for a probe: [ThreadSlot#enter] has said that the thread is in none of its cells.
    public @Nullable Cell take(ThreadSlot slot) throws Throwable {
        Cell own = slot.recent;
        if ((own == null || !own.isOf(place)) && (own = slot.find(place)) == null) {
            return take();
        }
        own.inside = true;
        if (state == OPEN && unheldLost == unheldTold) {
            return own;
        }
        own.inside = false;
        own.putFailed(); // no record of this cell follows
        return takeShared(Thread.currentThread());
    }

    /// Does once what comes before the guard of an event, and each kind of access to the pool's
    /// memory, before anybody else knows the pool: see `link.Rehearsal`. Records nothing.
    ///
    /// @return where more may be written until then
    public int rehearse() throws Throwable {
        Thread thread = Thread.currentThread();
        ThreadSlot.index(thread);
        ThreadSlot.virtualId(thread);
        COUNTED.getAndAdd(this, 0L);
        shared[0].countContended(0);
        tellUnheld();
        RingStorage.giveUpIfCut();
        Fault.forgive();
        int at = place.blockStart(place.blockCount() - 1);
        Memory.putByte(at, (byte) 1);
        Memory.putShort(at, (short) 1);
        Memory.putInt(at, Memory.getInt(at) + Memory.getByte(at));
        Memory.putLong(at, 1);
        Memory.putIntRelease(at, Memory.getIntAcquire(at));
        Memory.putLongRelease(at, Memory.getLongAcquire(at));
        for (int i = 0; i < UNTIL_COMPILED; i++) {
            Memory.putLongOpaque(at, Memory.getAndAddLong(at, 1));
            Memory.compareAndSetLong(at, Memory.getLong(at), 0);
        }
        context.put(at);
        Cell cell = takeShared(thread);
        if (cell != null) {
            cell.abandon();
        }
        return at;
    }

    private static int indexOf(Thread thread) {
        return ThreadSlot.index(thread) & (THREADS - 1);
    }

    /// Nested events, threads without a cell, virtual threads.
    private @Nullable Cell takeShared(Thread thread) {
        ThreadSlot slot = ThreadSlot.NOBODY;
        boolean wasInside = false;
        Cell cell = null;
        try {
            slot = ThreadSlot.saying(thread);
            wasInside = slot.isInside;
            slot.isInside = true;
            cell = lockFor(thread, slot);
        } catch (Throwable e) { // nothing is held: no stack, or no memory
            try {
                lostUnheld();
            } catch (Throwable again) { // not even for that
                unheldLost++;
            }
        }
        if (cell == null) {
            slot.isInside = wasInside;
            return null;
        }
        cell.slot = slot;
        cell.wasInside = wasInside;
        return cell;
    }

    private @Nullable Cell lockFor(Thread thread, ThreadSlot slot) throws Throwable {
        if (state == CLOSED) {
            return null;
        }
        if (state == COUNTING) {
            return lostUnheld();
        }
        if (unheldLost != unheldTold) {
            tellUnheld();
        }
        if (JvmThreads.HERE.isVirtual(thread)) {
            return lockAny(ThreadSlot.virtualId(thread));
        }
        if (!slot.knowsVtid()) {
            return lostUnheld(); // an event of what we do to find the thread's id
        }
        if (++slot.coldEvents % HOT_EVENTS == 0) {
            own(thread, slot);
        }
        return lockAny(slot.vtid);
    }

    /// Gives the caller a cell for a record of this moment that is another thread's. Any thread.
    ///
    /// @param vtid whose record it is
    /// @return null when the pool is closed, or the record has been counted as lost
    public @Nullable Cell takeFor(int vtid) {
        Cell cell = takeShared(Thread.currentThread());
        if (cell != null) {
            cell.vtid = vtid;
        }
        return cell;
    }

    /// Gives the caller the cell for records that have times of their own, [Cell#openAt]; for one
    /// thread at a time.
    ///
    /// @param vtid whose record it is
    /// @return null when the pool is closed, or the record has been counted as lost
    public @Nullable Cell takeDated(int vtid) {
        if (state == CLOSED) {
            return null;
        }
        if (!dated.tryLock()) { // somebody has just told its losses
            dated.countContended(1);
            return null;
        }
        dated.vtid = vtid;
        return dated;
    }

    /// Promises that [#takeDated] will be for no record that is older than `ticks`, so that readers
    /// need not wait for it; 0: that there will be none. Who takes that cell.
    public void promise(long ticks) {
        if (state != CLOSED) {
            dated.promise(ticks);
        }
    }

    /// Counts records that [#takeDated] would have been for. Any thread.
    public void countLostDated(long records) {
        if (state != CLOSED) {
            dated.countContended(records);
        }
    }

    /// The largest payload that fits.
    public int room() {
        return place.blockSize() - Layout.ROOM - mostBeforePayload;
    }

    /// What its records have between header and payload.
    public EventContext context() {
        return context;
    }

    /// How far from its start a record's payload begins.
    public int mostBeforePayload() {
        return mostBeforePayload;
    }

    /// The companion for records that do not fit; null when there is none.
    public @Nullable WriterPool large() {
        return large;
    }

    void large(@Nullable WriterPool companion) {
        large = companion;
    }

    /// Whether at least half of its blocks are free. One look at each.
    public boolean isHalfFree() {
        int free = 0;
        for (int i = 0; i < place.blockCount(); i++) {
            if (Memory.getLong(place.controlLine(i) + Layout.C_STATE) == 0) {
                free++;
            }
        }
        return 2 * free >= place.blockCount();
    }

    /// The companion for what its records refer to, as long as there is a record; null when there
    /// is none. It overwrites nothing: what does not fit is lost, and counted.
    public @Nullable WriterPool pinned() {
        return pinned;
    }

    void pinned(WriterPool companion) {
        pinned = companion;
    }

    /// Counts an event that failed before [#take]. Any thread.
    public void countLost() {
        if (state != CLOSED) {
            lostUnheld();
        }
    }

    private @Nullable Cell lostUnheld() {
        try {
            if (principal != null) {
                COUNTED.getAndAdd(this, 1L);
            } else {
                shared[0].countContended(1);
            }
        } catch (Throwable e) {
            unheldLost++;
        }
        return null;
    }

    /// Adds what was counted without the file to what the file says. One thread at a time.
    void tellUnheldLost() {
        tellUnheld();
        tellFailed();
        long now = 0;
        for (WriterPool each : owed) {
            now += each.counted();
        }
        if (now != owedTold) {
            teller().countContended(now - owedTold);
        }
        owedTold = now;
    }

    /// The same of this pool's own, so that a program that is killed takes the count only of what
    /// no record of any thread has followed, for a second. Any thread; fails where there is no
    /// stack, and is left to the next one.
    private void tellUnheld() {
        if (telling != 0 || !TELLING.compareAndSet(this, 0, 1)) {
            return;
        }
        try {
            long now = unheldLost;
            long untold = now - unheldTold;
            if (untold != 0) {
                teller().countContended(untold);
                unheldTold = now;
            }
        } catch (Throwable e) { // no stack, or no file: the record that goes on finds that out
        }
        telling = 0;
    }

    private void tellFailed() {
        for (Cell cell : shared) {
            cell.tellFailed();
        }
    }

    /// A cell with packets, if there is one: readers tell how much was lost after a packet, but not
    /// how much before the first.
    private Cell teller() {
        for (Cell cell : shared) {
            if (cell.hasPackets()) {
                return cell;
            }
        }
        for (Cell cell : owned) {
            if (cell != null && cell.hasPackets()) {
                return cell;
            }
        }
        return shared[0];
    }

    /// Takes the lock of a shared cell.
    ///
    /// @return null after counting the event as lost: all are taken
    private @Nullable Cell lockAny(int vtid) {
        int first = vtid & sharedMask;
        Cell cell = shared[first];
        if (!cell.tryLock() && (cell = lockOther(first, vtid)) == null) {
            return null;
        }
        cell.vtid = vtid;
        return cell;
    }

    private @Nullable Cell lockOther(int first, int vtid) {
        for (int i = 0; i < ROUNDS * shared.length; i++) {
            Cell cell = shared[(first + i) % shared.length];
            if (cell.vtid == vtid) {
                break; // it is ours: an event in the middle of another
            }
            if (cell.tryLock()) {
                return cell;
            }
        }
        if (state != CLOSED) {
            shared[first].countContended(1);
        }
        return null;
    }

    /// Gives the calling platform thread a cell, if one is free or its owner has ended, and if no
    /// other thread that lives has its index.
    private void own(Thread thread, ThreadSlot slot) {
        int index = indexOf(thread);
        if (isHeld(byThread[index]) && byThread[index].index == index) {
            return;
        }
        if (!isHandingOut.compareAndSet(false, true)) {
            return;
        }
        try {
            if (state != OPEN) {
                return;
            }
            tellFailed(); // perhaps of this thread, which will not come again
            for (int i = 0; i < owned.length; i++) {
                Cell cell = owned[i];
                if (cell == null) {
                    cell = owned[i] = new Cell(place, shared.length + i, false);
                }
                if (isHeld(cell)) {
                    continue;
                }
                cell.inside = false;
                cell.putOwner(slot.vtid);
                cell.index = index;
                slot.own(cell); // may fail
                cell.owner = thread;
                byThread[index] = cell;
                return;
            }
        } finally {
            isHandingOut.set(false);
        }
    }

    private static boolean isHeld(Cell cell) {
        Thread owner = cell.owner;
        return owner != null && owner.isAlive();
    }

    /// Closes the blocks of threads that have ended, so that readers see them whole. Link thread.
    void closeAbandoned() {
        tellUnheldLost();
        if (!isHandingOut.compareAndSet(false, true)) {
            return;
        }
        try {
            if (state != OPEN) {
                return;
            }
            for (Cell cell : owned) {
                if (cell == null || cell.owner == null || isHeld(cell)) {
                    continue;
                }
                cell.close(TracerClock.nanos());
                cell.putOwner(0);
                cell.owner = null;
            }
        } finally {
            isHandingOut.set(false);
        }
    }

    /// Closes all blocks at the end of the program. What is recorded afterwards, by other threads
    /// on their way out, goes through the shared cells.
    void closeBlocks() {
        retire(SHARED_ONLY);
        tellUnheldLost();
        for (Cell cell : sharedAndDated()) {
            if (!cell.lock()) {
                continue;
            }
            cell.close(TracerClock.nanos());
            cell.unlock();
        }
    }

    /// Ends the pool. Its targets have been taken out of every event; who is still inside is waited
    /// for.
    ///
    /// @return whether no thread will write into the pool's memory again
    boolean close() {
        boolean isQuiet = retire(CLOSED);
        tellUnheldLost();
        for (Cell cell : sharedAndDated()) {
            boolean isOurs = cell.lock(); // for good
            if (isOurs) {
                cell.close(TracerClock.nanos());
            }
            isQuiet &= isOurs;
        }
        return isQuiet;
    }

    private Cell[] sharedAndDated() {
        Cell[] both = Arrays.copyOf(shared, shared.length + 1);
        both[shared.length] = dated;
        return both;
    }

    /// Takes the owned cells away from their threads and closes their blocks.
    ///
    /// An owner stores `inside`, then looks at `state`, with no fence between. Taking its stack
    /// trace stops it at a safepoint (on HotSpot), which is the fence: either it has seen the new
    /// state or we see `inside`.
    private boolean retire(int newState) {
        boolean isOurs = isHandingOut.compareAndSet(false, true);
        for (int i = 0; i < PATIENCE && !isOurs; i++) {
            Thread.yield();
            isOurs = isHandingOut.compareAndSet(false, true);
        }
        boolean wasOpen = state == OPEN;
        state = newState;
        if (!isOurs) {
            return false;
        }
        try {
            boolean isQuiet = true;
            if (wasOpen) {
                for (Cell cell : owned) {
                    isQuiet &= isTaken(cell);
                    if (cell != null) {
                        cell.isOver = true;
                    }
                }
            }
            return isQuiet;
        } finally {
            isHandingOut.set(false);
        }
    }

    /// Takes a cell away from its thread. Without memory or stack nobody knows whether that is
    /// inside: its block stays as it is, and readers take what is whole in it.
    private static boolean isTaken(Cell cell) {
        if (cell == null || cell.owner == null) {
            return true;
        }
        try {
            if (cell.owner != Thread.currentThread()) {
                cell.owner.getStackTrace();
            }
            if (!cell.awaitOutside()) {
                return false;
            }
            cell.close(TracerClock.nanos());
            return true;
        } catch (Throwable noMemory) {
            return false;
        }
    }

    /// Ends the pool without another look at its memory. Any thread.
    void shut() {
        state = CLOSED;
    }

    /// Whether nothing can be recorded in it any more.
    public boolean isOver() {
        return state == CLOSED;
    }

    PoolPlace place() {
        return place;
    }
}
