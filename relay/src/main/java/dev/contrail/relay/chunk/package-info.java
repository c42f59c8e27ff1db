// SPDX-License-Identifier: Apache-2.0
/// Trace chunks: what a session records between two rotations, and the directories that it lies in.
///
/// Start at [SessionChunks], those of a session, and [TraceChunk]. [Chunks] are those of all
/// sessions, and [OutputLayout] says where what they hold lies. Below: `relay.file`, `relay.label`,
/// and `relay.request`.
package dev.contrail.relay.chunk;
