// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.wire.Conversations;
import dev.contrail.wire.Conversations.Message;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// All that real viewers and relays have said to each other: read as the other end reads it,
/// compared with what another program read, and written again.
class LiveConversationsTest {
    /// A message, with the version that was agreed on when it was sent.
    private record Said(Message message, RelayVersion version) {
        boolean isRequest() {
            return message.isToServer();
        }

        boolean isReplyToUnknown() {
            return message.name().equals("?.reply");
        }

        ViewerCommand repliedTo() {
            return ViewerCommand.valueOf(message.name().replace(".reply", ""));
        }
    }

    private static List<Said> said() throws ProtocolException {
        var said = new ArrayList<Said>();
        var asked = new HashMap<String, RelayVersion>();
        var agreed = new HashMap<String, RelayVersion>();
        for (Message each : Conversations.of("live")) {
            String connection = each.conversation() + each.connection();
            if (each.name().equals("CONNECT")) {
                asked.put(connection, version(each.received().position(ViewerHeader.BYTES)));
            } else if (each.name().equals("CONNECT.reply")) {
                RelayVersion told = version(each.received());
                agreed.put(connection, told.agreedWith(asked.get(connection)));
            }
            said.add(new Said(each, agreed.getOrDefault(connection, RelayVersion.UNSAID)));
        }
        return said;
    }

    private static RelayVersion version(ByteBuffer afterHeader) {
        afterHeader.getLong();
        return new RelayVersion(afterHeader.getInt(), afterHeader.getInt());
    }

    @Test
    void theRelayReadsWhatViewersSaid() throws ProtocolException {
        int count = 0;
        for (Said each : said()) {
            if (each.isRequest()) {
                ByteBuffer received = each.message.received();
                ViewerHeader header = ViewerHeader.decode(received);
                ViewerRequest request = ViewerRequestCodec.decode(header, received);
                assertThat(received.position()).as("%s", each).isEqualTo(each.message.length());
                assertThat(ViewerWords.of(header) + " " + ViewerWords.of(request))
                        .as("%s", each)
                        .isEqualToIgnoringWhitespace(each.message.fields());
                count++;
            }
        }
        assertThat(count).isGreaterThan(1_000);
    }

    @Test
    void viewersWriteWhatTheySaid() throws ProtocolException {
        var commands = EnumSet.noneOf(ViewerCommand.class);
        for (Said each : said()) {
            if (!each.isRequest()) {
                continue;
            }
            ByteBuffer received = each.message.received();
            ViewerHeader header = ViewerHeader.decode(received);
            ViewerRequest request = ViewerRequestCodec.decode(header, received);
            if (request instanceof ViewerRequest.Unknown) {
                continue; // nobody writes those
            }
            commands.add(ViewerRequestCodec.command(request));
            var out = ByteBuffer.allocate(ViewerRequestCodec.bytes(request));
            ViewerRequestCodec.encode(request, out);
            assertThat(out.hasRemaining()).as("%s", each).isFalse();
            if (each.message.conversation().contains("tracecompass")) {
                header.encode(out.rewind()); // announces other lengths
            }
            assertThat(out.array()).as("%s", each).isEqualTo(each.message.bytes());
        }
        assertThat(commands).containsExactlyInAnyOrder(ViewerCommand.values());
    }

    @Test
    void viewersReadWhatTheRelaySaid() throws ProtocolException {
        int count = 0;
        for (Said each : said()) {
            if (each.isRequest() || each.isReplyToUnknown()) {
                continue;
            }
            ByteBuffer received = each.message.received();
            assertThat(ViewerReplyCodec.missingBytes(each.repliedTo(), each.version, received))
                    .isZero();
            ViewerReply reply = ViewerReplyCodec.decode(each.repliedTo(), each.version, received);
            assertThat(received.position()).as("%s", each).isEqualTo(each.message.length());
            assertThat(ViewerWords.of(reply, each.version).strip())
                    .as("%s", each)
                    .isEqualTo(each.message.fields());
            count++;
        }
        assertThat(count).isGreaterThan(1_000);
    }

    @Test
    void theRelayWritesWhatItSaid() throws ProtocolException {
        var kinds = new HashSet<Class<?>>();
        for (Said each : said()) {
            if (each.isRequest()) {
                continue;
            }
            ViewerReply reply =
                    each.isReplyToUnknown()
                            ? new ViewerReply.UnknownCommand()
                            : ViewerReplyCodec.decode(
                                    each.repliedTo(), each.version, each.message.received());
            var out = ByteBuffer.allocate(ViewerReplyCodec.bytes(reply, each.version));
            ViewerReplyCodec.encode(reply, each.version, out);
            assertThat(out.array()).as("%s", each).isEqualTo(each.message.bytes());
            kinds.add(reply.getClass());
        }
        assertThat(kinds).containsExactlyInAnyOrder(ViewerReply.class.getPermittedSubclasses());
    }

    /// What follows the last whole message of Trace Compass' conversation.
    @Test
    void aRequestForNewStreamsMayLackItsBody() throws ProtocolException {
        byte[] sent =
                Conversations.of("live").stream()
                        .filter(each ->
                                each.conversation().contains("tracecompass") && each.isToServer())
                        .findFirst()
                        .orElseThrow()
                        .file();
        ByteBuffer received = ByteBuffer.wrap(sent).position(sent.length - ViewerHeader.BYTES);
        ViewerHeader header = ViewerHeader.decode(received);
        assertThat(header).isEqualTo(new ViewerHeader(20, 7, 0));
        assertThat(header.bodyBytes()).isEqualTo(8);
        assertThat(ViewerRequestCodec.decode(header, received))
                .isEqualTo(new ViewerRequest.GetNewStreamsOfAttached());
    }

    @Test
    void aRequestThatIsCutAnywhereIsRefused() throws ProtocolException {
        for (Said each : kinds()) {
            for (int bytes = 0; each.isRequest() && bytes < each.message.length(); bytes++) {
                ByteBuffer cut = each.message.received().limit(bytes);
                if (each.message.name().equals("GET_NEW_STREAMS") && bytes == ViewerHeader.BYTES) {
                    continue; // as in the test above
                }
                assertThatExceptionOfType(ProtocolException.class)
                        .as("%s, %d bytes", each, bytes)
                        .isThrownBy(() -> read(cut));
            }
        }
    }

    private static ViewerRequest read(ByteBuffer received) throws ProtocolException {
        return ViewerRequestCodec.decode(ViewerHeader.decode(received), received);
    }

    @Test
    void aReplyThatIsCutAnywhereSaysHowMuchIsMissing() throws ProtocolException {
        for (Said each : kinds()) {
            if (each.isRequest() || each.isReplyToUnknown()) {
                continue;
            }
            for (int bytes = 0; bytes < each.message.length(); bytes++) {
                ByteBuffer cut = each.message.received().limit(bytes);
                assertThat(ViewerReplyCodec.missingBytes(each.repliedTo(), each.version, cut))
                        .as("%s, %d bytes", each, bytes)
                        .isBetween(1, each.message.length() - bytes);
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(
                                () -> ViewerReplyCodec.decode(each.repliedTo(), each.version, cut));
            }
        }
    }

    /// Each byte of each kind of message damaged in two ways: it is read, or refused, or there
    /// would be more of it.
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
                        read(ByteBuffer.wrap(bytes));
                    } else if (!each.isReplyToUnknown()) {
                        ViewerReplyCodec.decode(
                                each.repliedTo(), each.version, ByteBuffer.wrap(bytes));
                    }
                    read++;
                } catch (ProtocolException e) {
                    assertThat(e).hasMessageNotContaining("null");
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(100);
        assertThat(read).isGreaterThan(10_000);
    }

    /// One message of each command, size and version.
    private static List<Said> kinds() throws ProtocolException {
        var kinds = new HashSet<String>();
        return said().stream()
                .filter(each -> kinds.add(each.message.kind() + " " + each.version))
                .toList();
    }
}
