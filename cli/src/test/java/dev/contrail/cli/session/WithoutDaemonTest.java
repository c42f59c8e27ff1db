// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What commands say where no session daemon runs, and what the next one finds.
class WithoutDaemonTest {
    /// Keeps its arguments and fails.
    private static final String PROGRAM =
            """
            #!/bin/sh
            exec >"$0.out"
            for each; do echo "$each"; done
            exit 1
            """;

    private static final String NONE = "Error: No session daemon is available\n";
    private static final String HOW =
            "Error: No session daemon is available: contrail create starts one with a session,"
                    + " contrail sessiond --background one without\n";
    private static final String GO_ON =
            "A session daemon has ended and left sessions: contrail sessiond --background starts"
                    + " one that goes on with its sessions\n";

    @TempDir Path directory;

    /// With the statuses of lttng 2.13.9.
    @ParameterizedTest
    @CsvSource({
        "list, 1",
        "list -u, 1",
        "status, 1",
        "start, 19",
        "stop, 19",
        "enable-event -u b:*, 19",
        "enable-channel -u c, 1",
        "disable-channel -u c, 4",
        "disable-event -u b:*, 19",
        "snapshot record, 1",
        "set-session flight, 1",
        "destroy, 1",
        "sessiond --stop, 19",
    })
    void commandsSayHowToGoOnAfterADaemonHasEnded(String line, int status) throws IOException {
        User user = User.withDaemon(directory);
        user.succeed("create flight --snapshot");
        user.endDaemon();

        User.Said said = user.contrail("--no-sessiond " + line);
        assertThat(said.status()).isEqualTo(status);
        assertThat(said.out()).endsWith(GO_ON);
        assertThat(said.err()).contains("No session daemon is available").hasLineCount(1);
    }

    /// Commands that ask for sessions start a daemon that has them, where the one before has died:
    /// it has left its files.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "status",
                "start",
                "stop",
                "enable-event -u b:*",
                "snapshot record",
                "set-session flight",
                "destroy",
            })
    void anotherDaemonIsStartedForTheSessionsThatAreLeft(String line) throws IOException {
        User user = User.withDaemon(directory);
        user.succeed("create flight --snapshot");
        user.endDaemon();
        Files.writeString(user.places().pidFile(), "1\n");
        Path program = Files.writeString(directory.resolve("program"), PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        user.with("LTTNG_SESSIOND_PATH", program.toString());
        Files.write(user.places().optionsFile(), List.of("--no-kernel", "--group", "a group"));

        User.Said said = user.contrail(line);
        assertThat(directory.resolve("program.out"))
                .content()
                .isEqualTo("--no-kernel\n--group\na group\n");
        assertThat(said.err())
                .startsWith("The session daemon has died: another one takes over its sessions\n")
                .contains("Problem occurred while starting the session daemon; its log is ");
        assertThat(said.status()).isNotZero();
        assertThat(user.lttng(line).err())
                .contains("No session daemon is available")
                .doesNotContain("another one");
    }

    @Test
    void aDaemonThatWasToldToEndStaysEnded() throws IOException {
        User user = User.withDaemon(directory);
        user.succeed("create flight --snapshot");
        user.endDaemon();
        user.with("LTTNG_SESSIOND_PATH", "/bin/false");

        assertThat(user.contrail("list").err()).isEqualTo(NONE);
        assertThat(user.contrail("list").out()).isEqualTo(GO_ON);
    }

    @ParameterizedTest
    @CsvSource({
        "list, 1",
        "list -k, 1",
        "destroy, 1",
        "set-session flight, 1",
        "start flight, 19",
    })
    void commandsSayWhatStartsADaemonWhereThereNeverWasOne(String line, int status) {
        User user = User.at(directory);
        assertThat(user.contrail(line)).isEqualTo(new User.Said(status, "", said(line, HOW)));
        assertThat(user.lttng(line)).isEqualTo(new User.Said(status, "", said(line, NONE)));
    }

    /// This one, for instance.
    @ParameterizedTest
    @CsvSource({"list -u, UST", "list -j, jul"})
    void theJvmsOfTheMachineAreListedWithoutADaemon(String line, String what) {
        User user = User.at(directory);
        User.Said said = user.contrail(line);
        String error = "Error: Unable to list " + what + " events: ";

        assertThat(said.out())
                .startsWith("JVMs ")
                .contains("      " + ProcessHandle.current().pid() + " ");
        assertThat(said.err()).isEqualTo(HOW.replace("Error: ", error));
        assertThat(said.status()).isEqualTo(1);
        assertThat(user.lttng(line))
                .isEqualTo(new User.Said(1, "", NONE.replace("Error: ", error)));
    }

    /// Listing says first what it cannot do.
    private static String said(String line, String error) {
        return line.equals("list -k")
                ? error.replace("Error: ", "Error: Unable to list kernel events: ")
                : error;
    }

    @ParameterizedTest
    @CsvSource({"sessiond --stop", "-n create flight"})
    void whoNeedsOrWantsNoDaemonHearsOnlyThatThereIsNone(String line) {
        User.Said said = User.at(directory).contrail(line);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).isEqualTo(NONE);
        assertThat(said.status()).isIn(1, 19);
    }

    @Test
    void sessionsWaitForTheNextDaemon() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot");
            user.succeed("enable-event -u count:*");
            user.succeed("create trip -o DIR/trip");
            user.succeed("enable-channel -u c --subbuf-size 8k");
            user.succeed("enable-event -u 'shop:*' -c c --loglevel INFO");
            user.succeed("start");
            String flight = user.succeed("list flight");
            String trip = user.succeed("list trip");
            user.endDaemon();
            user.startDaemon();

            assertThat(user.succeed("list flight")).isEqualTo(flight);
            assertThat(user.succeed("list trip")).isEqualTo(trip).contains("trip: [active]");
            assertThat(user.succeed("destroy flight")).isEqualTo("Session flight destroyed\n");
        }
    }

    @Test
    void aSessionOutlivesAStateThatWasTornAtItsEnd() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create torn -o DIR/trace");
            user.succeed("enable-event -u count:*");
            user.succeed("start");
            user.endDaemon();
            for (Path file : stateFiles(user)) {
                Files.writeString(file, "3fd0a1", StandardOpenOption.APPEND);
            }
            user.startDaemon();

            assertSaid(
                    user,
                    """
                    $ contrail list
                    1 Available recording sessions:
                    1   1) torn [active]
                    1     Trace output: DIR/trace
                    1
                    1
                    1 Use contrail list <session_name> for more details
                    """);
        }
    }

    @Test
    void aDaemonPutsStateOfAnotherVersionAsideAndSaysSo() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create newer -o DIR/trace");
            user.endDaemon();
            var record = "contrail-state 9 another-layout";
            var checksum = new CRC32C();
            checksum.update(record.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            for (Path file : stateFiles(user)) {
                if (file.endsWith("session")) {
                    Files.writeString(file, "%08x %s%n".formatted(checksum.getValue(), record));
                }
            }
            user.startDaemon();

            User.Said listed = user.contrail("list");
            assertThat(listed.status()).isZero();
            assertThat(listed.out()).isEqualTo("Currently no available recording session\n");
            assertThat(listed.err())
                    .startsWith("Warning: ")
                    .contains("could not be taken up", "put aside")
                    .hasLineCount(1);
            try (Stream<Path> kept = Files.list(user.runDirectory().resolve("sessions"))) {
                assertThat(kept.map(each -> each.getFileName().toString()))
                        .hasSize(1)
                        .allMatch(name -> name.startsWith("unreadable-"));
            }
            user.succeed("create next --snapshot");
        }
    }

    private static Iterable<Path> stateFiles(User user) throws IOException {
        try (Stream<Path> files = Files.walk(user.runDirectory().resolve("sessions"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
