// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.ring.EventField;
import java.util.ArrayList;
import java.util.List;

/// Something that JFR takes its time for. Any thread may look whether it is done.
public final class JfrWish {
    /// An event that JFR has.
    ///
    /// @param name `jfr:NAME`
    public record Found(String name, List<EventField> fields) {
        public Found {
            fields = List.copyOf(fields);
        }
    }

    /// Nobody waits longer for JFR.
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final long since = System.nanoTime();
    private final Runnable whenDone;
    private final List<Found> found = new ArrayList<>();
    private String problem = "";
    private volatile boolean isDone;

    JfrWish(Runnable whenDone) {
        this.whenDone = whenDone;
    }

    void found(Found event) {
        found.add(event);
    }

    /// @param why it could not be done; empty when it could
    void done(String why) {
        problem = why;
        isDone = true;
        whenDone.run();
    }

    public boolean isDone() {
        return isDone || System.nanoTime() - since > PATIENCE_NANOS;
    }

    /// Once it is done.
    public String problem() {
        return isDone ? problem : "JFR does not answer";
    }

    /// Once it is done.
    public List<Found> found() {
        return isDone ? found : List.of();
    }
}
