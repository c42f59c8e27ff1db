// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import dev.contrail.cli.traced.TracedProgram;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `status` fits a screen; that of the entry point `lttng` is LTTng's.
class StatusTest {
    @TempDir Path directory;

    @Test
    void showsASnapshotSessionInAFewLines() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot -o DIR/there");
            user.succeed("enable-event -u count:*,shop:*");
            user.succeed("disable-event -u shop:*");
            user.succeed("enable-event -j --all");
            user.succeed("start");
            try (TracedProgram program = TracedProgram.start(user.environment())) {
                program.tick(7).order("log shop INFO hello");
                User.await(
                        "its record, and that it has a handler now",
                        () -> {
                            String status = user.succeed("status");
                            return status.contains("; 1 recorded") && !status.contains("no agent");
                        });
                assertThat(settled(user, user.succeed("status")))
                        .isEqualTo(
                                """
                                Recording session flight: [active snapshot]
                                  Since:  DATE (N s)
                                  Output: in memory; snapshots go to DIR/there
                                  Rules:  2 enabled; contrail list flight shows them and the channels
                                  JVMs:   1 recorded, 0 refused
                                User space: N s of history in memory; 7 recorded, 0 overwritten, 0 discarded
                                java.util.logging (JUL): N s of history in memory; 1 recorded, 0 overwritten, 0 discarded
                                """);
            }
        }
    }

    @Test
    void namesAPatternThatMatchesNothingOfTheProgramsThatRun() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot");
            user.succeed("enable-event -u cuont:*,count:*");
            user.succeed("start");
            assertThat(user.succeed("status")).doesNotContain("matches nothing");
            try (TracedProgram program = TracedProgram.start(user.environment())) {
                program.tick(1);
                User.await("its record", () -> user.succeed("status").contains("; 1 recorded"));
                assertThat(user.succeed("status"))
                        .contains(
                                "  `cuont:*` matches nothing of the programs that run (did you mean"
                                        + " `count:*`?); seen: count:")
                        .doesNotContain("`count:*` matches");
                user.succeed("stop");
                assertThat(user.succeed("status")).doesNotContain("matches nothing");
            }
        }
    }

    @Test
    void whatProgramsDoNotAnnounceIsNotUnmatched() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot");
            user.succeed(
                    "enable-event -u count:*,logback:*,logback:com.shop.*,jfr:ThreadSleep,lttng_ust_statedump:*");
            user.succeed("enable-event -u --method com.shop.Cart.add");
            user.succeed("enable-event -j -a");
            user.succeed("enable-event --log4j2 -a");
            user.succeed("start");
            try (TracedProgram program = TracedProgram.start(user.environment())) {
                program.tick(1);
                User.await(
                        "its records",
                        () -> user.succeed("status").matches("(?s).*User space:[^;]*; [1-9].*"));
                assertThat(user.succeed("status")).doesNotContain("matches nothing");
            }
        }
    }

    @Test
    void eventsOfJfrAreComparedWithThoseOfJfr() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot");
            user.succeed("enable-event -u jfr:ThreadSlep");
            user.succeed("start");
            try (TracedProgram program = TracedProgram.start(user.environment())) {
                program.tick(1);
                User.await(
                        "what JFR has",
                        () ->
                                user.succeed("status")
                                        .contains(
                                                "  `jfr:ThreadSlep` matches nothing of the programs that run (did"
                                                        + " you mean `jfr:ThreadSleep`?); seen: jfr:"));
            }
        }
    }

    @Test
    void showsASessionThatHasNoRuleYet() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create night -o DIR/night");
            assertThat(settled(user, user.succeed("status")))
                    .isEqualTo(
                            """
                            Recording session night: [inactive]
                              Since:  DATE (N s)
                              Output: DIR/night
                              Rules:  0 enabled; contrail list night shows them and the channels
                            """);
        }
    }

    @Test
    void ofLttngShowsChannelsAndRulesAsListDoes() throws IOException {
        try (User user = User.withDaemon(directory)) {
            user.succeed("create flight --snapshot");
            user.succeed("enable-event -u count:*");
            user.lttng("set-session flight");
            assertThat(user.lttng("status").out())
                    .startsWith(user.lttng("list flight").out())
                    .contains("      Sub-buffer size:  524288 bytes\n")
                    .contains("      count:* (type: tracepoint) [enabled]\n");
        }
    }

    /// Without the directory, the date and how much time it took.
    private static String settled(User user, String text) {
        return user.withoutChance(text)
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "DATE")
                .replaceAll("\\b\\d+(\\.\\d)? s\\b", "N s");
    }
}
