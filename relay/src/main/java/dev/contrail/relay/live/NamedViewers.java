// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.wire.net.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Which connection is a viewer of a name: one at a time, the last one that has come. Any thread.
final class NamedViewers {
    /// What a viewer has said before its connection ended is heard first; one that is still there
    /// must go.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource clock;
    private final Map<Key, Runnable> holders = new HashMap<>();
    private final List<Thread> waiting = new ArrayList<>();

    NamedViewers(TimeSource clock) {
        this.clock = clock;
    }

    /// @param session its directory
    record Key(Path session, String name) {}

    /// Waits until the name is free, and takes it.
    ///
    /// @param leave ends who has it; it then [#release]s the name
    void take(Key key, Runnable leave) throws InterruptedException {
        long begin = clock.nanos();
        for (Optional<Runnable> holder = taken(key, leave);
                holder.isPresent();
                holder = taken(key, leave)) {
            if (clock.nanos() - begin >= PATIENCE_NANOS) {
                holder.get().run();
            }
            clock.park(this, PATIENCE_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /// Takes the name if it is free.
    ///
    /// @return who has it; the caller is woken when a name becomes free
    private synchronized Optional<Runnable> taken(Key key, Runnable leave) {
        waiting.remove(Thread.currentThread());
        Optional<Runnable> holder = Optional.ofNullable(holders.putIfAbsent(key, leave));
        if (holder.isPresent()) {
            waiting.add(Thread.currentThread());
        }
        return holder;
    }

    /// The name is free.
    synchronized void release(Key key) {
        holders.remove(key);
        waiting.forEach(LockSupport::unpark);
    }
}
