// SPDX-License-Identifier: Apache-2.0
/// What viewers ask of a relay daemon, and what it answers, in LTTng's live protocol
/// (`live-protocol.md`).
///
/// Start at [ViewerRequest] and [ViewerReply]; a [ViewerHeader] goes before each request, nothing
/// before a reply. [ViewerRequestCodec] and [ViewerReplyCodec] read and write them. All is
/// immutable and keeps no state of a connection. Below it are the shared words,
/// `dev.contrail.wire`.
package dev.contrail.wire.live;
