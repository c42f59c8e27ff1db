// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.link;

import dev.contrail.tracer.link.FrameFormat;
import dev.contrail.tracer.link.Frames;
import dev.contrail.tracer.link.FromApplication.Hello;
import dev.contrail.tracer.link.FromDaemon;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/// Says hello to a session daemon, as a JVM that starts does, until standard input ends.
///
/// `SOCKET` is where it listens for applications. Prints for each hello the microseconds until it
/// was answered and until all initial orders had come.
final class HelloTime {
    private static final long PAUSE_MILLIS = 10;

    private HelloTime() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        UnixDomainSocketAddress daemon = UnixDomainSocketAddress.of(arguments[0]);
        ProcessHandle self = ProcessHandle.current();
        Hello hello =
                new Hello(
                        FrameFormat.VERSION,
                        self.pid(),
                        0,
                        "",
                        System.getProperty("java.version"),
                        "HelloTime",
                        0);
        while (System.in.available() == 0) {
            long start = System.nanoTime();
            try (SocketChannel channel = SocketChannel.open(daemon)) {
                var frames = new Frames(channel);
                frames.write(hello);
                long answered = 0;
                for (FromDaemon message;
                        !((message = frames.readFromDaemon()) instanceof FromDaemon.Ready); ) {
                    if (message == null) {
                        throw new IOException("the daemon has closed the connection");
                    }
                    if (message instanceof FromDaemon.Welcome) {
                        answered = System.nanoTime() - start;
                    }
                }
                System.out.println(answered / 1000 + " " + (System.nanoTime() - start) / 1000);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
