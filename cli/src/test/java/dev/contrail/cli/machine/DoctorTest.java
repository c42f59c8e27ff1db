// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import dev.contrail.cli.traced.TracedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `doctor` says of the session daemon and its run directory.
class DoctorTest {
    @TempDir Path directory;

    @Test
    void tellsThatNoDaemonRunsAndNoneIsMissed() {
        assertThat(doctor(User.at(directory)))
                .contains("ok    Session daemon: none runs; contrail create starts one\n")
                .contains("ok    Run directory: DIR/run\n")
                .startsWith("Java: " + Runtime.version());
    }

    @Test
    void tellsThatTheDaemonAnswers() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot");
            assertThat(doctor(user))
                    .contains("ok    Session daemon: it answers\n")
                    .doesNotContain("Session flight");
        }
    }

    @Test
    void namesTheSessionsThatWaitForADaemon() throws IOException {
        User user = User.withDaemon(directory);
        user.succeed("create trip");
        user.succeed("create flight --snapshot");
        user.succeed("enable-event -u count:*");
        user.succeed("start");
        user.endDaemon();
        assertThat(doctor(user))
                .contains("bad   Session daemon: none runs, and sessions wait for one: ")
                .contains("flight (active)", "trip")
                .contains(
                        "\n      fix: contrail sessiond --background, which takes them up again\n");
    }

    /// Whose name comes first among those of the machine.
    @Test
    void ringsOfAnotherDaemonThatRunsAreItsOwn() throws IOException {
        try (User owner = User.withDaemon(directory.resolve("owner"))) {
            owner.succeed("create +flight --snapshot");
            owner.succeed("enable-event -u count:*");
            owner.succeed("start");
            try (TracedProgram program = TracedProgram.start(owner.environment())) {
                program.tick(1);
            }
            String whose = "+flight (" + owner.runDirectory() + ")";
            User other = User.at(directory.resolve("other"));
            User.await("the ring", () -> doctor(owner).contains("ok    Rings: sessions keep 1 of"));
            assertThat(other.contrail("doctor").out())
                    .containsPattern(
                            "ok    Rings: sessions of other daemons keep [\\d,]+ of programs that have"
                                    + " ended, [\\d,]+ MiB: "
                                    + Pattern.quote(whose));
            assertThat(doctor(owner)).doesNotContain(whose);
        }
    }

    @Test
    void saysNothingWhenItShallBeQuiet() {
        assertThat(User.at(directory).contrail("-q doctor").out()).isEmpty();
    }

    @Test
    void namesStateThatCouldNotBeTakenUp() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create broken");
            user.endDaemon();
            try (var files = Files.walk(user.runDirectory().resolve("sessions"))) {
                for (Path each : files.filter(file -> file.endsWith("session")).toList()) {
                    Files.writeString(each, "nonsense\n");
                }
            }
            user.startDaemon();
            assertThat(doctor(user)).containsPattern("bad   .*could not be taken up");
        }
    }

    private static String doctor(User user) {
        return user.withoutChance(user.contrail("doctor").out());
    }
}
