// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.ring.PoolMode;
import java.util.List;

/// What a session daemon tells an application. Messages with an `order` are acknowledged.
public sealed interface FromDaemon {
    /// Answers {@link FromApplication.Hello}.
    record Welcome(int version) implements FromDaemon {}

    /// Opens a pool of `blockCount` blocks of `blockSize` bytes for a channel.
    ///
    /// @param contexts what is added to each record, by the names that `Contexts` knows
    record OpenPool(
            long order,
            long sessionId,
            int channelId,
            PoolMode mode,
            int blockSize,
            int blockCount,
            List<String> contexts)
            implements FromDaemon {
        public OpenPool {
            contexts = List.copyOf(contexts);
        }
    }

    record ClosePool(long order, long sessionId, int channelId) implements FromDaemon {}

    /// Records the event class `classId` in the channel's pool, under `eventId`.
    ///
    /// @param filters expressions of which one has to be true for an event; empty: all are recorded
    record Enable(
            long order,
            long sessionId,
            int channelId,
            int classId,
            int eventId,
            List<String> filters)
            implements FromDaemon {
        public Enable {
            filters = List.copyOf(filters);
        }
    }

    record Disable(long order, long sessionId, int channelId, int classId) implements FromDaemon {}

    /// Records log statements of a log system in the channel's pool, as the system's event.
    ///
    /// @param rules replace the former ones of the system; empty: none
    record Logging(
            long order,
            long sessionId,
            int channelId,
            int eventId,
            LogSystem system,
            List<LogRule> rules)
            implements FromDaemon {
        public Logging {
            rules = List.copyOf(rules);
        }
    }

    /// Records calls of methods: their event classes are bound as they are found, and enabled as
    /// any others. Acknowledged when those that are loaded are found.
    ///
    /// @param rules replace the former ones of the channel; empty: none
    record Methods(long order, long sessionId, int channelId, List<MethodRule> rules)
            implements FromDaemon {
        public Methods {
            rules = List.copyOf(rules);
        }
    }

    /// Asks for the loggers of a log system that there are: one [FromApplication.Logger] for each,
    /// then the acknowledgement.
    record ListLoggers(long order, LogSystem system) implements FromDaemon {}

    /// Records events of JFR in the channel's pool. Which, the application finds out: they become
    /// event classes, which the daemon enables as any. Acknowledged when JFR is set and all of them
    /// are decided about.
    ///
    /// @param rules replace the former ones; empty: none, acknowledged when everything that has
    ///   happened is in the pool, which JFR takes two seconds for
    record Jfr(long order, long sessionId, int channelId, List<JfrRule> rules)
            implements FromDaemon {
        public Jfr {
            rules = List.copyOf(rules);
        }
    }

    /// Asks for the events that JFR has: one [FromApplication.JfrEvent] for each, then the
    /// acknowledgement.
    record ListJfr(long order) implements FromDaemon {}

    /// Acknowledged when the pools have all events of JFR that have happened.
    record FlushJfr(long order) implements FromDaemon {}

    /// Records the state of the process as the events of the state dump that are enabled in the
    /// channel.
    ///
    /// @param isAgain also when it has been recorded there already
    record StateDump(long order, long sessionId, int channelId, boolean isAgain)
            implements FromDaemon {}

    /// All orders about this event class have been sent.
    record ClassDone(int classId) implements FromDaemon {}

    /// All initial orders have been sent.
    record Ready() implements FromDaemon {}
}
