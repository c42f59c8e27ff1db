// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Which connection is a viewer of a name: one at a time, the last one that has come. Any thread.
final class NamedViewers {
    /// What a viewer has said before its connection ended is heard first; one that is still there
    /// must go.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Key, Runnable> holders = new HashMap<>();

    /// @param session its directory
    record Key(Path session, String name) {}

    /// Waits until the name is free, and takes it.
    ///
    /// @param leave ends who has it; it then [#release]s the name
    synchronized void take(Key key, Runnable leave) throws InterruptedException {
        if (holders.containsKey(key)) {
            TimeUnit.NANOSECONDS.timedWait(this, PATIENCE_NANOS);
        }
        while (holders.containsKey(key)) {
            holders.get(key).run();
            TimeUnit.NANOSECONDS.timedWait(this, PATIENCE_NANOS);
        }
        holders.put(key, leave);
    }

    /// The name is free.
    synchronized void release(Key key) {
        holders.remove(key);
        notifyAll();
    }
}
