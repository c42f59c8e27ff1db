// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Places;
import dev.contrail.relay.RelaySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RelayOptionsTest {
    @TempDir private Path home;

    private static DaemonLine line(String... words) {
        return new DaemonLine(
                new CommandLine(new RelaydCommand().spec())
                        .setOverwrittenOptionsAllowed(true)
                        .parseArgs(words),
                Map.of());
    }

    private RelaySettings settings(String... words) throws Failure, IOException {
        return RelayOptions.settings(
                line(words), new Places(0, home, home.resolve("run")), home.resolve("trust"));
    }

    @Test
    void listensWhereOthersMayConnect() throws Failure, IOException {
        assertThat(settings().control().getAddress().isLoopbackAddress()).isTrue();
        assertThat(settings("--plain", "127.0.0.1").live().getAddress().isLoopbackAddress())
                .isTrue();
        RelaySettings open = settings("--plain", "192.0.2.1");
        assertThat(open.control().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(open.data().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(open.live().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(RelayOptions.strangers(open)).containsExactly("192.0.2.1");
        assertThat(RelayOptions.strangers(settings("--plain", "127.0.0.1,0.0.0.0"))).isEmpty();
    }

    /// Those of lttng-relayd(8), but for those of every command (--help, --list-options).
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-b",
                "--background",
                "-f /dev/null",
                "--config=/dev/null",
                "-d",
                "--daemonize",
                "-x",
                "--disallow-clear",
                "--fd-pool-size=200",
                "-g tracing",
                "--group=tracing",
                "-w /",
                "--working-directory=/",
                "-v",
                "-v -v -v",
                "-vvv",
                "--verbose",
                "-p",
                "--group-output-by-host",
                "-s",
                "--group-output-by-session",
                "-o /traces",
                "--output=/traces",
                "-C tcp://127.0.0.1:1",
                "--control-port=tcp://127.0.0.1:1",
                "-D tcp://127.0.0.1:1",
                "--data-port=tcp://localhost:1",
                "-L tcp://127.0.0.1:1",
                "--live-port=tcp://[::1]:1",
                "-V",
                "--version",
                "--pidfile=/pid",
                "--sig-parent"
            })
    void takesEachOptionOfLttngs(String words) throws Failure, IOException {
        assertThat(settings(words.split(" "))).isNotNull();
    }

    @Test
    void tellsTheDaemonInTheBackgroundWhatItIsTold() throws Failure, IOException {
        String[] words = {
            "--daemonize",
            "--retain-bytes",
            "10G",
            "--retain-age",
            "168h",
            "--plain",
            "127.0.0.1",
            "--disallow-clear",
            "--group-output-by-session"
        };
        assertThat(RelayBackground.options(line(words), settings(words)))
                .containsSequence("--retain-bytes", "10G")
                .containsSequence("--retain-age", "168h")
                .containsSequence("--plain", "127.0.0.1")
                .contains("--disallow-clear", "--group-output-by-session")
                .doesNotContain("--daemonize");
        var configured =
                new DaemonLine(
                        new CommandLine(new RelaydCommand().spec()).parseArgs("-d"),
                        Map.of("--retain-age", "1h"));
        assertThat(RelayBackground.options(configured, settings("-d")))
                .containsSequence("--retain-age", "1h");
    }
}
