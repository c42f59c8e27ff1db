// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/// What a producer (session daemon and consumer daemon) asks of a relay, on the control connection
/// (`relay-protocol.md` section 5). The relay answers each but [SendMetadata] with one
/// [RelayReply], in the same order.
///
/// Numbers are as sent, unsigned. Names have no NUL and are no longer than the protocol lets them
/// be; whether they are empty, have a `/` or lead out of a directory is for the relay to judge.
public sealed interface RelayRequest {
    /// Stands for a sequence number, an instance id or a packet number that there is not.
    long NONE = -1;

    /// The number of an unknown command, whose payload nobody can read. The real relay answers
    /// [ResultCode#UNKNOWN] and closes the connection.
    record Unknown(int command) implements RelayRequest {}

    /// The first request, and the first reply, of a connection.
    record Version(RelayVersion version) implements RelayRequest {}

    /// Since 2.12. Flags other than 0 are refused by real relays ([ResultCode#PROTOCOL]), which go
    /// on all the same: who sends them learns whether the relay is one that knows them.
    record GetConfiguration(long queryFlags) implements RelayRequest {}

    /// Opens a session. What an older form does not have is 0 or empty: 2.1 to 2.3 have nothing at
    /// all, 2.4 to 2.10 name, host, live timer and [#isSnapshot].
    ///
    /// @param basePath directory that the user asked for, below the host's
    /// @param liveTimerMicros 32 bits; 0 when it is not live
    /// @param isNamedAfterTime whether the name has the creation time in it
    /// @param daemonUuid of this run of the session daemon
    /// @param sessionId the session daemon's number
    /// @param createdSeconds since 1970
    /// @param hasChunk whether the session has a trace chunk already: there is another consumer
    /// @param chunkId that chunk
    /// @param traceFormat since 2.15: [#CTF_1_8] or [#CTF_2]; 0 when it was not said
    record CreateSession(
            CString name,
            CString host,
            CString basePath,
            long liveTimerMicros,
            boolean isSnapshot,
            boolean isNamedAfterTime,
            UUID daemonUuid,
            long sessionId,
            long createdSeconds,
            boolean hasChunk,
            long chunkId,
            int traceFormat)
            implements RelayRequest {
        public static final int CTF_1_8 = 1;
        public static final int CTF_2 = 2;

        /// The daemon that did not say which it is.
        public static final UUID NO_UUID = new UUID(0, 0);

        /// All that 2.4 to 2.10 can say.
        public static CreateSession named(
                CString name, CString host, long liveTimerMicros, boolean isSnapshot) {
            return new CreateSession(
                    name,
                    host,
                    CString.EMPTY,
                    liveTimerMicros,
                    isSnapshot,
                    false,
                    NO_UUID,
                    0,
                    0,
                    false,
                    0,
                    0);
        }
    }

    /// Since 2.11. Opens a trace chunk; streams that are added from now on go there.
    ///
    /// @param overrideName directory of a snapshot, otherwise empty
    record CreateTraceChunk(long chunkId, long createdSeconds, CString overrideName)
            implements RelayRequest {}

    /// Makes a stream's file, or the metadata file when the channel's name is `metadata`.
    ///
    /// @param channelName name of the file, `CHANNEL_CPU`
    /// @param path directory: from 2.11 on below the trace chunk's, before that with host and
    ///   session, as in `/HOST/SESSION-DATE//ust/uid/1000/64-bit`
    /// @param tracefileBytes since 2.2: from which size on another file is begun; 0 for never
    /// @param tracefileCount since 2.2: how many files there are before the first is overwritten; 0
    ///   beside a size kills real relays: never send that
    /// @param chunkId since 2.11; real relays take the newest chunk, whatever is said
    record AddStream(
            CString channelName,
            CString path,
            long tracefileBytes,
            long tracefileCount,
            long chunkId)
            implements RelayRequest {}

    /// Since 2.4. Shows the streams added so far to viewers.
    record StreamsSent() implements RelayRequest {}

    /// START_DATA: allowed, never sent by real producers.
    record DataStart() implements RelayRequest {}

    /// Goes on with the metadata file; is not answered.
    ///
    /// @param paddingBytes 32 bits: zeros to append after the bytes, not sent
    /// @param bytes of metadata, anywhere cut; as decoded, a view of the received bytes
    record SendMetadata(long streamId, long paddingBytes, ByteBuffer bytes)
            implements RelayRequest {}

    /// Since 2.8. The metadata file is emptied; the whole metadata comes again.
    record ResetMetadata(long streamId, long version) implements RelayRequest {}

    /// Since 2.4. The index entry of a packet, or a beacon: no record from before [#endTicks] is to
    /// come.
    ///
    /// @param streamId handle of the stream
    /// @param netSeqNum of the packet that is described; of a beacon the last one sent, or [#NONE]
    /// @param packetBits 0 for a beacon
    /// @param beginTicks of the trace's clock
    /// @param discardedEvents running total of the stream
    /// @param streamClassId of CTF
    /// @param streamInstanceId since 2.8: of CTF, or [#NONE]; 0 when it was not said
    /// @param packetSequence since 2.8: number in the packet's context, or [#NONE]; 0 when it was
    ///   not said
    record SendIndex(
            long streamId,
            long netSeqNum,
            long packetBits,
            long contentBits,
            long beginTicks,
            long endTicks,
            long discardedEvents,
            long streamClassId,
            long streamInstanceId,
            long packetSequence)
            implements RelayRequest {
        /// Says that no record from before `ticks` is to come.
        public static SendIndex beacon(
                long streamId, long lastNetSeqNum, long ticks, long streamClassId) {
            return new SendIndex(streamId, lastNetSeqNum, 0, 0, 0, ticks, 0, streamClassId, 0, 0);
        }

        public boolean isBeacon() {
            return packetBits == 0;
        }
    }

    /// @param lastNetSeqNum the highest that was sent, or [#NONE]
    record CloseStream(long streamId, long lastNetSeqNum) implements RelayRequest {}

    /// Whether all of a stream has arrived.
    ///
    /// @param lastNetSeqNum the highest that was sent, or [#NONE]
    record DataPending(long streamId, long lastNetSeqNum) implements RelayRequest {}

    /// As [DataPending], of a metadata stream.
    record QuiescentControl(long streamId) implements RelayRequest {}

    /// @param sessionId the relay's, of [RelayReply.SessionCreated]
    record BeginDataPending(long sessionId) implements RelayRequest {}

    /// Whether a stream of the session was not asked about since [BeginDataPending].
    ///
    /// @param sessionId the relay's, of [RelayReply.SessionCreated]
    record EndDataPending(long sessionId) implements RelayRequest {}

    /// Since 2.11. The streams go on in another trace chunk, or in none.
    ///
    /// @param newChunkId 0 when there is none
    /// @param padding of the structure, which its sender did not pack
    record RotateStreams(
            boolean hasNewChunk, long newChunkId, List<Position> positions, Padding padding)
            implements RelayRequest {
        public RotateStreams {
            positions = List.copyOf(positions);
        }

        /// @param firstPacketSequence of the packets of the new chunk: the number in the packet's
        ///   context, not that of the network; means nothing for metadata
        public record Position(long streamId, long firstPacketSequence) {}

        /// Bytes between flag and number that are not sent as anything. Relays before 2.13 on
        /// x86-64 know only [#X86_64]: send that.
        public enum Padding {
            PACKED(0),
            I386(3),
            X86_64(7);

            private final int bytes;

            Padding(int bytes) {
                this.bytes = bytes;
            }

            int bytes() {
                return bytes;
            }
        }
    }

    /// Since 2.11. Closes a trace chunk.
    ///
    /// @param hasCommand whether something is to be done with its directory
    /// @param command [#MOVE_TO_ARCHIVES], [#DO_NOTHING] or [#DELETE]; 0 when there is none
    record CloseTraceChunk(long chunkId, long closedSeconds, boolean hasCommand, int command)
            implements RelayRequest {
        public static final int MOVE_TO_ARCHIVES = 0;
        public static final int DO_NOTHING = 1;

        /// Since 2.12, if [RelayReply.Configuration] allows it.
        public static final int DELETE = 2;
    }

    /// Since 2.11. Whether something of a closed trace chunk has still to be stored or moved.
    record TraceChunkExists(long chunkId) implements RelayRequest {}

    /// What only our own relays understand, once [RelayExtension] was agreed on
    /// (`relay-extension.md`).
    sealed interface Extended extends RelayRequest {}

    /// As [AddStream], where the relay goes on with the stream if it knows it.
    record ResumeStream(AddStream stream) implements Extended {}

    /// A packet with its index entry. Is not answered: [Commit] is.
    ///
    /// @param index its `netSeqNum` is one more than that of the packet before
    /// @param mark what the producer wants to hear when it resumes the stream
    /// @param encoding how the packet without its padding became `bytes`: [#PLAIN] or [#PACKED]
    /// @param checksum CRC-32C of the packet without its padding
    /// @param bytes as decoded, a view of the received ones
    record SendPacket(
            SendIndex index, StreamMark mark, int encoding, int checksum, ByteBuffer bytes)
            implements Extended {
        public static final int PLAIN = 0;

        /// One frame of Zstandard.
        public static final int PACKED = 1;

        /// The longest packet that may come packed: a few bytes could say anything.
        public static final int MAX_PACKED_BYTES = 4 << 20;
    }

    /// As [SendMetadata], with a mark. Is not answered: [Commit] is.
    ///
    /// @param mark what the producer wants to hear when it resumes the stream
    record SendMarkedMetadata(long streamId, long paddingBytes, StreamMark mark, ByteBuffer bytes)
            implements Extended {}

    /// Whether all that was sent before is stored; is answered when it is.
    record Commit() implements Extended {}
}
