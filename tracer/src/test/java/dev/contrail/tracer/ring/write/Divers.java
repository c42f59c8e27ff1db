// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

/// Comes to the end of its stack again and again, in a thread of its own.
public final class Divers {
    private final Runnable work;
    private boolean staysInside;

    private Divers(Runnable work) {
        this.work = work;
    }

    /// Does the work at each depth, on the way up.
    ///
    /// @return whether the thread stayed in the tracer's own code after any dive: then no probe
    ///   records anything of it
    public static boolean dive(int times, Runnable work) throws InterruptedException {
        var divers = new Divers(work);
        var deep = new Thread(null, () -> divers.dives(times), "deep", 256 << 10);
        deep.start();
        deep.join();
        return divers.staysInside;
    }

    private void dives(int times) {
        for (int i = 0; i < times; i++) {
            down();
            staysInside |= ThreadSlot.current().isInside;
        }
    }

    private void down() {
        try {
            down();
        } catch (StackOverflowError e) {
            // then here
        }
        work.run();
    }
}
