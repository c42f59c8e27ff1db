// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    private static final FromApplication.Hello HELLO =
            new FromApplication.Hello(FrameFormat.VERSION, 1, 1, "", "", "test", 0);

    @TempDir Path directory;

    /// On a busy machine its answer may be there, and the link thread has no processor to read it.
    @Test
    void isSilentWhenNothingCameUntilTheLinkThreadHasLooked() throws Exception {
        Path socket = directory.resolve("socket");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            server.bind(UnixDomainSocketAddress.of(socket));
            long before = System.nanoTime();
            var daemon = new Daemon(new Endpoint(socket, selector), 1);
            daemon.connect(before, HELLO);
            assertThat(daemon.isSettled()).isFalse();

            daemon.heardNothing(before);
            assertThat(daemon.isSettled()).isFalse();
            assertThat(daemon.isSettled(0)).isFalse();

            daemon.heardNothing(System.nanoTime());
            assertThat(daemon.isSettled()).isTrue();
            assertThat(daemon.isSettled(0)).isTrue();
            daemon.disconnect();
        }
    }
}
