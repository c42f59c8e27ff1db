// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sizes and statuses that no relay sends, and what a relay may not send.
class HostileRelayTest {
    private static final RelayVersion V4 = new RelayVersion(2, 4);
    private static final RelayVersion V15 = new RelayVersion(2, 15);

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 1 << 20})
    void announcesMoreThanAViewerTakes(int count) {
        refuses(ViewerCommand.LIST_SESSIONS, V4, ByteBuffer.allocate(4).putInt(0, count));
        refuses(ViewerCommand.ATTACH_SESSION, V4, words(1, count));
        refuses(ViewerCommand.GET_NEW_STREAMS, V4, words(1, count));
        refuses(ViewerCommand.LIST_SESSIONS, V15, words(1, 0, 0, 0, 0, 0, count << 8, count, 0));
        refuses(ViewerCommand.GET_PACKET, V4, words(1, count << 8 | 1 << 31, 0));
        refuses(ViewerCommand.GET_METADATA, V4, words(count, 7, 1));
    }

    private static void refuses(ViewerCommand command, RelayVersion version, ByteBuffer received) {
        assertThatExceptionOfType(ProtocolException.class)
                .as(command.name())
                .isThrownBy(() -> ViewerReplyCodec.missingBytes(command, version, received))
                .withMessageMatching(command + "'s reply: \\d+ bytes, want at most 134217728");
    }

    private static ByteBuffer words(int... words) {
        var bytes = ByteBuffer.allocate(4 * words.length);
        for (int each : words) {
            bytes.putInt(each);
        }
        return bytes.flip();
    }

    @Test
    void sendsAStatusThatThereIsNot() {
        for (int status : new int[] {0, 7, -1}) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() ->
                            ViewerReplyCodec.decode(
                                    ViewerCommand.ATTACH_SESSION, V4, words(status, 0)))
                    .withMessage(
                            "ATTACH_SESSION's reply: status %s, want 1 to 6",
                            Integer.toUnsignedString(status));
        }
    }

    /// Nothing follows a refusal, whatever it announces.
    @Test
    void announcesBytesAfterARefusal() throws ProtocolException {
        assertThat(ViewerReplyCodec.decode(ViewerCommand.GET_PACKET, V4, words(3, 9, 1)))
                .isEqualTo(
                        new ViewerReply.Packet(
                                ViewerReply.PacketStatus.FAILED, 1, ByteBuffer.allocate(0)));
        assertThat(ViewerReplyCodec.decode(ViewerCommand.ATTACH_SESSION, V4, words(4, 9)))
                .isEqualTo(new ViewerReply.Attached(ViewerReply.AttachStatus.NOT_LIVE, List.of()));
    }

    @Test
    void aRelayOfOursSendsNothingAfterARefusal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ViewerReply.Metadata(
                                ViewerReply.MetadataStatus.NOTHING_NEW, ByteBuffer.allocate(1)));
    }

    /// The real relay answers no viewer any more, once one session has such a name.
    @Test
    void aLongNameIsCutWhereThereIsNoRoomForIt() throws ProtocolException {
        var session =
                new ViewerReply.SessionEntry(
                        7, 1, 0, 3, CString.of("h".repeat(64)), CString.of("n".repeat(255)), 0);
        var list = new ViewerReply.SessionList(List.of(session));
        assertThat(again(list, V15)).isEqualTo(list);
        assertThat(again(list, V4))
                .isEqualTo(
                        new ViewerReply.SessionList(
                                List.of(
                                        new ViewerReply.SessionEntry(
                                                7,
                                                1,
                                                0,
                                                3,
                                                CString.of("h".repeat(63)),
                                                CString.of("n".repeat(254)),
                                                0))));
    }

    private static ViewerReply again(ViewerReply reply, RelayVersion version)
            throws ProtocolException {
        var out = ByteBuffer.allocate(ViewerReplyCodec.bytes(reply, version));
        ViewerReplyCodec.encode(reply, version, out);
        assertThat(out.hasRemaining()).isFalse();
        return ViewerReplyCodec.decode(ViewerCommand.LIST_SESSIONS, version, out.flip());
    }
}
