// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.List;

/// What a relay answers to a [ViewerRequest] (`live-protocol.md` section 2). Nothing goes before
/// it: who reads it knows which command it asked. Statuses are numbered from 1 in their order.
public sealed interface ViewerReply {
    /// To an unknown command; the connection ends. No viewer reads it.
    record UnknownCommand() implements ViewerReply {
        static final int CODE = 11;
    }

    /// @param viewerSessionId the relay's number of the connection, from 1 on
    /// @param version the relay's own
    /// @param type 0 from real relays
    record Connected(long viewerSessionId, RelayVersion version, int type) implements ViewerReply {}

    record SessionList(List<SessionEntry> sessions) implements ViewerReply {
        public SessionList {
            sessions = List.copyOf(sessions);
        }
    }

    /// A session of a producer's. One recording session may have several, of equal names.
    ///
    /// @param liveTimerMicros 32 bits; 0 when it is not live, and cannot be attached
    /// @param viewers 32 bits: how many have attached it
    /// @param streams 32 bits: how many it has, with those of metadata
    /// @param traceFormat since 2.15, when both ends speak that: [#CTF_1_8] or [#CTF_2]
    record SessionEntry(
            long id,
            long liveTimerMicros,
            long viewers,
            long streams,
            CString host,
            CString name,
            int traceFormat) {
        public static final int CTF_1_8 = 0;
        public static final int CTF_2 = 1;
    }

    record ViewerSessionCreated(CreateStatus status) implements ViewerReply {}

    enum CreateStatus {
        OK,
        FAILED
    }

    /// @param streams empty unless it was done; even then there may be none yet
    record Attached(AttachStatus status, List<StreamEntry> streams) implements ViewerReply {
        public Attached {
            streams = List.copyOf(streams);
            onlyWhen(status == AttachStatus.OK, streams.isEmpty());
        }
    }

    enum AttachStatus {
        OK,
        ALREADY_ATTACHED,
        UNKNOWN_SESSION,
        NOT_LIVE,
        WRONG_SEEK,
        NO_VIEWER_SESSION
    }

    record Detached(DetachStatus status) implements ViewerReply {}

    enum DetachStatus {
        OK,
        UNKNOWN_SESSION,
        NOT_ATTACHED
    }

    /// @param traceId what streams share that the same metadata describes
    /// @param path directory, below that of the trace chunk from 2.11 on
    /// @param channelName name of the file
    record StreamEntry(
            long id, long traceId, boolean isMetadata, CString path, CString channelName) {}

    /// @param streams empty unless the status is OK; even then there may be none
    record NewStreams(NewStreamsStatus status, List<StreamEntry> streams) implements ViewerReply {
        public NewStreams {
            streams = List.copyOf(streams);
            onlyWhen(status == NewStreamsStatus.OK, streams.isEmpty());
        }
    }

    enum NewStreamsStatus {
        OK,
        NONE,
        FAILED,
        /// The session has been closed, and all of it was read.
        HANG_UP
    }

    /// The next packet of a stream, or what is known instead: for [IndexStatus#INACTIVE] that no
    /// record from before [#endTicks] is to come.
    ///
    /// @param offset for [ViewerRequest.GetPacket]
    /// @param beginTicks of the trace's clock
    /// @param discardedEvents running total of the stream
    /// @param streamClassId of CTF
    /// @param flags [Flag]s
    record NextIndex(
            long offset,
            long packetBits,
            long contentBits,
            long beginTicks,
            long endTicks,
            long discardedEvents,
            long streamClassId,
            IndexStatus status,
            int flags)
            implements ViewerReply {
        /// One without a packet.
        public static NextIndex without(IndexStatus status, int flags) {
            return new NextIndex(0, 0, 0, 0, 0, 0, 0, status, flags);
        }

        /// No record from before `ticks` is to come.
        public static NextIndex inactive(long ticks, long streamClassId, int flags) {
            return new NextIndex(0, 0, 0, 0, ticks, 0, streamClassId, IndexStatus.INACTIVE, flags);
        }
    }

    enum IndexStatus {
        OK,
        /// Nothing is known yet.
        RETRY,
        /// The stream has ended, and all of it was read.
        HANG_UP,
        FAILED,
        INACTIVE,
        /// Not to be sent: babeltrace2 takes it for an error.
        END_OF_FILE
    }

    /// Bits of [NextIndex#flags] and [Packet#flags].
    final class Flag {
        /// Metadata has to be read before the packet.
        public static final int NEW_METADATA = 1;

        /// There are streams that were not yet told.
        public static final int NEW_STREAM = 2;

        private Flag() {}
    }

    /// @param flags [Flag]s
    /// @param bytes empty unless the status is OK; as decoded, a view of the received bytes
    record Packet(PacketStatus status, int flags, ByteBuffer bytes) implements ViewerReply {
        public Packet {
            onlyWhen(status == PacketStatus.OK, !bytes.hasRemaining());
        }
    }

    enum PacketStatus {
        OK,
        RETRY,
        FAILED,
        END_OF_FILE
    }

    /// @param bytes all metadata that was not yet told; empty unless the status is OK, and better
    ///   never empty then, which babeltrace2 takes for an error; as decoded, a view of the received
    ///   bytes
    record Metadata(MetadataStatus status, ByteBuffer bytes) implements ViewerReply {
        public Metadata {
            onlyWhen(status == MetadataStatus.OK, !bytes.hasRemaining());
        }
    }

    enum MetadataStatus {
        OK,
        NOTHING_NEW,
        FAILED
    }

    private static void onlyWhen(boolean isOk, boolean isEmpty) {
        if (!isOk && !isEmpty) {
            throw new IllegalArgumentException("something follows a status that is not OK");
        }
    }
}
