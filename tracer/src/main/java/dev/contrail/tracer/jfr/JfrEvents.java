// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.ring.write.WriterPool;
import java.util.List;
import java.util.function.Consumer;

/// The events of JFR that sessions want. Can be used where there is no module `jdk.jfr`; until
/// somebody asks, no class of JFR is loaded. Any thread, but for what is said.
public final class JfrEvents {
    private static final String ABSENT = "no JFR in this program: its Java has no module jdk.jfr";

    private JfrEvents() {}

    /// Called, by whatever thread, when a wish is done.
    public static void whenDone(Runnable callback) {
        JfrTasks.whenDone(callback);
    }

    /// Records the chosen events in a pool: as soon as it is done, what happens from then on. The
    /// events are event classes; whether and under which id they are recorded there the daemon
    /// says, as of any.
    ///
    /// @param who what JFR shows as the name of its recording
    /// @param rules replace the former ones; empty: none, done when all that happened until now is
    ///   in the pool
    public static JfrWish want(WriterPool pool, String who, List<JfrRule> rules) {
        return enqueue(wish -> InJfr.want(pool, who, rules, wish));
    }

    /// Done when all that happened until now is in the pools, which takes JFR up to two seconds.
    public static JfrWish flush() {
        return enqueue(wish -> InJfr.flush(wish));
    }

    /// Finds the events that there are.
    public static JfrWish list() {
        return enqueue(wish -> InJfr.list(wish));
    }

    /// What the check of the enclosing class must not load.
    private static final class InJfr {
        private InJfr() {}

        static void want(WriterPool pool, String who, List<JfrRule> rules, JfrWish wish) {
            JfrRecorder.INSTANCE.want(pool, who, rules, wish);
        }

        static void flush(JfrWish wish) {
            JfrRecorder.INSTANCE.flush(wish);
        }

        static void list(JfrWish wish) {
            JfrRecorder.INSTANCE.list(wish);
        }
    }

    private static JfrWish enqueue(Consumer<JfrWish> task) {
        JfrWish wish = new JfrWish(JfrTasks::tell);
        JfrTasks.add(() -> {
            String problem = "";
            try {
                if (isThere()) {
                    task.accept(wish);
                } else {
                    problem = ABSENT;
                }
            } catch (Throwable e) {
                problem = "JFR: " + e;
            }
            if (!problem.isEmpty()) {
                wish.done(problem);
            }
        });
        return wish;
    }

    private static boolean isThere() {
        try {
            Class.forName("jdk.jfr.FlightRecorder", false, JfrEvents.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
