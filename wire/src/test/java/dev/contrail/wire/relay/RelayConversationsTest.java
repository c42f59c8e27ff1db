// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.wire.Conversations;
import dev.contrail.wire.Conversations.Message;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// All that real producers and relays have said to each other: read as the other end reads it,
/// compared with what another program read, and written again.
class RelayConversationsTest {
    /// A message of a control connection, with the version that was agreed on when it was sent.
    private record Said(Message message, RelayVersion version) {
        boolean isRequest() {
            return message.isToServer();
        }

        RelayCommand repliedTo() {
            return RelayCommand.valueOf(message.name().replace(".reply", ""));
        }

        /// What programs of ours sent to see what the relay makes of it, and no producer sends:
        /// shorter or longer payloads than there are, or a session before a version. The last tests
        /// say what becomes of them.
        boolean isOdd() {
            return message.fields().contains("??")
                    || message.fields().contains("path_len=256")
                    || message.fields().contains("header_len=18")
                    || message.name().equals("CREATE_SESSION") && !version.isAtLeast(1);
        }

        /// Commands that no relay knows are answered all the same, with a code.
        boolean isReplyToUnknown() {
            return Arrays.stream(RelayCommand.values())
                    .noneMatch(each -> message.name().equals(each + ".reply"));
        }
    }

    /// Those of LTTng's protocol.
    private static List<RelayCommand> theirs() {
        return Arrays.stream(RelayCommand.values()).filter(each -> each.number() < 1000).toList();
    }

    private static List<Said> said() throws ProtocolException {
        var said = new ArrayList<Said>();
        var asked = new HashMap<String, RelayVersion>();
        var agreed = new HashMap<String, RelayVersion>();
        for (Message each : Conversations.of("control")) {
            String connection = each.conversation() + each.connection();
            if (each.name().equals("VERSION")) {
                ByteBuffer bytes = each.received().position(CommandHeader.BYTES);
                asked.put(connection, new RelayVersion(bytes.getInt(), bytes.getInt()));
            } else if (each.name().equals("VERSION.reply")) {
                ByteBuffer bytes = each.received();
                var told = new RelayVersion(bytes.getInt(), bytes.getInt());
                agreed.put(connection, told.agreedWith(asked.get(connection)));
            }
            said.add(new Said(each, agreed.getOrDefault(connection, RelayVersion.UNSAID)));
        }
        return said;
    }

    @Test
    void theRelayReadsWhatProducersSaid() throws ProtocolException {
        int count = 0;
        for (Said each : said()) {
            if (!each.isRequest() || each.isOdd()) {
                continue;
            }
            ByteBuffer received = each.message.received();
            CommandHeader header = CommandHeader.decode(received);
            RelayRequest request = RelayRequestDecoder.decode(header, each.version, received);
            assertThat(received.position()).as("%s", each).isEqualTo(each.message.length());
            assertThat(RelayWords.of(header) + " " + RelayWords.of(request, each.version))
                    .as("%s", each)
                    .isEqualToIgnoringWhitespace(each.message.fields());
            count++;
        }
        assertThat(count).isGreaterThan(1_400);
    }

    @Test
    void producersWriteWhatTheySaid() throws ProtocolException {
        var commands = new HashSet<RelayCommand>();
        for (Said each : said()) {
            if (!each.isRequest() || each.isOdd()) {
                continue;
            }
            ByteBuffer received = each.message.received();
            CommandHeader header = CommandHeader.decode(received);
            RelayRequest request = RelayRequestDecoder.decode(header, each.version, received);
            if (request instanceof RelayRequest.Unknown) {
                continue; // nobody writes those
            }
            commands.add(RelayRequestEncoder.command(request));
            var out = ByteBuffer.allocate(RelayRequestEncoder.bytes(request, each.version));
            RelayRequestEncoder.encode(request, each.version, out);
            assertThat(out.hasRemaining()).as("%s", each).isFalse();
            if (header.circuitId() != 0) { // one did, to see what the relay makes of it
                header.encode(out.rewind());
            }
            assertThat(out.array()).as("%s", each).isEqualTo(defined(each, request));
        }
        assertThat(commands).containsExactlyInAnyOrderElementsOf(theirs());
    }

    /// The bytes of a request, zeros where producers leave what their memory held: in the padding
    /// of ROTATE_STREAMS, and after the names of the form of 2.4.
    private static byte[] defined(Said said, RelayRequest request) {
        byte[] bytes = said.message.bytes();
        int payload = CommandHeader.BYTES;
        if (request instanceof RelayRequest.RotateStreams rotation) {
            Arrays.fill(bytes, payload + 5, payload + 5 + rotation.padding().bytes(), (byte) 0);
        } else if (request instanceof RelayRequest.CreateSession session
                && bytes.length == payload + 327) {
            Arrays.fill(bytes, payload + session.name().length(), payload + 255, (byte) 0);
            Arrays.fill(bytes, payload + 255 + session.host().length(), payload + 319, (byte) 0);
        }
        return bytes;
    }

    @Test
    void producersReadWhatTheRelaySaid() throws ProtocolException {
        int count = 0;
        for (Said each : said()) {
            if (each.isRequest() || each.isReplyToUnknown()) {
                continue;
            }
            ByteBuffer received = each.message.received();
            int missing = RelayReplyCodec.missingBytes(each.repliedTo(), each.version, received);
            assertThat(missing).isZero();
            RelayReply reply = RelayReplyCodec.decode(each.repliedTo(), each.version, received);
            assertThat(received.position()).as("%s", each).isEqualTo(each.message.length());
            assertThat(RelayWords.of(reply, each.version))
                    .as("%s", each)
                    .isEqualTo(each.message.fields());
            count++;
        }
        assertThat(count).isGreaterThan(1_200);
    }

    @Test
    void theRelayWritesWhatItSaid() throws ProtocolException {
        var kinds = new HashSet<Class<?>>();
        for (Said each : said()) {
            if (each.isRequest()) {
                continue;
            }
            RelayReply reply =
                    each.isReplyToUnknown()
                            ? new RelayReply.Result(ResultCode.UNKNOWN)
                            : RelayReplyCodec.decode(
                                    each.repliedTo(), each.version, each.message.received());
            var out = ByteBuffer.allocate(RelayReplyCodec.bytes(reply, each.version));
            RelayReplyCodec.encode(reply, each.version, out);
            assertThat(out.array()).as("%s", each).isEqualTo(each.message.bytes());
            kinds.add(reply.getClass());
        }
        List<Class<?>> theirs = new ArrayList<>(List.of(RelayReply.class.getPermittedSubclasses()));
        theirs.remove(RelayReply.Extended.class);
        assertThat(kinds).containsExactlyInAnyOrderElementsOf(theirs);
    }

    @Test
    void packetsAreReadAndWritten() throws ProtocolException {
        int count = 0;
        for (Message each : Conversations.of("data")) {
            ByteBuffer received = each.received().limit(each.length());
            DataHeader header = DataHeader.decode(received);
            assertThat(RelayWords.of(header, received)).as("%s", each).isEqualTo(each.fields());
            assertThat(header.contentBytes()).isEqualTo(received.remaining());
            var out = ByteBuffer.allocate(each.length());
            header.encode(out);
            assertThat(out.put(received).array()).isEqualTo(each.bytes());
            count++;
            for (int bytes = 0; bytes < DataHeader.BYTES; bytes++) {
                ByteBuffer cut = each.received().limit(bytes);
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> DataHeader.decode(cut));
            }
        }
        assertThat(count).isGreaterThan(200);
    }

    @Test
    void aRequestThatIsCutAnywhereIsRefused() throws ProtocolException {
        for (Said each : kinds()) {
            if (!each.isRequest() || each.isOdd()) {
                continue;
            }
            for (int bytes = 0; bytes < each.message.length(); bytes++) {
                ByteBuffer cut = each.message.received().limit(bytes);
                assertThatExceptionOfType(ProtocolException.class)
                        .as("%s, %d bytes", each, bytes)
                        .isThrownBy(() -> read(cut, each.version));
            }
        }
    }

    private static RelayRequest read(ByteBuffer received, RelayVersion version)
            throws ProtocolException {
        return RelayRequestDecoder.decode(CommandHeader.decode(received), version, received);
    }

    /// The header announces what is there, which is too little.
    @Test
    void aPayloadShorterThanItsStructureIsRefused() throws ProtocolException {
        for (Said each : kinds()) {
            if (!each.isRequest() || each.isOdd()) {
                continue;
            }
            CommandHeader whole = CommandHeader.decode(each.message.received());
            for (int bytes = 0; bytes < whole.payloadBytes(); bytes++) {
                var header = new CommandHeader(0, bytes, whole.number(), 0);
                ByteBuffer received = each.message.received().position(CommandHeader.BYTES);
                if (isWhole(each.message.name(), bytes, received)) {
                    RelayRequestDecoder.decode(header, each.version, received);
                } else {
                    assertThatExceptionOfType(ProtocolException.class)
                            .as("%s, %d bytes", each, bytes)
                            .isThrownBy(() ->
                                    RelayRequestDecoder.decode(header, each.version, received))
                            .withMessageStartingWith(each.message.name());
                }
            }
        }
    }

    /// Less metadata is metadata; a structure with less padding is one, too.
    private static boolean isWhole(String name, int payloadBytes, ByteBuffer payload) {
        if (name.equals("ROTATE_STREAMS") && payloadBytes >= 4) {
            int structure = payloadBytes - 16 * payload.getInt(payload.position());
            return structure == 13 || structure == 16;
        }
        return name.equals("SEND_METADATA") && payloadBytes >= 12;
    }

    @Test
    void aReplyThatIsCutAnywhereSaysHowMuchIsMissing() throws ProtocolException {
        for (Said each : kinds()) {
            if (each.isRequest() || each.isReplyToUnknown()) {
                continue;
            }
            for (int bytes = 0; bytes < each.message.length(); bytes++) {
                ByteBuffer cut = each.message.received().limit(bytes);
                assertThat(RelayReplyCodec.missingBytes(each.repliedTo(), each.version, cut))
                        .as("%s, %d bytes", each, bytes)
                        .isBetween(1, each.message.length() - bytes);
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(
                                () -> RelayReplyCodec.decode(each.repliedTo(), each.version, cut));
            }
        }
    }

    /// Each byte of each kind of message damaged in two ways: it is read, or refused.
    @Test
    void aDamagedMessageIsReadOrRefused() throws ProtocolException {
        int refused = 0;
        int read = 0;
        for (Said each : kinds()) {
            for (int at = 0; at < 2 * each.message.length(); at++) {
                byte[] bytes = each.message.bytes();
                bytes[at / 2] = (byte) (at % 2 == 0 ? 0xFF : bytes[at / 2] ^ 1);
                try {
                    if (each.isRequest()) {
                        read(ByteBuffer.wrap(bytes), each.version);
                    } else if (!each.isReplyToUnknown()) {
                        RelayReplyCodec.decode(
                                each.repliedTo(), each.version, ByteBuffer.wrap(bytes));
                    }
                    read++;
                } catch (ProtocolException e) {
                    assertThat(e).hasMessageNotContaining("null");
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(1_000);
        assertThat(read).isGreaterThan(10_000);
    }

    @Test
    void whatIsLongerThanItsStructureIsSkipped() throws ProtocolException {
        Said longer = odd("size=20 cmd=7");
        ByteBuffer received = longer.message.received();
        CommandHeader header = CommandHeader.decode(received);
        assertThat(header.keptBytes()).isEqualTo(16);
        assertThat(header.skippedBytes()).isEqualTo(4);
        assertThat(RelayRequestDecoder.decode(header, longer.version, received))
                .isInstanceOf(RelayRequest.CloseStream.class);
    }

    @Test
    void whatIsShorterOrLongerThanAllowedIsRefusedWithItsPlace() throws ProtocolException {
        Said shorter = odd("size=8 cmd=7");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read(shorter.message.received(), shorter.version))
                .withMessage("CLOSE_STREAM: 8 bytes at byte 24, want 16");
        Said path = odd("path_len=256");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read(path.message.received(), path.version))
                .withMessage("ADD_STREAM, path: 256 bytes, want at most 255");
        Said padded = odd("header_len=18");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> read(padded.message.received(), padded.version))
                .withMessage(
                        "ROTATE_STREAMS: 34 bytes for 1 streams, want 16 for each and 13, 16 or 20");
    }

    /// The real relay took it for a session without a name, and refused it.
    @Test
    void aSessionBeforeAVersionHasNoName() throws ProtocolException {
        Said early = odd("cmd=2");
        assertThat(read(early.message.received(), early.version))
                .isInstanceOfSatisfying(
                        RelayRequest.CreateSession.class,
                        session -> assertThat(session.name().isEmpty()).isTrue());
    }

    private static Said odd(String field) throws ProtocolException {
        return said().stream()
                .filter(each -> each.isRequest() && each.isOdd())
                .filter(each -> each.message.fields().contains(field))
                .findFirst()
                .orElseThrow();
    }

    /// One message of each command, size and version.
    private static List<Said> kinds() throws ProtocolException {
        var kinds = new HashSet<String>();
        return said().stream()
                .filter(each -> kinds.add(each.message.kind() + " " + each.version))
                .toList();
    }
}
