// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.cli.User;
import dev.contrail.cli.User.Said;
import dev.contrail.cli.traced.Ticks;
import dev.contrail.cli.traced.TracedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is stored of programs: where it lies, that it is all there, and what is told of losses.
class RecordedTracesTest {
    private static final Pattern ACCOUNT =
            Pattern.compile(
                    "User space: .*; ([0-9,]+) recorded, ([0-9,]+) overwritten, ([0-9,]+) discarded");

    @TempDir Path directory;
    private User user;
    private Path trace;

    private record Account(long recorded, long overwritten, long discarded) {}

    @BeforeEach
    void open() throws IOException {
        user = User.withDaemon(directory);
        trace = directory.resolve("trace");
    }

    @AfterEach
    void close() throws IOException {
        user.close();
    }

    @Test
    void aDiskSessionIsLaidOutAsLttngDoes() throws IOException {
        user.succeed("create layout");
        user.succeed("enable-event -u count:*");
        user.succeed("start");
        run("tick 100");
        user.succeed("stop");
        List<Path> sessions = list(user.home().resolve("lttng-traces"));

        assertThat(sessions).hasSize(1);
        Path session = sessions.getFirst();
        assertThat(session.getFileName().toString()).matches("layout-\\d{8}-\\d{6}");
        Path owner = session.resolve("ust/uid/" + Files.getAttribute(session, "unix:uid"));
        Path stored = owner.resolve("64-bit");
        assertThat(list(owner)).containsExactly(stored);
        assertThat(stored.resolve("metadata")).isRegularFile();
        for (Path stream : Ticks.streams(session)) {
            assertThat(stream.getParent()).isEqualTo(stored);
            assertThat(stream.getFileName().toString()).matches("channel0_\\d+");
            assertThat(stored.resolve("index/" + stream.getFileName() + ".idx")).exists();
        }
        assertThat(list(stored)).hasSize(2 + Ticks.streams(session).size());
        Ticks.read(session).assertAll(1, 100);
    }

    @Test
    void theNewestFilesOfAStreamAreKeptWithinTheirBound() throws IOException {
        user.succeed("create bounded -o DIR/trace");
        user.succeed(
                "enable-channel -u c --subbuf-size 16k --num-subbuf 64 -C 32k --tracefile-count 3");
        user.succeed("enable-event -u count:* -c c");
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            for (int i = 1; i <= 5; i++) {
                program.tick(4_000);
                long emitted = i * 4_000L;
                User.await("the consumer", () -> account().recorded() == emitted);
            }
        }
        user.succeed("stop");
        List<Path> streams = Ticks.streams(trace);
        Ticks ticks = Ticks.read(trace);

        assertThat(streams).allMatch(file -> file.toString().matches(".*/c_\\d+_[0-2]"));
        for (Path stream : streams) {
            assertThat(Files.size(stream)).isLessThanOrEqualTo(32 * 1024);
        }
        assertThat(streams).hasSizeGreaterThanOrEqualTo(3);
        assertThat(ticks.stored()).isBetween(1_000L, 20_000L - 1);
        assertThat(ticks.threads().getFirst().length() - 1).isEqualTo(20_000);
    }

    @Test
    void readersAreToldExactlyWhatASlowConsumerHasCost() throws IOException {
        user.succeed("create slow -o DIR/trace");
        user.succeed("enable-channel -u c --subbuf-size 4k --num-subbuf 2");
        user.succeed("enable-event -u count:* -c c");
        user.succeed("start");
        run("ticks 2 50000");
        Said stopped = user.contrail("stop");
        Ticks ticks = Ticks.read(trace);

        assertThat(ticks.told()).isPositive();
        assertThat(ticks.stored() + ticks.told()).isEqualTo(100_000);
        assertThat(stopped.out())
                .contains("Warning: %d events were discarded".formatted(ticks.told()));
        assertThat(ticks.warned()).isBetween(1L, ticks.told());
    }

    @Test
    void threeLossModesOnOneProgramHaveAccountsOfTheirOwn() throws IOException {
        long total = 60_000;
        for (String options : List.of("discard 4k", "overwrite 4k --overwrite", "large 4M")) {
            String[] words = options.split(" ", 2);
            user.succeed("create %s -o DIR/%s".formatted(words[0], words[0]));
            user.succeed("enable-channel -u c --num-subbuf 4 --subbuf-size " + words[1]);
            user.succeed("enable-event -u count:* -c c");
            user.succeed("start");
        }
        run("ticks 2 30000");
        for (String mode : List.of("discard", "overwrite", "large")) {
            user.succeed("set-session " + mode);
            user.succeed("stop");
            Account account = account();
            Ticks ticks = Ticks.read(directory.resolve(mode));
            assertThat(ticks.stored() + ticks.told()).as(mode).isEqualTo(total);
            assertThat(account.recorded() + account.discarded()).as(mode).isEqualTo(total);
            if (mode.equals("large")) {
                ticks.assertAll(2, 30_000);
            } else {
                assertThat(ticks.told()).as(mode).isPositive();
            }
            assertThat(account.overwritten() + account.discarded())
                    .as(mode)
                    .isEqualTo(ticks.told());
            assertThat(account.overwritten() > 0).as(mode).isEqualTo(mode.equals("overwrite"));
        }
    }

    @Test
    void recordsOnlyWhileTheEventIsEnabled() throws IOException {
        user.succeed("create windows -o DIR/trace");
        user.succeed("enable-event -u count:*");
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(10);
            user.succeed("disable-event -u count:*");
            program.tick(10);
            user.succeed("enable-event -u count:*");
            program.tick(10);
            user.succeed("stop");
            program.tick(10);
            user.succeed("start");
            program.tick(10);
            user.succeed("disable-channel -u channel0");
            program.tick(10);
        }
        user.succeed("stop");

        var wanted = new BitSet();
        wanted.set(1, 11);
        wanted.set(21, 31);
        wanted.set(41, 51);
        assertThat(Ticks.read(trace).threads()).containsExactly(wanted);
        assertThat(account()).isEqualTo(new Account(30, 0, 0));
    }

    @Test
    void selectsByNameExclusionAndLevel() throws IOException {
        user.succeed("create names -o DIR/names");
        user.succeed("enable-event -u count:said");
        user.succeed("start");
        user.succeed("create exclusions -o DIR/exclusions");
        user.succeed("enable-event -u count:* -x count:tick");
        user.succeed("enable-event -j shop --loglevel WARNING");
        user.succeed("start");
        user.succeed("create loggers -o DIR/loggers");
        user.succeed("enable-event -j shop --loglevel-only INFO");
        user.succeed("start");
        run("tick 5", "say one", "log shop INFO two", "log shop SEVERE three", "log bar INFO four");
        user.succeed("stop names");
        user.succeed("stop exclusions");
        user.succeed("stop loggers");

        assertThat(messages("names")).containsExactly("one");
        assertThat(messages("exclusions")).containsExactly("one", "three");
        assertThat(messages("loggers")).containsExactly("two");
    }

    private List<String> messages(String session) {
        var found = new ArrayList<String>();
        Matcher matcher =
                Pattern.compile("(?:text|msg) = \"(\\w+)\"")
                        .matcher(user.succeed("view DIR/" + session));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /// The name of the ring is one that every locale can write.
    @ParameterizedTest
    @ValueSource(strings = {"en", "fa", "ar-u-nu-arab", "th-u-nu-thai"})
    void recordsAShortProgramWhollyInAnyLocale(String language) throws IOException {
        user.succeed("create short -o DIR/trace");
        user.succeed("enable-event -u count:*");
        user.succeed("start");
        user.with("JAVA_TOOL_OPTIONS", "-Duser.language=" + language).with("LC_ALL", "C");
        run("tick 3");
        user.succeed("stop");

        Ticks.read(trace).assertAll(1, 3);
    }

    @Test
    void aProgramIsListedWhileItRunsAndCountedAfterIt() throws IOException {
        user.succeed("create flight --snapshot");
        user.succeed("enable-event -u count:*");
        user.succeed("start");
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(1);
            String listed = user.succeed("list -u");
            assertThat(listed).contains("      jfr:GarbageCollection (loglevel: ");
            assertThat(listed)
                    .contains("\n      lttng_ust_statedump:end (loglevel: TRACE_DEBUG_LINE (13))");
            assertThat(listed.replaceAll("(?m)^      (jfr|lttng_ust_statedump):.*\\R", ""))
                    .containsPattern(
                            "JVMs with the tracer:\\R(.*\\R)*      %d ".formatted(program.pid()))
                    .startsWith(
                            """
                            UST events:
                            -------------

                            PID: %d - Name: Ticker
                                  count:said (loglevel: TRACE_DEBUG_LINE (13)) (type: tracepoint)
                                  count:tick (loglevel: TRACE_DEBUG_LINE (13)) (type: tracepoint)

                            """
                                    .formatted(program.pid()));
            assertThat(user.succeed("status")).contains("  JVMs:   1 recorded, 0 refused\n");
        }
        User.await("its end", () -> user.succeed("list -u").contains("None"));
        assertThat(account().recorded()).isEqualTo(1);
    }

    @Test
    void fieldsAreListedWithTheirTypes() throws IOException {
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.tick(1);
            assertThat(user.succeed("list -u -f").lines().map(String::strip))
                    .containsSubsequence(
                            "count:said (loglevel: TRACE_DEBUG_LINE (13)) (type: tracepoint)",
                            "field: text (string)",
                            "count:tick (loglevel: TRACE_DEBUG_LINE (13)) (type: tracepoint)",
                            "field: thread (integer)",
                            "field: number (integer)");
        }
    }

    @Test
    void loggersAreListedByName() throws IOException {
        try (TracedProgram program = TracedProgram.start(user.environment())) {
            program.order("log org.shop INFO hello");
            User.await("its logger", () -> user.succeed("list -j").contains("    - org.shop\n"));
        }
    }

    @Test
    void aKilledProgramIsStoredUpToItsLastEvent() throws IOException {
        user.succeed("create killed -o DIR/trace");
        user.succeed("enable-event -u count:*");
        user.succeed("start");
        for (int i = 0; i < 2; i++) {
            try (TracedProgram program = TracedProgram.start(user.environment())) {
                program.order("ticks 2 1000");
                program.kill();
            }
        }
        user.succeed("stop");

        Ticks.read(trace).assertAll(4, 1000);
        assertThat(account()).isEqualTo(new Account(4000, 0, 0));
    }

    private void run(String... orders) throws IOException {
        Said said = user.program(TracedProgram.command(orders));
        assertThat(said.status()).as(said.err()).isZero();
    }

    private Account account() {
        String status = user.succeed("status");
        Matcher matcher = ACCOUNT.matcher(status);
        assertThat(matcher.find()).as(status).isTrue();
        return new Account(number(matcher, 1), number(matcher, 2), number(matcher, 3));
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group).replace(",", ""));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
