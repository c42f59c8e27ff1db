// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static dev.contrail.cli.Dialogue.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import dev.contrail.cli.User.Said;
import dev.contrail.cli.traced.TracedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `snapshot`: outputs and what is written to them.
class SnapshotTest {
    @TempDir Path directory;
    private User user;

    @BeforeEach
    void open() throws IOException {
        user = User.withDaemon(directory);
        user.succeed("create memory --snapshot -o DIR/here");
        user.succeed("enable-event -u count:*");
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    @Test
    void outputsAreAddedListedAndDeleted() {
        assertSaid(
                user,
                """
                $ contrail snapshot list-output
                1 Snapshot output list for session memory
                1     [1] snapshot-1: DIR/here
                $ contrail snapshot add-output DIR/more
                2 Error: Snapshot output already exists: contrail snapshot list-output shows it, del-output removes it
                = 1
                $ contrail snapshot del-output 1
                1 Snapshot output id 1 successfully deleted for session memory
                $ contrail snapshot list-output
                1 Snapshot output list for session memory
                1     None
                $ contrail snapshot add-output DIR/more
                1 Snapshot output successfully added for session memory
                1   [2] snapshot-2: DIR/more
                $ contrail snapshot add-output -n named --max-size 1M file://DIR/named
                2 Error: Snapshot output already exists: contrail snapshot list-output shows it, del-output removes it
                = 1
                $ contrail snapshot list-output
                1 Snapshot output list for session memory
                1     [2] snapshot-2: DIR/more
                $ contrail snapshot del-output named
                2 Error: Snapshot output named not found: contrail snapshot list-output shows those that there are
                = 1
                $ contrail snapshot list-output
                1 Snapshot output list for session memory
                1     [2] snapshot-2: DIR/more
                $ contrail snapshot del-output named
                2 Error: Snapshot output named not found: contrail snapshot list-output shows those that there are
                = 1
                $ contrail snapshot del-output 7
                2 Error: Snapshot output 7 not found: contrail snapshot list-output shows those that there are
                = 1
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1 | No action specified for snapshot command: want add-output, del-output, list-output or record",
                "rekord | 2 | Unrecognized argument used with 'snapshot' command: rekord: did you mean record?",
                "add-output | 1 | An output destination must be specified to add a snapshot output: contrail snapshot add-output DIR",
                "del-output | 1 | A snapshot output name or id must be provided to delete a snapshot output: contrail snapshot list-output shows them",
                "record -m lots | 1 | Unable to handle max-size value lots: want bytes, or a number with k, M or G, such as 64M",
                "record udp://host | 1 | Unable to parse the URL udp://host: URI parse unknown protocol udp://host",
                "record -C tcp://host | 1 | Both control and data URLs must be specified.",
                "record one two | 1 | Unknown argument: two (contrail help snapshot shows what there is)",
                "record --max-sise 1M | 2 | Unrecognized argument used with 'snapshot' command: --max-sise: did you mean --max-size?",
            })
    void whatCannotBeDoneIsRefused(String words, int status, String error) {
        assertThat(user.contrail("snapshot " + words))
                .isEqualTo(new Said(status, "", "Error: " + error + "\n"));
        assertThat(directory.resolve("here")).doesNotExist();
    }

    @Test
    void anInactiveSessionHasNothingToBeRecorded() {
        assertSaid(
                user,
                """
                $ contrail snapshot record
                2 Error: Session needs to be started once: contrail start memory
                = 1
                $ contrail create disk
                1 Session disk created.
                1 Traces will be output to DIR/home/lttng-traces/disk-TIME
                $ contrail snapshot record
                2 Error: Snapshot command can't be applied to a non-snapshot session: contrail create --snapshot makes one that keeps its records in memory
                = 1
                $ contrail snapshot list-output
                2 Error: Snapshot command can't be applied to a non-snapshot session: contrail create --snapshot makes one that keeps its records in memory
                = 1
                """);
    }

    @Test
    void snapshotsAreNamedAfterTheirOutputTimeAndNumberAndHoldEverything() throws IOException {
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.order("ticks 2 1000");
            Path first = record("");
            Path named = record("-n mine");
            user.succeed("snapshot del-output 1");
            user.succeed("snapshot add-output -n there DIR/other");
            Path added = record("");
            Path once = record("DIR/once");

            assertThat(first.getParent()).isEqualTo(directory.resolve("here"));
            assertThat(name(first)).matches("snapshot-1-\\d{8}-\\d{6}-0");
            assertThat(name(named)).matches("mine-\\d{8}-\\d{6}-1");
            assertThat(added.getParent()).isEqualTo(directory.resolve("other"));
            assertThat(name(added)).matches("there-\\d{8}-\\d{6}-2");
            assertThat(once.getParent()).isEqualTo(directory.resolve("once"));
            for (Path each : new Path[] {first, named, added, once}) {
                assertThat(user.succeed("view " + each).lines()).hasSize(2000);
            }
            assertThat(user.succeed("view " + first)).isEqualTo(user.succeed("view " + added));
        }
    }

    @Test
    void aSnapshotTellsWhatIsInItAndIsTheTraceThatViewShows() throws IOException {
        user.succeed("start");
        assertThat(user.contrail("view"))
                .isEqualTo(
                        new Said(
                                1,
                                "",
                                "Error: Session memory has no snapshot yet: contrail snapshot"
                                        + " record -s memory\n"));
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(3);
            String said = user.withoutChance(user.succeed("snapshot record"));
            assertThat(said.replaceAll("\\d+\\.\\d s", "N s"))
                    .isEqualTo(
                            """
                            Snapshot recorded successfully for session memory
                            Snapshot written at: DIR/here/snapshot-1-TIME-0
                            User space: N s of history in memory; 3 recorded, 0 overwritten, 0 discarded
                            """);
            program.tick(2);
            user.succeed("snapshot record");
            Said shown = user.contrail("view");
            assertThat(shown.out().lines()).hasSize(5);
            assertThat(user.withoutChance(shown.err()))
                    .isEqualTo("Trace: DIR/here/snapshot-1-TIME-1 (session memory)\n");
        }
    }

    @Test
    void aBoundKeepsTheNewestEvents() throws IOException {
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(50_000);
            Path bounded = record("--max-size 200k");
            Said tooSmall = user.contrail("snapshot record --max-size 1k");

            assertThat(streamBytes(bounded)).isBetween(30_000L, 200L * 1024);
            assertThat(user.succeed("view --tail 1 " + bounded)).contains("number = 50000 }");
            assertThat(tooSmall.status()).isEqualTo(1);
            assertThat(tooSmall.err())
                    .startsWith("Error: ")
                    .contains("max size 1024 is too small")
                    .hasLineCount(1);
        }
    }

    @Test
    void eachSnapshotSessionHasItsOwnHistory() throws IOException {
        user.succeed("start");
        user.succeed("create other --snapshot -o DIR/other");
        user.succeed("enable-event -u count:said");
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(4).order("say hello");
            Path all = record("-s memory");
            Path said = record("-s other");
            assertThat(user.succeed("view " + all).lines()).hasSize(5);
            assertThat(user.succeed("view " + said).lines())
                    .singleElement()
                    .asString()
                    .contains(
                            " count:said: { vpid = " + program.pid() + ", procname = \"Ticker\" }")
                    .endsWith("{ text = \"hello\" }");
        }
    }

    private Path record(String words) {
        String prefix = "Snapshot written at: ";
        return user.succeed("snapshot record " + words)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> Path.of(line.substring(prefix.length())))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static long streamBytes(Path trace) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(trace)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                boolean isIndex = each.getParent().endsWith("index");
                bytes += isIndex || each.endsWith("metadata") ? 0 : Files.size(each);
            }
        }
        return bytes;
    }
}
