// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.write.Cell;
import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.ring.write.WriterPool;
import org.jspecify.annotations.Nullable;

/// A pool that wants an event, the id of the event there, which of them it wants, and the other
/// pools that want it. Public because generated classes call it; not for anybody else.
public final class Target {
    public final WriterPool pool;

    /// What a stand-in has for an id: it records nothing.
    private static final int NO_ID = -1;

    private static final int NO_ROOM = -1;

    /// Where a record's context begins.
    private static final int HEADER = Cell.HEADER_BYTES;

    /// Null when all events are wanted.
    public final @Nullable TargetFilter filter;

    private final int id;

    /// [WriterPool#mostBeforePayload]; kept here, where the id is.
    private final int mostBeforePayload;

    /// Null at the end of the list.
    public final @Nullable Target next;

    public Target(WriterPool pool, int id) {
        this(pool, id, null, null);
    }

    /// Counts the event for `pool`, with the others in `next`.
    static Target counting(WriterPool pool, @Nullable Target next) {
        return new Target(pool.standIn(), NO_ID, null, next);
    }

    /// Whether it is none that records.
    boolean isCounting() {
        return id == NO_ID;
    }

    Target(WriterPool pool, int id, @Nullable TargetFilter filter, @Nullable Target next) {
        this.pool = pool;
        this.id = id;
        this.mostBeforePayload = pool.mostBeforePayload();
        this.filter = filter;
        this.next = next;
    }

    /// The list without `pool` and its stand-in; null when nothing is left.
    static @Nullable Target without(WriterPool pool, @Nullable Target list) {
        Target rest = null;
        for (Target each = list; each != null; each = each.next) {
            if (each.pool != pool && !each.pool.standsInFor(pool)) {
                rest = new Target(each.pool, each.id, each.filter, rest);
            }
        }
        return rest;
    }

    /// What has counted the events that `pool` would have recorded: its stand-in, or the one of a
    /// pool that its session had before; null: nobody.
    static @Nullable WriterPool standIn(WriterPool pool, @Nullable Target list) {
        WriterPool found = null;
        for (Target each = list; each != null; each = each.next) {
            if (each.pool.standsInFor(pool)) {
                return each.pool;
            }
            if (each.pool.standsInBeside(pool)) {
                found = each.pool;
            }
        }
        return found;
    }

    /// The list where no `pool`'s stand-in counts any more.
    static @Nullable Target withoutStandIn(WriterPool pool, @Nullable Target list) {
        Target rest = null;
        for (Target each = list; each != null; each = each.next) {
            if (!each.pool.standsInFor(pool)) {
                rest = new Target(each.pool, each.id, each.filter, rest);
            }
        }
        return rest;
    }

    /// The list where a successor counts on in place of `standIn`.
    @SuppressWarnings("NullAway") // no target is without a pool
    static @Nullable Target succeeded(@Nullable WriterPool standIn, @Nullable Target list) {
        Target rest = null;
        for (Target each = list; each != null; each = each.next) {
            WriterPool stays = each.pool == standIn ? standIn.successor() : each.pool;
            rest = new Target(stays, each.id, each.filter, rest);
        }
        return rest;
    }

    /// [WriterPool#take].
    public @Nullable Cell take() throws Throwable {
        return pool.take();
    }

    /// The same for a probe.
    public @Nullable Cell take(ThreadSlot slot) throws Throwable {
        return pool.take(slot);
    }

    /// Opens the record of this event in a cell that was taken: header and context are written.
    ///
    /// @param need at most this many bytes of payload will follow
    /// @return where they go; negative when the event is lost, and counted, and the cell left
    public int open(Cell cell, int need) {
        return cell.open(mostBeforePayload + need) ? begin(cell) : NO_ROOM;
    }

    /// The same for a record that has a time of its own.
    int openAt(Cell cell, int need, long ticks) {
        return cell.openAt(mostBeforePayload + need, ticks) ? begin(cell) : NO_ROOM;
    }

    private int begin(Cell cell) {
        int at = cell.header(id) + HEADER;
        if (mostBeforePayload == HEADER) {
            return at;
        }
        return pool.context().put(at);
    }

    /// The same event in the pool's companion for large records; null when there is none.
    @Nullable Target large() {
        WriterPool companion = pool.large();
        return companion == null ? null : new Target(companion, id);
    }

    /// Counts an event that failed before [#take].
    void countLost() {
        pool.countLost();
    }
}
