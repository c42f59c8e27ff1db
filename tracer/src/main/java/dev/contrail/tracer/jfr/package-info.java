// SPDX-License-Identifier: Apache-2.0

/// The JDK's Flight Recorder as a source: its events in the rings, at their own times and of their
/// own threads, while a session wants them. Needs no agent, and touches nothing of JFR before.
///
/// Start at [JfrEvents], the only class here that can be used where there is no module `jdk.jfr`.
/// Beside it [JfrRecorder] has what runs in JFR, [JfrTasks] the thread that tells it; [JfrFields]
/// and [JfrStack] read its events, [LateRecords] puts them into order, [EpochOffset] joins its
/// clock with ours.
///
/// Three threads: the link thread asks; `contrail-jfr-orders`, which lives as long as there is
/// something to do, tells JFR; `contrail-jfr` gets JFR's events, some each second.
package dev.contrail.tracer.jfr;
