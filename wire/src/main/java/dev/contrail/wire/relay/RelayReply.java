// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import java.util.Optional;

/// What a relay answers to a [RelayRequest] (`relay-protocol.md` section 5). Nothing goes before
/// it: who reads it knows which command it asked.
public sealed interface RelayReply {
    /// To most commands: whether it was done.
    record Result(ResultCode code) implements RelayReply {}

    /// To VERSION: the relay's own, whatever was asked.
    record Version(RelayVersion version) implements RelayReply {}

    /// To GET_CONFIGURATION.
    record Configuration(ResultCode code, long flags) implements RelayReply {
        /// Trace chunks may be deleted.
        public static final long CLEAR_ALLOWED = 1;
    }

    /// To CREATE_SESSION.
    ///
    /// @param sessionId the relay's number; 0 when it was refused
    /// @param outputPath since 2.11: the session's directory below the relay's output; empty when
    ///   it was refused
    record SessionCreated(long sessionId, ResultCode code, CString outputPath)
            implements RelayReply {}

    /// To ADD_STREAM.
    ///
    /// @param handle of the stream in later requests and packets; means nothing when it was refused
    record StreamAdded(long handle, ResultCode code) implements RelayReply {}

    /// To DATA_PENDING and END_DATA_PENDING, which know no result code.
    ///
    /// @param state [#NO], [#YES], or [#FAILED] for an unknown stream
    record Pending(int state) implements RelayReply {
        public static final int NO = 0;
        public static final int YES = 1;
        public static final int FAILED = -1;
    }

    /// To CLOSE_TRACE_CHUNK.
    ///
    /// @param path the chunk's directory below the relay's output; empty when it was refused
    record ChunkClosed(ResultCode code, CString path) implements RelayReply {}

    /// To TRACE_CHUNK_EXISTS.
    record ChunkExists(ResultCode code, boolean exists) implements RelayReply {}

    /// What only our own relays answer (`relay-extension.md`).
    sealed interface Extended extends RelayReply {}

    /// To RESUME_STREAM.
    ///
    /// @param handle of the stream in later requests; means nothing when it was refused
    /// @param last what the relay has of it; empty for a stream that it did not know
    record StreamResumed(long handle, ResultCode code, Optional<LastStored> last)
            implements Extended {}

    /// The last of a stream that is stored.
    ///
    /// @param index of the last packet, with the handle of the answer; of a stream without packets,
    ///   as metadata, all 0
    record LastStored(RelayRequest.SendIndex index, StreamMark mark) {}

    /// To COMMIT.
    ///
    /// @param code whether all is stored; if not, the connection ends
    /// @param packets how many of this connection's are stored
    /// @param viewers that have the session open; 32 bits
    /// @param why not; empty for stored
    record Committed(ResultCode code, long packets, long viewers, CString why)
            implements Extended {}
}
