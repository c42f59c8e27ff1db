// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.junit.jupiter.api.Test;

class ControlChannelTest {
    private static final int MAGIC = 0x43545231;

    @Test
    void refusesAnotherVersionPolitely() {
        var older = new Recorded(MAGIC, ControlChannel.VERSION - 1);
        assertThatThrownBy(() -> ControlChannel.open(older))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(
                        "the other side speaks version %d of the control protocol, this program"
                                + " %d: contrail sessiond --replace --background moves the"
                                + " sessions to a daemon of this version",
                        ControlChannel.VERSION - 1, ControlChannel.VERSION);
        assertThat(older.written.flip())
                .as("the other side is told who we are, to say the same")
                .isEqualTo(
                        ByteBuffer.allocate(8).putInt(MAGIC).putInt(ControlChannel.VERSION).flip());
    }

    @Test
    void refusesWhatIsNoContrail() {
        assertThatThrownBy(() -> ControlChannel.open(new Recorded(0x48545450, 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the other side is no Contrail: 0x48545450");
    }

    /// The other side: greets with two words, and keeps what it is sent.
    private static final class Recorded implements ByteChannel {
        private final ByteBuffer greeting;
        private final ByteBuffer written = ByteBuffer.allocate(64);

        Recorded(int magic, int version) {
            greeting = ByteBuffer.allocate(8).putInt(magic).putInt(version).flip();
        }

        @Override
        public int read(ByteBuffer into) {
            if (!greeting.hasRemaining()) {
                return -1;
            }
            into.put(greeting.get());
            return 1;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            int length = from.remaining();
            written.put(from);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
