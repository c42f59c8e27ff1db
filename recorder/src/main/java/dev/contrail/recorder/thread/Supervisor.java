// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import dev.contrail.ctf.Reason;
import java.util.function.Consumer;

/// What becomes of a failure that nobody has caught, in any thread of the daemon: it is told, and
/// the thread goes on; or, where classes cannot be loaded any more, the process ends, so that the
/// next command starts a daemon that can do its work. Any thread.
///
/// A daemon never lives on deaf: its threads run what they are given through [#run] or a [Worker].
/// Nor is a thread that empties rings kept from its processor, where that can be had ([#prefer]).
public final class Supervisor {
    /// Schedules the calling thread before all that merely computes, if it can; or as any other
    /// again.
    @FunctionalInterface
    public interface Preference {
        void prefer(boolean isPreferred);
    }

    private final Consumer<String> end;
    private final Preference preference;
    private final RepeatedMessages log;

    /// @param end ends the process, after a last word; it may be called several times
    public Supervisor(Consumer<String> end) {
        this(end, _ -> {});
    }

    /// @param end as above
    public Supervisor(Consumer<String> end, Preference preference) {
        this.end = end;
        this.preference = preference;
        this.log = new RepeatedMessages(System.getLogger("dev.contrail.recorder"));
    }

    /// Runs a thread's work, whatever it throws.
    ///
    /// @param who whose work it is, for the message
    public void run(String who, Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            failed(who, failure);
        }
    }

    /// The calling thread empties rings, of a few MiB, which are full in milliseconds; or no more.
    public void prefer(boolean isPreferred) {
        preference.prefer(isPreferred);
    }

    /// Tells a failure. Throws nothing.
    public void failed(String who, Throwable failure) {
        if (failure instanceof LinkageError) {
            // Its jars were replaced under it, or memory ran out while a class was made ready: such
            // a class stays unusable, and with it whatever needs it.
            end.accept(
                    who
                            + ": "
                            + failure
                            + ": the program's files were replaced, or it had no memory to load"
                            + " them. The daemon ends; its sessions are kept, and the next one goes"
                            + " on with them.");
            return;
        }
        try {
            log.warn(who + ": " + Reason.of(failure), failure);
        } catch (Throwable unsayable) {
            // No memory even for words: what failed has told its client, or will.
            assert unsayable != failure;
        }
    }
}
