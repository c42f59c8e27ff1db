// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.Cell;
import dev.contrail.tracer.ring.WriterPool;

/// A pool that wants an event, the id of the event there, and the other pools that want it. Public
/// because generated classes call it; not for anybody else.
public final class Target {
    public final WriterPool pool;

    private final int id;

    /// Null at the end of the list.
    public final Target next;

    public Target(WriterPool pool, int id) {
        this(pool, id, null);
    }

    Target(WriterPool pool, int id, Target next) {
        this.pool = pool;
        this.id = id;
        this.next = next;
    }

    /// The list without `pool`; null when nothing is left.
    static Target without(WriterPool pool, Target list) {
        Target rest = null;
        for (Target each = list; each != null; each = each.next)
            if (each.pool != pool) rest = new Target(each.pool, each.id, rest);
        return rest;
    }

    /// [WriterPool#begin].
    public Cell begin(int need) {
        return pool.begin(need);
    }

    /// [Cell#header] with this id.
    public int header(Cell cell) {
        return cell.header(id);
    }

    /// Counts an event that failed before [#begin].
    public void countLost() {
        pool.countLost();
    }
}
