// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.EventField;
import java.util.List;

/// What an application tells a session daemon.
public sealed interface FromApplication {
    /// The first message. What it says is a claim: the daemon trusts the owner of the ring file
    /// only.
    ///
    /// @param processStart start time of the process in clock ticks after boot
    /// @param name main class or jar
    record Hello(
            int version,
            long pid,
            long processStart,
            String ringDirectory,
            String jdk,
            String name,
            int uidHint)
            implements FromApplication {}

    /// An event class was bound.
    ///
    /// @param classId the process's own number for it
    /// @param name `PROVIDER:EVENT`
    /// @param origin of a method's event its descriptor and settings, which rules compare; else
    ///   empty
    record Bound(int classId, String name, int logLevel, List<EventField> fields, String origin)
            implements FromApplication {
        public Bound {
            fields = List.copyOf(fields);
        }
    }

    /// A logger exists: part of the answer to [FromDaemon.ListLoggers].
    record Logger(LogSystem system, String name) implements FromApplication {}

    /// JFR has this event: part of the answer to [FromDaemon.ListJfr].
    ///
    /// @param name `jfr:NAME`
    record JfrEvent(String name, List<EventField> fields) implements FromApplication {
        public JfrEvent {
            fields = List.copyOf(fields);
        }
    }

    /// Whether there are records of a log system has changed since the last order about it was
    /// acknowledged.
    ///
    /// @param problem why there are none, though all is as ordered; empty when there are
    record LogState(LogSystem system, String problem) implements FromApplication {}

    /// What is to be said of the methods that are ordered for a channel has changed since the last
    /// order about them was acknowledged.
    ///
    /// @param problem why not all of it is recorded; empty when it is
    record MethodState(long sessionId, int channelId, String problem) implements FromApplication {}

    /// The ring file was made.
    record RingOpened(String path) implements FromApplication {}

    /// The order was carried out, or could not be.
    ///
    /// @param problem why not; empty when it was
    record Acknowledged(long order, String problem) implements FromApplication {}

    /// Something went wrong that no order asked for.
    record Failed(String text) implements FromApplication {}
}
