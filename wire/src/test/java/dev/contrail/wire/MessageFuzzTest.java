// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.contrail.wire.live.ViewerCommand;
import dev.contrail.wire.live.ViewerHeader;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReplyCodec;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import dev.contrail.wire.relay.CommandHeader;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestDecoder;
import dev.contrail.wire.relay.RelayRequestEncoder;
import java.nio.ByteBuffer;

/// Bytes of anybody's, for each end of the relay's protocols: they are messages, or refused with a
/// [ProtocolException]; nothing else happens. A message that was read is written, and read again.
///
/// The first byte is the minor version that was agreed on, but for what viewers send, which is
/// alike in all. An ordinary test run replays the inputs in `MessageFuzzTestInputs`, and
/// [FoundMessagesTest] those that `bench/fuzz.sh` has found, guided by coverage.
class MessageFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void relayServer(byte[] untrusted) {
        ByteBuffer received = ByteBuffer.wrap(untrusted);
        RelayVersion version = version(received);
        try {
            while (received.hasRemaining()) {
                CommandHeader header = CommandHeader.decode(received);
                RelayRequest request = RelayRequestDecoder.decode(header, version, received);
                received.position(
                        (int)
                                Math.min(
                                        received.limit(),
                                        received.position() + header.skippedBytes()));
                if (request instanceof RelayRequest.Unknown) {
                    return; // the connection ends
                }
                var out = ByteBuffer.allocate(RelayRequestEncoder.bytes(request, version));
                RelayRequestEncoder.encode(request, version, out);
                assertThat(out.hasRemaining()).isFalse();
                out.flip();
                CommandHeader again = CommandHeader.decode(out);
                assertThat(RelayRequestDecoder.decode(again, version, out)).isEqualTo(request);
            }
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageContaining("want");
        }
    }

    /// The second byte is the command that was asked.
    @FuzzTest(maxDuration = "20s")
    void relayClient(byte[] untrusted) {
        ByteBuffer received = ByteBuffer.wrap(untrusted);
        RelayVersion version = version(received);
        RelayCommand command = word(RelayCommand.values(), received);
        if (!command.hasReply()) {
            return;
        }
        try {
            int missing = RelayReplyCodec.missingBytes(command, version, received);
            RelayReply reply = RelayReplyCodec.decode(command, version, received);
            assertThat(missing).isZero();
            var out = ByteBuffer.allocate(RelayReplyCodec.bytes(reply, version));
            RelayReplyCodec.encode(reply, version, out);
            assertThat(out.hasRemaining()).isFalse();
            assertThat(RelayReplyCodec.decode(command, version, out.flip())).isEqualTo(reply);
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageContaining("want");
        }
    }

    @FuzzTest(maxDuration = "20s")
    void liveServer(byte[] untrusted) {
        ByteBuffer received = ByteBuffer.wrap(untrusted);
        try {
            while (received.hasRemaining()) {
                ViewerHeader header = ViewerHeader.decode(received);
                ViewerRequest request = ViewerRequestCodec.decode(header, received);
                if (request instanceof ViewerRequest.Unknown) {
                    return; // the connection ends
                }
                var out = ByteBuffer.allocate(ViewerRequestCodec.bytes(request));
                ViewerRequestCodec.encode(request, out);
                assertThat(out.hasRemaining()).isFalse();
                out.flip();
                ViewerHeader again = ViewerHeader.decode(out);
                assertThat(ViewerRequestCodec.decode(again, out)).isEqualTo(request);
            }
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageContaining("want");
        }
    }

    /// The second byte is the command that was asked.
    @FuzzTest(maxDuration = "20s")
    void liveClient(byte[] untrusted) {
        ByteBuffer received = ByteBuffer.wrap(untrusted);
        RelayVersion version = version(received);
        ViewerCommand command = word(ViewerCommand.values(), received);
        try {
            int missing = ViewerReplyCodec.missingBytes(command, version, received);
            assertThat(missing).isBetween(0, ViewerReplyCodec.MAX_REPLY_BYTES);
            ViewerReply reply = ViewerReplyCodec.decode(command, version, received);
            assertThat(missing).isZero();
            var out = ByteBuffer.allocate(ViewerReplyCodec.bytes(reply, version));
            ViewerReplyCodec.encode(reply, version, out);
            assertThat(out.hasRemaining()).isFalse();
            assertThat(ViewerReplyCodec.decode(command, version, out.flip())).isEqualTo(reply);
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageContaining("want");
        }
    }

    private static RelayVersion version(ByteBuffer received) {
        int minor = received.hasRemaining() ? received.get() : 0;
        return new RelayVersion(2, minor & 0xF);
    }

    private static <E> E word(E[] words, ByteBuffer received) {
        int number = received.hasRemaining() ? received.get() & 0xFF : 0;
        return words[number % words.length];
    }
}
