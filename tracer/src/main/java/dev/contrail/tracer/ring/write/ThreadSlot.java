// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.process.TracerThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the tracer keeps of a thread, and whether that is in the tracer's own code. Owned by that
/// thread. Public because generated classes call it, and what else is the tracer's own.
///
/// What the tracer does for an event is none of the program's: a probe of a method that it calls
/// records nothing and counts nothing. So recursion ends, whatever is instrumented. Probes ask by
/// [#enter], which finds out by [#isInside] and, for events on their way through a cell that the
/// thread owns, by [Cell#inside]; what is on any other way sets [#isInside].
///
/// Nothing here but [#operatingSystemId], which has a guard, calls a method that a program can
/// override, or that can be instrumented: see [Cell].
public final class ThreadSlot extends OwnCode {
    private static final ThreadLocal<ThreadSlot> SLOTS = new ThreadLocal<>();

    private static final long NO_ID = 0;

    /// How often a thread looks in [#SLOTS] before it takes the place among the [#QUICK].
    private static final int PATIENCE = 64;

    /// Of nobody; what it says is never asked for.
    static final ThreadSlot NOBODY = new ThreadSlot(NO_ID, false);

    /// A power of two.
    private static final int QUICKEST = 1024;

    /// Slots by their thread's id, for those who are often here. Racy: a slot says whose it is.
    private static final ThreadSlot[] QUICK = new ThreadSlot[QUICKEST];

    /// Whether methods of this process have probes. Never false again.
    private static volatile boolean hasProbes;

    static {
        Arrays.fill(QUICK, NOBODY);
    }

    /// 0 before it is known.
    int vtid;

    /// Events by way of shared cells.
    int coldEvents;

    /// Of the thread, as long as it cannot be overridden; or [#NO_ID].
    private final long id;

    /// The cell of its own that the thread has used last for a probe; null: none.
    @Nullable Cell recent;

    /// All that it has been given; one for each pool.
    private Cell[] cells = {};

    private int searches;
    private boolean isAsking;

    private ThreadSlot(long id, boolean isInside) {
        this.id = id;
        this.isInside = isInside;
    }

    /// From now on methods of this process may have probes.
    public static void expectProbes() {
        hasProbes = true;
    }

    /// The calling thread's.
    public static ThreadSlot current() {
        return of(Thread.currentThread());
    }

    /// Begins what the tracer does for a probe. It ends when the caller clears [#isInside].
    ///
    /// @return null where it is the tracer itself that has called the method
    public static @Nullable ThreadSlot enter() {
        Thread thread = Thread.currentThread();
        ThreadSlot slot = of(thread);
        Cell cell = slot.recent;
        if (slot.isInside || cell != null && (cell.inside || slot.isRecording())) {
            return null;
        }
        slot.isInside = true;
        return slot;
    }

    private boolean isRecording() {
        Cell[] all = cells;
        for (int i = 1; i < all.length; i++) {
            if (all[i - 1].inside || all[i].inside) { // of one there is nothing to look at
                return true;
            }
        }
        return false;
    }

    /// The thread's own cell in a pool.
    ///
    /// @return null when it has none
    @Nullable Cell find(PoolPlace pool) {
        for (Cell each : cells) {
            if (each.isOf(pool)) {
                return recent = each;
            }
        }
        return null;
    }

    /// The slot by which a thread that is not in a cell of its own says that it is in the tracer's
    /// code; [#NOBODY] for virtual threads, of which there are many, as long as nobody asks.
    static ThreadSlot saying(Thread thread) {
        return hasProbes || !JvmThreads.HERE.isVirtual(thread) ? of(thread) : NOBODY;
    }

    private static ThreadSlot of(Thread thread) {
        if (!ThreadFacts.hasOwnId(thread)) {
            return find(thread, NO_ID);
        }
        long id = JvmThreads.HERE.id(thread);
        ThreadSlot quick = QUICK[(int) id & (QUICKEST - 1)];
        return quick.id == id ? quick : find(thread, id);
    }

    private static ThreadSlot find(Thread thread, long id) {
        ThreadSlot slot = SLOTS.get();
        if (slot == null) {
            SLOTS.set(slot = new ThreadSlot(id, thread instanceof TracerThread));
        }
        if (id != NO_ID && ++slot.searches % PATIENCE == 0) {
            QUICK[(int) id & (QUICKEST - 1)] = slot;
        }
        return slot;
    }

    /// The calling thread has a cell of its own.
    void own(Cell cell) {
        int kept = 0;
        Cell[] all = new Cell[cells.length + 1];
        for (Cell each : cells) {
            if (!each.isOver) {
                all[kept++] = each;
            }
        }
        all[kept++] = cell;
        cells = Arrays.copyOf(all, kept);
        recent = cell;
    }

    /// Has the thread's id asked for, if need be.
    ///
    /// @return false in an event on the way to it, which asks the JDK for it
    boolean knowsVtid() {
        return vtid != 0 || ask();
    }

    private boolean ask() {
        if (isAsking) {
            return false;
        }
        isAsking = true;
        boolean wasInside = isInside;
        isInside = true;
        try {
            vtid = operatingSystemId();
            RecordingThread.add(vtid, Thread.currentThread());
        } finally {
            isInside = wasInside;
            isAsking = false; // no call: there may be no stack for one
        }
        return true;
    }

    /// What tells the calling thread from nearly all others: its Java id, as long as it cannot be
    /// overridden. Threads that are made one after the other have numbers that are.
    static int index(Thread thread) {
        if (ThreadFacts.hasOwnId(thread)) {
            return (int) JvmThreads.HERE.id(thread);
        }
        ThreadSlot slot = of(thread);
        return slot.knowsVtid() ? slot.vtid : 0;
    }

    /// The `vtid` of a virtual thread: minus the low 31 bits of its Java thread id.
    static int virtualId(Thread thread) {
        return -(int) (JvmThreads.HERE.id(thread) & 0x7fffffff);
    }

    /// The link `/proc/thread-self` reads `PID/task/TID`. Without it: the Java id.
    private static int operatingSystemId() {
        try {
            Path task = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return Integer.parseInt(task.getFileName().toString());
        } catch (Exception e) {
            return (int) Thread.currentThread().getId();
        }
    }
}
