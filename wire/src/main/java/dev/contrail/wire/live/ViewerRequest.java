// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import dev.contrail.wire.RelayVersion;

/// What a viewer asks of a relay (`live-protocol.md` section 2). The relay answers each with one
/// [ViewerReply], in the same order, and says nothing unasked.
///
/// Numbers are as sent, unsigned.
public sealed interface ViewerRequest {
    /// The number of an unknown command. The real relay answers [ViewerReply.UnknownCommand] and
    /// closes the connection.
    record Unknown(int command) implements ViewerRequest {}

    /// The first request of a connection.
    ///
    /// @param viewerSessionId means nothing to a real relay: [#ANY] from babeltrace2, 0 from Trace
    ///   Compass; who sends something else may learn whether the relay knows it
    /// @param type [#COMMANDS] or [#NOTIFICATIONS]
    record Connect(long viewerSessionId, RelayVersion version, int type) implements ViewerRequest {
        public static final long ANY = -1;
        public static final int COMMANDS = 1;
        public static final int NOTIFICATIONS = 2;
    }

    record ListSessions() implements ViewerRequest {}

    /// Makes the viewer session of the connection, without which nothing can be attached.
    record CreateViewerSession() implements ViewerRequest {}

    /// @param sessionId of a [ViewerReply.SessionEntry]
    /// @param offset 0 from all viewers
    /// @param seek [#FROM_BEGINNING] or [#FROM_NOW]; anything else is refused
    record AttachSession(long sessionId, long offset, int seek) implements ViewerRequest {
        public static final int FROM_BEGINNING = 1;
        public static final int FROM_NOW = 2;
    }

    record DetachSession(long sessionId) implements ViewerRequest {}

    /// Asks for the streams that were not yet told.
    record GetNewStreams(long sessionId) implements ViewerRequest {}

    /// [GetNewStreams] without its body, which Trace Compass never sends: of the session that is
    /// attached. A relay that waits for the body waits for ever. (Its header announces 20 bytes, as
    /// it does for all that are shorter.)
    record GetNewStreamsOfAttached() implements ViewerRequest {}

    /// @param streamId of a [ViewerReply.StreamEntry] that is no metadata
    record GetNextIndex(long streamId) implements ViewerRequest {}

    /// @param offset of [ViewerReply.NextIndex], or a place within that packet
    /// @param bytes 32 bits; the relay may give fewer
    record GetPacket(long streamId, long offset, long bytes) implements ViewerRequest {}

    /// @param streamId of a [ViewerReply.StreamEntry] that is metadata
    record GetMetadata(long streamId) implements ViewerRequest {}
}
