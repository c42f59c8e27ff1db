// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A relay daemon as a program, on ports of its own, with what it stores below a machine's
/// directory. It may be killed and started again.
abstract class RelayProcess implements AutoCloseable {
    private final Machine machine;
    private final List<String> program;
    private final Path output;
    private final int control;
    private final int data;
    private final int live;
    private Process process;

    /// Starts it; it is ready after [#awaitReady].
    ///
    /// @param program the words before its options
    RelayProcess(Machine machine, List<String> program, Path output) throws IOException {
        this.machine = machine;
        this.program = program;
        this.output = output;
        try (var first = socket();
                var second = socket();
                var third = socket()) {
            control = first.getLocalPort();
            data = second.getLocalPort();
            live = third.getLocalPort();
        }
        process = launch();
    }

    private static ServerSocket socket() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    private Process launch() throws IOException {
        var command = new ArrayList<>(program);
        command.addAll(
                List.of(
                        "-C",
                        "tcp://127.0.0.1:" + control,
                        "-D",
                        "tcp://127.0.0.1:" + data,
                        "-L",
                        "tcp://127.0.0.1:" + live,
                        "-o",
                        output.toString()));
        return machine.start(command);
    }

    final void awaitReady() throws InterruptedException {
        for (int port : new int[] {control, data, live}) {
            Machine.await(
                    "port " + port + " of the relay",
                    () -> {
                        try (var socket = new Socket()) {
                            socket.connect(new InetSocketAddress("127.0.0.1", port));
                            return true;
                        } catch (IOException notYet) {
                            assertThat(process.isAlive()).as("relay lives").isTrue();
                            return false;
                        }
                    });
        }
    }

    /// Starts it again on the same ports.
    void restart() throws IOException, InterruptedException {
        process = launch();
        awaitReady();
    }

    /// With SIGKILL.
    void kill() throws InterruptedException {
        for (ProcessHandle each : process.descendants().toList()) {
            each.destroyForcibly();
            each.onExit().join();
        }
        process.destroyForcibly().waitFor();
    }

    String url() {
        return "net://127.0.0.1:%d:%d".formatted(control, data);
    }

    Process process() {
        return process;
    }

    int controlPort() {
        return control;
    }

    int dataPort() {
        return data;
    }

    String liveUrl() {
        return "net://127.0.0.1:" + live;
    }

    /// The directories of the sessions of that name, the oldest first.
    List<Path> sessions(String name) throws IOException {
        if (!Files.isDirectory(output)) {
            return List.of();
        }
        try (var below = Files.walk(output, 2)) {
            return below.filter(each -> each.getFileName().toString().startsWith(name + "-"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
    }
}
