// SPDX-License-Identifier: Apache-2.0
/// What a relay keeps: sessions, their trace chunks and streams, and the files of these.
///
/// Start at [RelaySessions] and [RelaySession]; a [DataStream] joins packets with their indexes,
/// and each viewer reads it with a [StreamCursor] of its own. A [SessionJournal] lets a session
/// outlive this process. Below: `relay.file`, `wire`, and the index entries of `ctf.file`.
package dev.contrail.relay.store;
