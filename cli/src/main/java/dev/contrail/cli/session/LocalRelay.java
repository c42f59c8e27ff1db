// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.wire.RelayUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The relay daemon of this machine, which a live session without a URL goes to: started when there
/// is none, as `lttng create --live` does.
final class LocalRelay {
    private static final int CONNECT_MILLIS = 2000;
    private static final long START_SECONDS = 30;

    private LocalRelay() {}

    /// Starts one where nobody listens.
    static void spawnIfNeeded(Console console) throws IOException, Failure {
        if (isThere()) {
            return;
        }
        if (console.options().mayNotSpawn()) {
            throw new Failure(
                    "No relay daemon on this machine: contrail relayd -d starts one, -U net://HOST"
                            + " names another");
        }
        console.say("Spawning a relayd daemon");
        console.out().flush();
        String program = console.options().relaydPath();
        var command = new ArrayList<String>();
        if (program.isEmpty()) {
            command.addAll(List.of(Launcher.path().toString(), "relayd"));
        } else {
            command.add(program);
        }
        command.add("--background");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .start();
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new Failure("The relay daemon does not start: " + command.getFirst());
            }
            if (process.exitValue() != 0 || !isThere()) {
                String said =
                        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new Failure("The relay daemon does not start: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static boolean isThere() {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"), RelayUrl.CONTROL_PORT),
                    CONNECT_MILLIS);
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }
}
