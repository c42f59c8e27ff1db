// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.MetadataStream;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayExtension;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestEncoder;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Carries out the requests of one producer. Used by its connection's thread.
final class ProducerRequests {
    /// Zeros that a producer may have appended to a piece of metadata: packets are smaller.
    static final long MAX_METADATA_PADDING = 16L * 1024 * 1024;

    private final RelaySessions sessions;
    private final boolean mayClear;
    private RelayVersion version = RelayVersion.UNSAID;
    private boolean isAgreed;
    private Optional<RelayExtension> extension = Optional.empty();
    private Optional<RelaySession> session = Optional.empty();
    private Optional<ExtendedRequests> extended = Optional.empty();
    private final ToIntFunction<RelaySession> viewers;
    private final Runnable cut;

    /// @param viewers how many a session has
    /// @param cut ends the connection; any thread
    ProducerRequests(
            RelaySessions sessions,
            boolean mayClear,
            ToIntFunction<RelaySession> viewers,
            Runnable cut) {
        this.sessions = sessions;
        this.mayClear = mayClear;
        this.viewers = viewers;
        this.cut = cut;
    }

    /// What is said to a request.
    ///
    /// @param replies to it, and to those before it that are not answered yet
    /// @param isLast whether the connection ends
    /// @param why it was refused, for the log; empty if it was not
    record Answer(List<RelayReply> replies, boolean isLast, String why) {
        static Answer of(RelayReply reply) {
            return new Answer(List.of(reply), false, "");
        }

        static Answer none() {
            return new Answer(List.of(), false, "");
        }

        static Answer ok() {
            return of(new RelayReply.Result(ResultCode.OK));
        }

        private Answer after(List<RelayReply> earlier) {
            if (earlier.isEmpty()) {
                return this;
            }
            var all = new ArrayList<>(earlier);
            all.addAll(replies);
            return new Answer(all, isLast, why);
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

    /// Whether its session stays when the connection ends.
    boolean isResumable() {
        return extended.isPresent();
    }

    /// @param isMoreThere whether another request has come already
    Answer answer(RelayRequest request, boolean isMoreThere) {
        if (extended.isPresent() && !(request instanceof RelayRequest.Extended)) {
            List<RelayReply> due = extended.get().answers();
            if (!extended.get().failure().isEmpty()) {
                return new Answer(due, true, extended.get().failure());
            }
            return answer(request).after(due);
        }
        return request instanceof RelayRequest.Commit && extended.isPresent()
                ? commit(extended.get(), isMoreThere)
                : answer(request);
    }

    /// Where something could not be stored, what is under way is read and dropped, and its producer
    /// closes the connection when it has heard why: closed from here, with something unread, the
    /// answer might never reach it.
    private static Answer commit(ExtendedRequests to, boolean isMoreThere) {
        if (!to.commit(isMoreThere)) {
            return Answer.none();
        }
        List<RelayReply> answers = to.answers();
        return new Answer(answers, false, to.newFailure());
    }

    private Answer answer(RelayRequest request) {
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
            case RelayRequest.Extended asked -> carryOut(asked);
        };
    }

    private Answer carryOut(RelayRequest.Extended request) throws Refusal, IOException {
        ExtendedRequests to =
                extended.orElseThrow(() ->
                        Refusal.ending(
                                ResultCode.UNKNOWN,
                                "a command that was not agreed on: "
                                        + RelayRequestEncoder.command(request)));
        return switch (request) {
            case RelayRequest.ResumeStream(RelayRequest.AddStream stream) -> {
                List<RelayReply> due = to.answers();
                yield Answer.of(to.resume(stream)).after(due);
            }
            case RelayRequest.SendPacket sent -> {
                to.store(sent);
                yield Answer.none();
            }
            case RelayRequest.SendMarkedMetadata sent -> {
                to.store(sent);
                yield Answer.none();
            }
            case RelayRequest.Commit _ -> commit(to, false);
        };
    }

    private Answer agree(RelayVersion theirs) {
        boolean isSpoken = RelayVersion.OURS.isSpokenWith(theirs);
        if (isSpoken && !isAgreed) {
            version = RelayVersion.OURS.agreedWith(theirs);
            isAgreed = true;
        }
        return new Answer(
                List.of(new RelayReply.Version(RelayVersion.OURS)),
                !isSpoken,
                isSpoken ? "" : "it speaks version " + theirs);
    }

    private Answer configuration(long flags) {
        Optional<RelayExtension> asked = RelayExtension.of(flags);
        if (asked.isPresent() && session.isEmpty()) {
            extension = asked;
            int clear = mayClear ? RelayExtension.CLEAR_ALLOWED : 0;
            var ours =
                    new RelayExtension(
                            Math.min(asked.get().version(), RelayExtension.VERSION),
                            RelayExtension.SYNCED | RelayExtension.PACKED | clear);
            return Answer.of(new RelayReply.Configuration(ResultCode.OK, ours.bits()));
        }
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
            if (extension.isPresent() && !asked.isSnapshot() && version.isAtLeast(12)) {
                boolean isSynced = extension.get().has(RelayExtension.SYNCED);
                opened = sessions.resume(asked, version, isSynced, cut);
                extended = Optional.of(new ExtendedRequests(opened, viewers));
            } else {
                opened = sessions.open(asked, version);
            }
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
                    case RelayRequest.SendMetadata _,
                            RelayRequest.SendPacket _,
                            RelayRequest.SendMarkedMetadata _ ->
                            Optional.empty();
                    case RelayRequest.ResumeStream _ ->
                            Optional.of(
                                    new RelayReply.StreamResumed(
                                            RelayRequest.NONE, code, Optional.empty()));
                    default -> Optional.of(new RelayReply.Result(code));
                };
        boolean isLast = refusal.endsConnection() || reply.isEmpty();
        return new Answer(reply.stream().toList(), isLast, Reason.of(refusal));
    }
}
