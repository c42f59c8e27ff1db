// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.store.DataStream;
import dev.contrail.relay.store.MetadataStream;
import dev.contrail.relay.store.Refusal;
import dev.contrail.relay.store.RelaySession;
import dev.contrail.relay.store.RelaySessions;
import dev.contrail.relay.store.StoredStream;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.util.Optional;

/// Carries out the requests of one producer. Used by its connection's thread.
final class ProducerRequests {
    /// Zeros that a producer may have appended to a piece of metadata: packets are smaller.
    static final long MAX_METADATA_PADDING = 16L * 1024 * 1024;

    private final RelaySessions sessions;
    private final boolean mayClear;
    private RelayVersion version = RelayVersion.UNSAID;
    private boolean isAgreed;
    private Optional<RelaySession> session = Optional.empty();

    ProducerRequests(RelaySessions sessions, boolean mayClear) {
        this.sessions = sessions;
        this.mayClear = mayClear;
    }

    /// What is said to a request.
    ///
    /// @param reply none to metadata
    /// @param isLast whether the connection ends
    /// @param why it was refused, for the log; empty if it was not
    record Answer(Optional<RelayReply> reply, boolean isLast, String why) {
        static Answer of(RelayReply reply) {
            return new Answer(Optional.of(reply), false, "");
        }

        static Answer none() {
            return new Answer(Optional.empty(), false, "");
        }

        static Answer ok() {
            return of(new RelayReply.Result(ResultCode.OK));
        }
    }

    /// The one that both ends speak.
    RelayVersion version() {
        return version;
    }

    /// The one that the producer has opened.
    Optional<RelaySession> session() {
        return session;
    }

    Answer answer(RelayRequest request) {
        try {
            return carryOut(request);
        } catch (Refusal e) {
            return refused(request, e);
        } catch (IOException e) {
            return refused(request, Refusal.of(ResultCode.UNKNOWN, Reason.of(e)));
        }
    }

    private Answer carryOut(RelayRequest request) throws Refusal, IOException {
        return switch (request) {
            case RelayRequest.Unknown(int number) ->
                    throw Refusal.ending(
                            ResultCode.UNKNOWN, "command " + Integer.toUnsignedString(number));
            case RelayRequest.Version(RelayVersion theirs) -> agree(theirs);
            case RelayRequest.GetConfiguration(long flags) -> configuration(flags);
            case RelayRequest.CreateSession asked -> create(asked);
            case RelayRequest.DataStart _ -> Answer.ok();
            case RelayRequest.CreateTraceChunk asked -> {
                opened().createChunk(asked);
                yield Answer.ok();
            }
            case RelayRequest.AddStream asked ->
                    Answer.of(new RelayReply.StreamAdded(opened().addStream(asked), ResultCode.OK));
            case RelayRequest.StreamsSent _ -> {
                opened().publish();
                yield Answer.ok();
            }
            case RelayRequest.SendMetadata asked -> metadata(asked);
            case RelayRequest.ResetMetadata asked -> reset(asked);
            case RelayRequest.SendIndex asked -> index(asked);
            case RelayRequest.CloseStream(long handle, long last) -> {
                opened().close(known(handle, ResultCode.UNKNOWN), last);
                yield Answer.ok();
            }
            case RelayRequest.DataPending(long handle, long last) ->
                    pending(opened().isPending(known(handle, ResultCode.UNKNOWN), last));
            case RelayRequest.QuiescentControl(long handle) -> {
                opened().quiescent(handle);
                yield Answer.ok();
            }
            case RelayRequest.BeginDataPending _ -> {
                opened().beginPending();
                yield Answer.ok();
            }
            case RelayRequest.EndDataPending _ -> pending(opened().endPending());
            case RelayRequest.RotateStreams asked -> {
                opened().rotate(asked);
                yield Answer.ok();
            }
            case RelayRequest.CloseTraceChunk asked ->
                    Answer.of(
                            new RelayReply.ChunkClosed(
                                    ResultCode.OK,
                                    CString.of(opened().closeChunk(asked).toString())));
            case RelayRequest.TraceChunkExists(long chunkId) ->
                    Answer.of(
                            new RelayReply.ChunkExists(ResultCode.OK, opened().hasChunk(chunkId)));
        };
    }

    private Answer agree(RelayVersion theirs) {
        boolean isSpoken = RelayVersion.OURS.isSpokenWith(theirs);
        if (isSpoken && !isAgreed) {
            version = RelayVersion.OURS.agreedWith(theirs);
            isAgreed = true;
        }
        return new Answer(
                Optional.of(new RelayReply.Version(RelayVersion.OURS)),
                !isSpoken,
                isSpoken ? "" : "it speaks version " + theirs);
    }

    private Answer configuration(long flags) {
        return flags != 0
                ? Answer.of(new RelayReply.Configuration(ResultCode.PROTOCOL, 0))
                : Answer.of(
                        new RelayReply.Configuration(
                                ResultCode.OK,
                                mayClear ? RelayReply.Configuration.CLEAR_ALLOWED : 0));
    }

    private Answer create(RelayRequest.CreateSession asked) throws Refusal, IOException {
        if (!isAgreed) {
            throw Refusal.ending(ResultCode.FATAL, "a session before the version");
        }
        if (session.isPresent()) {
            throw Refusal.of(ResultCode.FATAL, "a second session on one connection");
        }
        RelaySession opened;
        try {
            opened = sessions.open(asked, version);
        } catch (IOException e) {
            throw Refusal.of(ResultCode.FATAL, Reason.of(e));
        }
        session = Optional.of(opened);
        return Answer.of(
                new RelayReply.SessionCreated(
                        opened.id(), ResultCode.OK, CString.of(opened.directory().toString())));
    }

    private RelaySession opened() throws Refusal {
        return session.orElseThrow(
                () -> Refusal.ending(ResultCode.UNKNOWN, "a command without a session"));
    }

    private StoredStream known(long handle, ResultCode code) throws Refusal {
        return opened().stream(handle)
                .orElseThrow(() -> Refusal.ending(code, "a command for an unknown stream"));
    }

    private Answer metadata(RelayRequest.SendMetadata asked) throws Refusal, IOException {
        if (asked.paddingBytes() > MAX_METADATA_PADDING) {
            throw Refusal.ending(
                    ResultCode.INVALID, asked.paddingBytes() + " bytes of padding of metadata");
        }
        if (!(known(asked.streamId(), ResultCode.UNKNOWN) instanceof MetadataStream stream)) {
            throw Refusal.ending(ResultCode.INVALID, "metadata for a data stream");
        }
        stream.append(asked.bytes(), asked.paddingBytes());
        return Answer.none();
    }

    private Answer reset(RelayRequest.ResetMetadata asked) throws Refusal, IOException {
        if (opened().isLive()
                || !(known(asked.streamId(), ResultCode.UNKNOWN)
                        instanceof MetadataStream stream)) {
            throw Refusal.ending(
                    ResultCode.UNKNOWN, "reset of metadata in a live session, or of data");
        }
        stream.reset();
        return Answer.ok();
    }

    private Answer index(RelayRequest.SendIndex asked) throws Refusal {
        if (!(known(asked.streamId(), ResultCode.UNKNOWN) instanceof DataStream stream)) {
            throw Refusal.ending(ResultCode.UNKNOWN, "an index of metadata");
        }
        stream.append(asked);
        opened().settle(stream);
        return Answer.ok();
    }

    private static Answer pending(boolean isPending) {
        return Answer.of(
                new RelayReply.Pending(isPending ? RelayReply.Pending.YES : RelayReply.Pending.NO));
    }

    private static Answer refused(RelayRequest request, Refusal refusal) {
        ResultCode code = refusal.code();
        Optional<RelayReply> reply =
                switch (request) {
                    case RelayRequest.CreateSession _ ->
                            Optional.of(new RelayReply.SessionCreated(0, code, CString.EMPTY));
                    case RelayRequest.AddStream _ ->
                            Optional.of(new RelayReply.StreamAdded(RelayRequest.NONE, code));
                    case RelayRequest.CloseTraceChunk _ ->
                            Optional.of(new RelayReply.ChunkClosed(code, CString.EMPTY));
                    case RelayRequest.TraceChunkExists _ ->
                            Optional.of(new RelayReply.ChunkExists(code, false));
                    case RelayRequest.DataPending _, RelayRequest.EndDataPending _ ->
                            Optional.of(new RelayReply.Pending(RelayReply.Pending.FAILED));
                    case RelayRequest.SendMetadata _ -> Optional.empty();
                    default -> Optional.of(new RelayReply.Result(code));
                };
        boolean isLast = refusal.endsConnection() || request instanceof RelayRequest.SendMetadata;
        return new Answer(reply, isLast, Reason.of(refusal));
    }
}
