// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.process.TracerClock;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// What time it was by our clock when JFR gave this event one by its own. Off but in the tracer's
/// recording.
@Name(SyncEvent.NAME)
@Label("Clock Synchronization")
@Category("Contrail")
@Description("The time that the tracer's clock shows")
@Enabled(false)
@StackTrace(false)
final class SyncEvent extends Event {
    static final String NAME = "dev.contrail.ClockSync";

    /// One may be cut off between its two times; of several in a row one is not.
    private static final int TIMES = 3;

    @Label("Ticks")
    long ticks;

    /// Not in the thread that gets JFR's events, whose own JFR leaves out.
    static void emit() {
        for (int i = 0; i < TIMES; i++) {
            SyncEvent event = new SyncEvent();
            event.ticks = TracerClock.nanos();
            event.commit();
        }
    }
}
