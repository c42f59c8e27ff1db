// SPDX-License-Identifier: Apache-2.0
/// What session and consumer daemons say to a relay daemon, on its control and on its data port, in
/// the versions 2.1 to 2.15 of LTTng's protocol (`relay-protocol.md`).
///
/// Start at [RelayRequest] and [RelayReply]; a [CommandHeader] goes before each request, nothing
/// before a reply, and a [DataHeader] before each packet. [RelayRequestDecoder] reads requests,
/// [RelayRequestEncoder] writes them, [RelayReplyCodec] does both for replies. All is immutable and
/// keeps no state of a connection: which version was agreed on, and which replies are awaited, is
/// the caller's to know. Below it are the shared words, `dev.contrail.wire`.
package dev.contrail.wire.relay;
