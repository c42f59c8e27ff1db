// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// LTTng's own relay daemon, with an output directory and a run directory of its own.
final class RealRelay implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final InetSocketAddress control;
    private final InetSocketAddress data;

    private RealRelay(Process process, InetSocketAddress control, InetSocketAddress data) {
        this.process = process;
        this.control = control;
        this.data = data;
    }

    /// Starts it; it listens when this returns. It has no ports that it chooses itself.
    static RealRelay open(Path home, Path output, String... options)
            throws IOException, InterruptedException {
        List<Integer> ports = freePorts();
        var command =
                new ArrayList<String>(
                        List.of(
                                "lttng-relayd",
                                "-C",
                                "tcp://127.0.0.1:" + ports.get(0),
                                "-D",
                                "tcp://127.0.0.1:" + ports.get(1),
                                "-L",
                                "tcp://127.0.0.1:" + ports.get(2),
                                "-o",
                                output.toString()));
        command.addAll(List.of(options));
        List<String> apart =
                System.getProperty("user.name").equals("root")
                        ? List.of(
                                "unshare",
                                "-m",
                                "--propagation",
                                "private",
                                "sh",
                                "-c",
                                "mount -t tmpfs none /run && exec \"$@\"",
                                "sh")
                        : List.of();
        command.addAll(0, apart);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LTTNG_HOME", home.toString());
        builder.environment().put("TZ", "UTC");
        Path log = home.resolve("relayd.log");
        Process process = builder.redirectOutput(log.toFile()).start();
        var relay = new RealRelay(process, loopback(ports.get(0)), loopback(ports.get(1)));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!listens(relay.control) || !listens(loopback(ports.get(2)))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                relay.close();
                throw new AssertionError("lttng-relayd: " + Files.readString(log));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return relay;
    }

    private static List<Integer> freePorts() throws IOException {
        try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var third = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static boolean listens(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    InetSocketAddress control() {
        return control;
    }

    InetSocketAddress data() {
        return data;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
