// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import dev.contrail.wire.CString;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What a relay says to a viewer. Numbers are as sent, unsigned.
public sealed interface PushMessage {
    /// The sessions that can be watched, the oldest first.
    record Sessions(List<SessionLine> sessions) implements PushMessage {
        public Sessions {
            sessions = List.copyOf(sessions);
        }
    }

    /// A session. One recording session may have several, of equal names: one of each consumer
    /// daemon.
    ///
    /// @param liveTimerMicros 32 bits; 0 when it is not live
    /// @param viewers 32 bits: how many watch it
    /// @param streams 32 bits: how many it has, those of metadata among them
    /// @param createdSeconds since 1970, as its producer has said
    /// @param bytes that are stored of it
    record SessionLine(
            long liveTimerMicros,
            long viewers,
            long streams,
            long createdSeconds,
            long bytes,
            State state,
            CString host,
            CString name) {}

    /// What a session is.
    enum State {
        /// Its producer is there.
        RECORDED,
        /// Its producer has ended it, or is gone; what was stored can be read.
        ENDED
    }

    /// The answer to [PushRequest.Watch].
    ///
    /// @param isResumed whether the viewer goes on at a place that the relay has remembered
    /// @param mark what the viewer has said with the last [PushRequest.Shown]
    record Watching(Status status, boolean isResumed, ByteBuffer mark) implements PushMessage {}

    /// Whether a session is watched now.
    enum Status {
        OK,
        UNKNOWN_SESSION,
        /// It is recorded, but not live.
        NOT_LIVE,
        /// The viewer's name cannot be that of a file.
        WRONG_NAME,
        /// The place cannot be remembered: the relay's log says why.
        NO_PLACE,
        /// Something is watched already on this connection.
        ALREADY_WATCHING
    }

    /// A stream of the session, in whose order nothing is said.
    ///
    /// @param id unique on this connection, from 1 on
    /// @param trace what streams share that the same metadata describes
    /// @param path directory, as its producer said it
    /// @param channel name of the file
    /// @param place from which on packets are sent; a packet of which only a part has been shown is
    ///   sent again
    /// @param previous what the index says of the last packet before those that are sent; empty
    ///   where that is not known
    record StreamBegun(
            long id,
            long trace,
            CString path,
            CString channel,
            StreamPosition place,
            Optional<Previous> previous)
            implements PushMessage {}

    /// The counters of a packet that is not sent.
    ///
    /// @param endTicks of the trace's clock
    /// @param discardedEvents running total of the stream
    /// @param sequence number in the packet's context
    record Previous(long endTicks, long discardedEvents, long sequence) {}

    /// More metadata of a trace. It comes before the packets that need it.
    ///
    /// @param bytes as decoded, a view of the received bytes
    record Metadata(long trace, ByteBuffer bytes) implements PushMessage {}

    /// A packet begins.
    ///
    /// @param number `net_seq_num`
    /// @param bytes the first of it, `packetBits / 8` of them or fewer; as decoded, a view of the
    ///   received bytes
    record PacketBegun(
            long stream,
            long number,
            long packetBits,
            long contentBits,
            long beginTicks,
            long endTicks,
            long discardedEvents,
            long streamClassId,
            long streamInstanceId,
            long sequence,
            ByteBuffer bytes)
            implements PushMessage {}

    /// The next bytes of the packet that has begun in a stream.
    ///
    /// @param bytes as decoded, a view of the received bytes
    record PacketPart(long stream, ByteBuffer bytes) implements PushMessage {}

    /// The packet that has begun in a stream is gone: the rest of it does not come.
    record PacketGone(long stream) implements PushMessage {}

    /// No record from before that time is to come in a stream.
    record Quiet(long stream, long untilTicks, long streamClassId) implements PushMessage {}

    /// Packets of a stream that this viewer should have had are gone.
    ///
    /// @param packets how many numbers are missing
    record Lost(long stream, long packets) implements PushMessage {}

    /// Nothing more comes in a stream.
    record StreamEnded(long stream) implements PushMessage {}

    /// Nothing more comes at all.
    record Ended(End why) implements PushMessage {}

    /// Why nothing more comes.
    enum End {
        /// The session has ended, and all of it was sent.
        SESSION,
        /// Another viewer of that name has come.
        ANOTHER_VIEWER,
        /// The relay ends.
        RELAY
    }

    /// What the viewer has shown is remembered, also after a crash.
    ///
    /// @param count of the [PushRequest.Shown] on this connection that are
    record Remembered(long count) implements PushMessage {}

    /// The relay is there, and has nothing to say.
    record Alive() implements PushMessage {}
}
