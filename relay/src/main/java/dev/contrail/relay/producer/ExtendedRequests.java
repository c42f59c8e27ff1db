// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.journal.Resumption;
import dev.contrail.relay.request.Refusal;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.relay.stream.MetadataStream;
import dev.contrail.relay.stream.StoredStream;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Carries out what only producers of ours ask (`relay-extension.md`), in one session. Used by its
/// connection's thread.
///
/// After the first packet that cannot be stored nothing more is, until the producer has heard of it
/// in the answer to a COMMIT: what is acknowledged has no gap.
final class ExtendedRequests {
    /// COMMITs that are answered together, after one sync.
    static final int MAX_COMMITS = 64;

    private final RelaySession session;
    private final Resumption resumption;
    private final ToIntFunction<RelaySession> viewers;
    private final PackedPackets packets = new PackedPackets();
    private boolean isDamaged;
    private int commits;
    private String failure = "";
    private boolean isFailureNoted;

    /// @param viewers how many a session has
    ExtendedRequests(RelaySession session, ToIntFunction<RelaySession> viewers) {
        this.session = session;
        this.resumption = session.resumption().orElseThrow();
        this.viewers = viewers;
    }

    RelayReply resume(RelayRequest.AddStream asked) throws Refusal, IOException {
        StoredStream stream = session.resumeStream(asked);
        resumption.resumed(stream);
        return new RelayReply.StreamResumed(stream.handle(), ResultCode.OK, stream.lastStored());
    }

    void store(RelayRequest.SendPacket sent) throws Refusal {
        RelayRequest.SendIndex index = sent.index();
        if (!(session.stream(index.streamId()).orElse(null) instanceof DataStream stream)) {
            throw Refusal.ending(ResultCode.UNKNOWN, "a packet of an unknown stream");
        }
        if (!failure.isEmpty()) {
            return;
        }
        ByteBuffer packet;
        try {
            packet = packets.plain(sent);
        } catch (IOException e) {
            failure = "a packet has not come as it was sent: " + Reason.of(e);
            isDamaged = true;
            return;
        }
        long padding = index.packetBits() / Byte.SIZE - packet.remaining();
        if (index.packetBits() % Byte.SIZE != 0
                || padding < 0
                || padding > DataService.MAX_PADDING_BYTES) {
            throw Refusal.ending(
                    ResultCode.INVALID,
                    "a packet of %s bits with %d bytes"
                            .formatted(
                                    Long.toUnsignedString(index.packetBits()), packet.remaining()));
        }
        try {
            stream.append(index, sent.mark(), packet, padding);
            resumption.stored(stream, true);
        } catch (IOException e) {
            failure = Reason.of(e);
        }
    }

    void store(RelayRequest.SendMarkedMetadata sent) throws Refusal {
        if (sent.paddingBytes() > ProducerRequests.MAX_METADATA_PADDING) {
            throw Refusal.ending(
                    ResultCode.INVALID, sent.paddingBytes() + " bytes of padding of metadata");
        }
        if (!(session.stream(sent.streamId()).orElse(null) instanceof MetadataStream stream)) {
            throw Refusal.ending(ResultCode.UNKNOWN, "metadata of an unknown stream");
        }
        if (!failure.isEmpty()) {
            return;
        }
        try {
            stream.append(sent.bytes(), sent.paddingBytes(), sent.mark());
            resumption.stored(stream, false);
        } catch (IOException e) {
            failure = Reason.of(e);
        }
    }

    /// Takes a COMMIT, which [#answers] answers.
    ///
    /// @return whether it is to be answered now, not with the next ones
    boolean commit(boolean isMoreThere) {
        commits++;
        return !isMoreThere || commits == MAX_COMMITS || !failure.isEmpty();
    }

    /// The answers that are due.
    List<RelayReply> answers() {
        var answers = new ArrayList<RelayReply>();
        if (commits == 0) {
            return answers;
        }
        long stored = 0;
        try {
            stored = resumption.commit();
        } catch (IOException e) {
            failure = Reason.of(e);
        }
        ResultCode failed = isDamaged ? ResultCode.INVALID : ResultCode.FILE_CREATION;
        ResultCode code = failure.isEmpty() ? ResultCode.OK : failed;
        var answer =
                new RelayReply.Committed(
                        code, stored, viewers.applyAsInt(session), CString.of(failure));
        for (; commits > 0; commits--) {
            answers.add(answer);
        }
        return answers;
    }

    /// As [#failure], the first time.
    String newFailure() {
        if (isFailureNoted) {
            return "";
        }
        isFailureNoted = !failure.isEmpty();
        return failure;
    }

    /// Why something could not be stored; empty if all was.
    String failure() {
        return failure;
    }
}
