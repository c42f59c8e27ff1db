// SPDX-License-Identifier: Apache-2.0
/// The seams between sessions and tracers: what a session asks of a domain, and what the domain's
/// rings give to the session.
///
/// Start at [Domain], then [Recording], [Ring] and [PacketSink]. Below it there are only the shared
/// words of `dev.contrail.wire`.
package dev.contrail.recorder.domain;
