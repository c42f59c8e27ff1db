// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.push.PushMessage.Previous;
import dev.contrail.wire.push.PushMessage.SessionLine;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushCodecTest {
    private static final ByteBuffer BYTES =
            ByteBuffer.wrap(new byte[] {1, 2, 3}).asReadOnlyBuffer();

    private static final List<PushRequest> REQUESTS =
            List.of(
                    new PushRequest.ListSessions(),
                    new PushRequest.Watch(
                            PushRequest.Seek.NOW,
                            CString.of("host"),
                            CString.of("séance"),
                            CString.of("bob")),
                    new PushRequest.Watch(
                            PushRequest.Seek.BEGINNING,
                            CString.of("h"),
                            CString.of("s"),
                            CString.EMPTY),
                    new PushRequest.Credit(7, 0xFFFF_FFFFL),
                    new PushRequest.Shown(List.of(), ByteBuffer.allocate(0)),
                    new PushRequest.Shown(
                            List.of(
                                    new StreamPlace(1, new StreamPosition(12, 3)),
                                    new StreamPlace(
                                            2, new StreamPosition(9, StreamPosition.WHOLE))),
                            BYTES));

    private static final List<PushMessage> MESSAGES =
            List.of(
                    new PushMessage.Sessions(List.of()),
                    new PushMessage.Sessions(
                            List.of(
                                    new SessionLine(
                                            1,
                                            2,
                                            3,
                                            4,
                                            5,
                                            PushMessage.State.ENDED,
                                            CString.of("host"),
                                            CString.of("name")))),
                    new PushMessage.Watching(PushMessage.Status.OK, true, BYTES),
                    new PushMessage.Watching(
                            PushMessage.Status.NO_PLACE, false, ByteBuffer.allocate(0)),
                    new PushMessage.StreamBegun(
                            1,
                            2,
                            CString.of("ust/uid/0/64-bit"),
                            CString.of("c_0"),
                            new StreamPosition(4, 5),
                            Optional.of(new Previous(6, 7, 8))),
                    new PushMessage.StreamBegun(
                            1,
                            2,
                            CString.EMPTY,
                            CString.EMPTY,
                            StreamPosition.BEGIN,
                            Optional.empty()),
                    new PushMessage.Metadata(3, BYTES),
                    new PushMessage.PacketBegun(1, 2, 24, 20, 5, 6, 7, 8, 9, 10, BYTES),
                    new PushMessage.PacketPart(1, BYTES),
                    new PushMessage.PacketGone(1),
                    new PushMessage.Quiet(1, 2, 3),
                    new PushMessage.Lost(1, 2),
                    new PushMessage.StreamEnded(1),
                    new PushMessage.Ended(PushMessage.End.ANOTHER_VIEWER),
                    new PushMessage.Remembered(4),
                    new PushMessage.Alive());

    private static ByteBuffer encoded(PushRequest request) {
        ByteBuffer out = ByteBuffer.allocate(PushRequestCodec.bytes(request));
        PushRequestCodec.encode(request, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.flip();
    }

    private static ByteBuffer encoded(PushMessage message) {
        ByteBuffer out = ByteBuffer.allocate(PushMessageCodec.bytes(message));
        PushMessageCodec.encode(message, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.flip();
    }

    private static Object decoded(ByteBuffer in, boolean isRequest) throws ProtocolException {
        PushHeader header = PushHeader.decode(in);
        return isRequest
                ? PushRequestCodec.decode(header, in)
                : PushMessageCodec.decode(header, in);
    }

    @Test
    void whatIsSaidIsHeard() throws ProtocolException {
        for (PushRequest each : REQUESTS) {
            assertThat(decoded(encoded(each), true)).isEqualTo(each);
        }
        for (PushMessage each : MESSAGES) {
            assertThat(decoded(encoded(each), false)).isEqualTo(each);
        }
    }

    /// As `viewer-push.md` says.
    @Test
    void bytesAreAsDocumented() {
        assertThat(HexFormat.of().formatHex(encoded(REQUESTS.get(3)).array()))
                .isEqualTo("00000003" + "0000000c" + "0000000000000007" + "ffffffff");
        assertThat(HexFormat.of().formatHex(encoded(new PushMessage.Quiet(1, 2, 3)).array()))
                .isEqualTo(
                        "0000006c"
                                + "00000018"
                                + "0000000000000001"
                                + "0000000000000002"
                                + "0000000000000003");
        assertThat(Long.toHexString(PushExtension.id(1))).isEqualTo("636f6e7472610001");
    }

    @Test
    void onlyTheMagicNumberIsAnExtension() {
        assertThat(PushExtension.version(PushExtension.id(3))).hasValue(3);
        for (long each : new long[] {-1, 0, 1, 2, 77, PushExtension.id(0)}) {
            assertThat(PushExtension.version(each)).isEmpty();
        }
        assertThat(PushExtension.agreedWith(9)).isEqualTo(PushExtension.VERSION);
    }

    /// Whatever comes is a message, or refused with the one exception.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void damageIsRefusedOrUnderstood(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            boolean isRequest = random.nextBoolean();
            byte[] whole =
                    isRequest
                            ? encoded(REQUESTS.get(random.nextInt(REQUESTS.size()))).array()
                            : encoded(MESSAGES.get(random.nextInt(MESSAGES.size()))).array();
            for (int i = random.nextInt(4); i > 0; i--) {
                whole[random.nextInt(whole.length)] = (byte) random.nextInt();
            }
            int cut = random.nextInt(3) == 0 ? random.nextInt(whole.length) : whole.length;
            try {
                decoded(ByteBuffer.wrap(whole, 0, cut), isRequest);
            } catch (ProtocolException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void whatIsCutIsRefused() {
        for (PushMessage each : MESSAGES) {
            byte[] whole = encoded(each).array();
            for (int cut = 0; cut < PushHeader.BYTES; cut++) {
                int length = cut;
                assertThatThrownBy(() -> decoded(ByteBuffer.wrap(whole, 0, length), false))
                        .isInstanceOf(ProtocolException.class);
            }
        }
    }

    @Test
    void whatIsTooLongIsRefusedBeforeItComes() {
        ByteBuffer header =
                ByteBuffer.allocate(8).putInt(1).putInt(PushHeader.MAX_BODY_BYTES + 1).flip();
        assertThatThrownBy(() -> PushHeader.decode(header)).isInstanceOf(ProtocolException.class);
    }
}
