// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.Cell;
import dev.contrail.tracer.ring.WriterPool;

/// A pool that wants an event, and the id of the event there. Public because generated classes call
/// it; not for anybody else.
public final class Target {
    private final WriterPool pool;
    private final int id;

    public Target(WriterPool pool, int id) {
        this.pool = pool;
        this.id = id;
    }

    WriterPool pool() {
        return pool;
    }

    /// [WriterPool#begin].
    public Cell begin(int need) {
        return pool.begin(need);
    }

    /// [Cell#header] with this id.
    public int header(Cell cell) {
        return cell.header(id);
    }
}
