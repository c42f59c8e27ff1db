// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What our own ends say to each other, byte by byte as `relay-extension.md` says it.
class ExtensionTest {
    private static final RelayRequest.SendIndex INDEX =
            new RelayRequest.SendIndex(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    private static final StreamMark MARK = new StreamMark(11, 12);

    private static ByteBuffer written(RelayRequest request, RelayVersion version) {
        ByteBuffer out = ByteBuffer.allocate(RelayRequestEncoder.bytes(request, version));
        RelayRequestEncoder.encode(request, version, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.flip();
    }

    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes.array(), 0, bytes.limit());
    }

    private static String numbers(long... all) {
        var out = new StringBuilder();
        for (long each : all) {
            out.append("%016x".formatted(each));
        }
        return out.toString();
    }

    @Test
    void isAgreedOnInTheFlagsOfTheConfiguration() {
        var asked = new RelayExtension(1, RelayExtension.SYNCED);
        assertThat(asked.bits()).isEqualTo(0x4354524C_0001_0002L);
        assertThat(RelayExtension.of(asked.bits())).contains(asked);
        assertThat(RelayExtension.of(1)).isEmpty();
        assertThat(RelayExtension.of(0)).isEmpty();
    }

    /// What was agreed on has the same form whatever the version.
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12, 15})
    void requestsAreReadAsTheyWereWritten(int minor) throws ProtocolException {
        var version = new RelayVersion(2, minor);
        for (RelayRequest each :
                new RelayRequest[] {
                    new RelayRequest.ResumeStream(
                            new RelayRequest.AddStream(
                                    CString.of("c_0"), CString.of("kernel"), 1, 2, 3)),
                    new RelayRequest.SendPacket(
                            INDEX, MARK, 1, 13, ByteBuffer.wrap(new byte[] {14, 15})),
                    new RelayRequest.SendMarkedMetadata(
                            1, 2, MARK, ByteBuffer.wrap(new byte[] {16})),
                    new RelayRequest.Commit()
                }) {
            ByteBuffer bytes = written(each, version);
            CommandHeader header = CommandHeader.decode(bytes);
            assertThat(RelayRequestDecoder.decode(header, version, bytes)).isEqualTo(each);
        }
    }

    @Test
    void aPacketHasItsIndexEntryWithIt() {
        var packet =
                new RelayRequest.SendPacket(
                        INDEX, MARK, 0, 13, ByteBuffer.wrap(new byte[] {14, 15}));
        assertThat(hex(written(packet, RelayVersion.OURS)))
                .isEqualTo(
                        numbers(0, 106)
                                + "4354000200000000"
                                + numbers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
                                + "000000000000000d"
                                + "0e0f");
    }

    @Test
    void repliesAreReadAsTheyWereWritten() throws ProtocolException {
        var last =
                new RelayReply.LastStored(
                        new RelayRequest.SendIndex(77, 2, 3, 4, 5, 6, 7, 8, 9, 10), MARK);
        for (RelayReply each :
                new RelayReply[] {
                    new RelayReply.StreamResumed(77, ResultCode.OK, Optional.of(last)),
                    new RelayReply.StreamResumed(77, ResultCode.OK, Optional.empty()),
                    new RelayReply.Committed(ResultCode.OK, 5, 6, CString.EMPTY),
                    new RelayReply.Committed(ResultCode.FILE_CREATION, 5, 6, CString.of("full"))
                }) {
            RelayCommand command =
                    each instanceof RelayReply.Committed
                            ? RelayCommand.COMMIT
                            : RelayCommand.RESUME_STREAM;
            var out = ByteBuffer.allocate(RelayReplyCodec.bytes(each, RelayVersion.OURS));
            RelayReplyCodec.encode(each, RelayVersion.OURS, out);
            assertThat(out.hasRemaining()).isFalse();
            out.flip();
            assertThat(RelayReplyCodec.missingBytes(command, RelayVersion.OURS, out)).isZero();
            assertThat(RelayReplyCodec.decode(command, RelayVersion.OURS, out)).isEqualTo(each);
        }
    }

    @Test
    void nobodyIsKeptWaitingByWhatHasNoAnswer() {
        assertThat(RelayCommand.SEND_PACKET.hasReply()).isFalse();
        assertThat(RelayCommand.SEND_MARKED_METADATA.hasReply()).isFalse();
        assertThat(RelayCommand.COMMIT.hasReply()).isTrue();
    }
}
