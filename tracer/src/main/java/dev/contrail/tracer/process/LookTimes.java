// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import java.util.concurrent.TimeUnit;

/// When to look again for classes that are just being loaded, which can take as long as it takes to
/// load their superclasses. The JVM does not say when they are: the pauses grow with the time that
/// has passed, so that one is found soon after, and with what a look costs, so that the program
/// does not feel it. One thread at a time.
public final class LookTimes {
    /// How long a class may take to be found.
    private static final int LONGEST_MINUTES = 10;

    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int PART_OF_ELAPSED = 32;
    private static final int TIMES_OF_COST = 20;

    private boolean isOn;
    private long since;
    private long next;

    /// There is something to look for, from now on.
    public void begin() {
        isOn = true;
        since = System.nanoTime();
        next = since + SHORTEST_PAUSE;
    }

    public void end() {
        isOn = false;
    }

    public boolean isOn() {
        return isOn;
    }

    public boolean isDue() {
        return isOn && System.nanoTime() - next >= 0;
    }

    /// Until the next look: at least one.
    public long millis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()));
    }

    /// A look is over.
    ///
    /// @param from when it began, of `System.nanoTime`
    public void looked(long from) {
        long now = System.nanoTime();
        long pause = Math.max(SHORTEST_PAUSE, (now - since) / PART_OF_ELAPSED);
        next = now + Math.max(pause, TIMES_OF_COST * (now - from));
        isOn &= now - since < TimeUnit.MINUTES.toNanos(LONGEST_MINUTES);
    }
}
