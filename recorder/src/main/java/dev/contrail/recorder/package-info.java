// SPDX-License-Identifier: Apache-2.0
/// Records: sessions, channels, event rules, consumer threads, trace output and snapshots.
///
/// Start at [SessionDaemon]. The control thread owns sessions, rules and domains; each session's
/// consumer thread owns its rings and sinks; the seams are [Domain], [Recording], [Ring] and
/// [PacketSink].
package dev.contrail.recorder;
