// SPDX-License-Identifier: Apache-2.0
/// The streams of sessions, and the files that they lie in.
///
/// Start at [DataStream], which joins packets with their indexes, and at [MetadataStream]; streams
/// that the same metadata describes are a [StreamGroup]. [PublishedStreams] are those of a session
/// that viewers may see, and each viewer reads a stream with a [StreamCursor] of its own. What a
/// stream does for its session, as its rotation, only that asks for. Below: `relay.chunk`,
/// `relay.journal`, `wire`, and the index entries of `ctf.file`.
package dev.contrail.relay.stream;
