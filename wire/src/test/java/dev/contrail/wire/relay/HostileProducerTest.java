// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

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

/// Sizes and names that no producer sends, and names that a producer may not send.
class HostileProducerTest {
    private static final RelayVersion V13 = new RelayVersion(2, 13);
    private static final RelayVersion V4 = new RelayVersion(2, 4);

    @Test
    void announces128MiBAndNoMore() throws ProtocolException {
        assertThat(header(RelayCommand.SEND_METADATA, 134_217_728).keptBytes())
                .isEqualTo(134_217_728);
        for (long bytes : new long[] {134_217_729, 1L << 32, -1, Long.MIN_VALUE}) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> header(RelayCommand.SEND_METADATA, bytes))
                    .withMessage(
                            "command SEND_METADATA announces %s bytes, want at most 134217728",
                            Long.toUnsignedString(bytes));
        }
    }

    /// A relay that held all that is announced could be filled by one connection.
    @Test
    void whatNoCommandNeedsIsNotHeld() throws ProtocolException {
        for (RelayCommand each : RelayCommand.values()) {
            int kept = header(each, 134_217_728).keptBytes();
            int most =
                    switch (each) {
                        case SEND_METADATA, SEND_PACKET, SEND_MARKED_METADATA -> 134_217_728;
                        case ROTATE_STREAMS -> 20 + 16 * 262_144;
                        default -> 16_384;
                    };
            assertThat(kept).as(each.name()).isLessThanOrEqualTo(most);
        }
        CommandHeader unknown = new CommandHeader(0, 134_217_728, 77, 0);
        assertThat(unknown.keptBytes()).isZero();
        assertThat(unknown.skippedBytes()).isEqualTo(134_217_728);
        assertThat(RelayRequestDecoder.decode(unknown, V13, ByteBuffer.allocate(0)))
                .isEqualTo(new RelayRequest.Unknown(77));
    }

    private static CommandHeader header(RelayCommand command, long bytes) throws ProtocolException {
        var out = ByteBuffer.allocate(CommandHeader.BYTES);
        new CommandHeader(0, bytes, command.number(), 0).encode(out);
        return CommandHeader.decode(out.flip());
    }

    /// Times 16 and in 32 bits, some of them are the sizes that would be right.
    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 1 << 28, (1 << 28) + 1, 2, 0})
    void rotatesMoreStreamsThanItSends(int count) {
        ByteBuffer payload = ByteBuffer.allocate(36).putInt(0, count);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(RelayCommand.ROTATE_STREAMS, V13, payload))
                .withMessage(
                        "ROTATE_STREAMS: 36 bytes for %s streams, want 16 for each and 13, 16 or"
                                + " 20",
                        Integer.toUnsignedString(count));
    }

    @Test
    void rotatesMoreStreamsThanAnybodyHas() throws ProtocolException {
        ByteBuffer most = ByteBuffer.allocate(20 + 16 * 262_144).putInt(0, 262_144);
        assertThat(decode(RelayCommand.ROTATE_STREAMS, V13, most))
                .isInstanceOf(RelayRequest.RotateStreams.class);
        ByteBuffer more = ByteBuffer.allocate(20 + 16 * 262_145).putInt(0, 262_145);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(RelayCommand.ROTATE_STREAMS, V13, more))
                .withMessageStartingWith("ROTATE_STREAMS: 4194324 bytes for 262145 streams");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 1 << 20, 265})
    void saysThatANameIsLongerThanAllowed(int length) {
        ByteBuffer payload = ByteBuffer.allocate(600).putInt(0, length).putInt(4, 2);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(RelayCommand.ADD_STREAM, V13, payload))
                .withMessage(
                        "ADD_STREAM, channel name: %s bytes, want at most 264",
                        Integer.toUnsignedString(length));
    }

    @Test
    void sendsANameThatGoesOnAfterItsEnd() {
        ByteBuffer payload = ByteBuffer.allocate(36).putInt(0, 3).putInt(4, 1);
        payload.put(32, new byte[] {'a', 0, 0, 0});
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(RelayCommand.ADD_STREAM, V13, payload))
                .withMessage("ADD_STREAM, channel name: NUL at byte 33, want none inside");
        payload.put(32, new byte[] {'a', 'b', 'c', 0});
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(RelayCommand.ADD_STREAM, V13, payload))
                .withMessage("ADD_STREAM, channel name: byte 34 is 0x63, want the NUL of its end");
    }

    @Test
    void sendsANameWithoutAnEnd() {
        ByteBuffer payload = ByteBuffer.allocate(327);
        for (int i = 0; i < 255; i++) {
            payload.put(i, (byte) 'a');
        }
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> decode(RelayCommand.CREATE_SESSION, V4, payload))
                .withMessage("CREATE_SESSION, name: 255 bytes at byte 0, want a NUL among them");
    }

    /// Which the relay has to see, to refuse the session and go on.
    @Test
    void sendsNamesThatTheRelayHasToJudge() throws ProtocolException {
        var session =
                RelayRequest.CreateSession.named(
                        CString.EMPTY, CString.of("../" + "h".repeat(300)), 0, false);
        var out = ByteBuffer.allocate(RelayRequestEncoder.bytes(session, V13));
        RelayRequestEncoder.encode(session, V13, out);
        out.flip();
        assertThat(RelayRequestDecoder.decode(CommandHeader.decode(out), V13, out))
                .isEqualTo(session);
    }

    /// The next message may be in the same buffer.
    @Test
    void aNameDoesNotReachIntoTheNextMessage() {
        ByteBuffer received = ByteBuffer.allocate(64).putInt(0, 2).putInt(4, 1);
        var header = new CommandHeader(0, 34, RelayCommand.ADD_STREAM.number(), 0);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> RelayRequestDecoder.decode(header, V13, received))
                .withMessageStartingWith("ADD_STREAM, channel name: NUL at byte 32");
        received.put(32, (byte) 'a');
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> RelayRequestDecoder.decode(header, V13, received.rewind()))
                .withMessage("ADD_STREAM, path: 0 bytes at byte 34, want 1");
        assertThat(received.limit()).isEqualTo(64);
    }

    @Test
    void aProducerOfOursMayNotSendWhatDoesNotFit() {
        var name = CString.of("n".repeat(255));
        var session = RelayRequest.CreateSession.named(name, CString.EMPTY, 0, false);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RelayRequestEncoder.encode(session, V4, ByteBuffer.allocate(400)));
        var metadata = new RelayRequest.SendMetadata(1, 1L << 32, ByteBuffer.allocate(0));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RelayRequestEncoder.encode(metadata, V4, ByteBuffer.allocate(400)));
        assertThatIllegalArgumentException().isThrownBy(() -> CString.of("a\0b"));
    }

    @Test
    void rotationsKeepTheirPadding() throws ProtocolException {
        for (var padding : RelayRequest.RotateStreams.Padding.values()) {
            var rotation =
                    new RelayRequest.RotateStreams(
                            true,
                            3,
                            List.of(new RelayRequest.RotateStreams.Position(1, 2)),
                            padding);
            var out = ByteBuffer.allocate(RelayRequestEncoder.bytes(rotation, V13));
            RelayRequestEncoder.encode(rotation, V13, out);
            out.flip();
            assertThat(RelayRequestDecoder.decode(CommandHeader.decode(out), V13, out))
                    .isEqualTo(rotation);
        }
    }

    private static RelayRequest decode(
            RelayCommand command, RelayVersion version, ByteBuffer payload)
            throws ProtocolException {
        var header = new CommandHeader(0, payload.remaining(), command.number(), 0);
        return RelayRequestDecoder.decode(header, version, payload.duplicate());
    }
}
