// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Who wants to know at once that viewers may have something new. Any thread.
public final class Changes {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// Tells somebody from now on.
    ///
    /// @param listener called by any thread, which may hold any lock: it must not wait
    public void add(Runnable listener) {
        listeners.add(listener);
    }

    public void remove(Runnable listener) {
        listeners.remove(listener);
    }

    /// Something has come.
    public void happened() {
        for (Runnable each : listeners) {
            each.run();
        }
    }
}
