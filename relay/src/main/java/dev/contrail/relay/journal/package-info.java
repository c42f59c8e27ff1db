// SPDX-License-Identifier: Apache-2.0
/// What lets a session outlive its producer's connection and this process: a file beside the trace
/// that says how far each of its streams is stored.
///
/// Start at [Resumption], which writes it, as its streams ([Journaled]) come further; the file is
/// [SessionJournal]. [LeftSessions] mends what a relay before this one has left. Below:
/// `relay.file`, `relay.label`, and `relay.request`.
package dev.contrail.relay.journal;
