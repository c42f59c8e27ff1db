// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.analysis.top.LocalFacts;
import dev.contrail.analysis.top.TopState;
import dev.contrail.analysis.top.TopView;
import dev.contrail.cli.console.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ScreenTest {
    private static final String UP = "\033[A";
    private static final String DOWN = "\033[B";
    private static final String RIGHT = "\033[C";
    private static final String END = "\033[F";

    @TempDir private Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EndSignals ending = new EndSignals(List.of());
    private final List<List<String>> stops = new CopyOnWriteArrayList<>();
    private Thread shown;

    @AfterEach
    void end() throws Exception {
        ending.end();
        if (shown != null) {
            shown.join();
        }
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private PaperTerminal show(int width, int height, boolean isColoured, String... words)
            throws IOException, Failure, UsageException {
        if (!folder.resolve("web").toFile().exists()) {
            OfficeTrace.write(folder.resolve("web"), "web");
        }
        TopSource source =
                TopSource.open("office", OpenSources.of(List.of(folder), List.of(), List.of()));
        opened.add(source);
        var line = new CommandLine(TopOptions.addTo(CommandSpec.create()));
        TopOptions options = TopOptions.of(line.parseArgs(words));
        var state = new TopState();
        var playback = new Playback(options.speed());
        Feed feed = ReaderFeed.played(source.messages(), state, playback, 1_000_000_000);
        opened.add(feed);
        var terminal = new PaperTerminal(width, height);
        var screen =
                new Screen(source, state, feed, playback, options, Theme.of(isColoured), ending);
        run(screen, terminal);
        return terminal;
    }

    private void run(Screen screen, PaperTerminal terminal) {
        shown =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                screen.run(
                                        new FullScreen(terminal, () -> stops.add(terminal.done())));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private static void await(PaperTerminal terminal, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(condition.getAsBoolean()).as(terminal.text()).isTrue();
    }

    private static void awaitText(PaperTerminal terminal, String text) {
        await(terminal, () -> terminal.text().contains(text));
    }

    /// The lines below the titles of the columns.
    private static List<String> rows(PaperTerminal terminal) {
        List<String> lines = terminal.lines();
        int titles = 0;
        while (titles < lines.size() && !lines.get(titles).matches(".*PID[v^ ].*")) {
            titles++;
        }
        return lines.subList(Math.min(titles + 1, lines.size()), lines.size());
    }

    private static String first(PaperTerminal terminal) {
        List<String> rows = rows(terminal);
        return rows.isEmpty() ? "" : rows.getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 200})
    void showsWhoHasTheProcessorsWithinTheLines(int width) throws Exception {
        PaperTerminal terminal = show(width, 24, true, "--speed", "1000");
        awaitText(terminal, "ended");
        terminal.press("t");
        awaitText(terminal, "since the begin");

        assertThat(terminal.lines()).hasSize(24).allMatch(line -> line.length() <= width);
        assertThat(terminal.lines().getFirst()).startsWith(" contrail top  office");
        assertThat(terminal.text())
                .contains("0[||", "100.0%]", "Lost 0 events, 0 packets", "1 Processes", "q quit");
        assertThat(first(terminal)).startsWith("   140 clerk-140");
        assertThat(rows(terminal).get(1)).startsWith("   139 clerk-139");
        assertThat(terminal.text().contains("WRITTEN")).isEqualTo(width == 200);
        assertThat(terminal.text().contains("4 Scheduling")).isEqualTo(width == 200);
        assertThat(terminal.hasStyles()).isTrue();
    }

    @Test
    void hasNoColoursWhereNoneAreWanted() throws Exception {
        PaperTerminal terminal = show(120, 24, false, "--speed", "1000");
        awaitText(terminal, "ended");

        assertThat(terminal.hasStyles()).isFalse();
    }

    @Test
    void pausesAndStepsAndChangesItsSpeed() throws Exception {
        PaperTerminal terminal = show(100, 24, true, "--speed", "0.001");
        awaitText(terminal, "00:00:01.0");
        terminal.press(" ");
        awaitText(terminal, "paused");
        terminal.press(".");
        awaitText(terminal, "00:00:02.0");
        terminal.press(".");
        awaitText(terminal, "00:00:03.0");
        assertThat(terminal.text()).contains("paused");

        terminal.press("++");
        awaitText(terminal, "paused x0.00400");
        terminal.press(" ");
        awaitText(terminal, "playing x0.00400");
        terminal.press("+".repeat(20));
        awaitText(terminal, "ended");
    }

    @Test
    void ordersByAnotherColumnAndTheOtherWayRound() throws Exception {
        PaperTerminal terminal = show(100, 24, true, "--speed", "1000", "--sort", "pid");
        awaitText(terminal, "ended");
        terminal.press("t");
        await(terminal, () -> first(terminal).startsWith("   101 clerk-101"));
        terminal.press("r");
        await(terminal, () -> first(terminal).startsWith("   140 clerk-140"));
        terminal.press(RIGHT);
        awaitText(terminal, "NAME^");
    }

    @Test
    void findsAndFiltersAndTellsAllAboutAProcess() throws Exception {
        PaperTerminal terminal = show(100, 24, true, "--speed", "1000");
        awaitText(terminal, "ended");
        terminal.press("t/clerk-105\r");
        awaitText(terminal, "   105 clerk-105");
        terminal.press("/nobody");
        awaitText(terminal, "no row has that");
        terminal.press("\025");
        awaitText(terminal, "Search: _");
        terminal.press("clerk-105\r");
        await(terminal, () -> !terminal.text().contains("Search"));
        terminal.press("\r");
        awaitText(terminal, "Process 105 clerk-105 on web");
        awaitText(terminal, "Scheduling");
        terminal.press("\033");
        awaitText(terminal, "THR");
        terminal.press("fclerk-11\r");
        awaitText(terminal, "only clerk-11");
        await(
                terminal,
                () -> rows(terminal).stream().filter(line -> line.contains("clerk")).count() == 10);
    }

    @Test
    void movesThroughRowsThatDoNotFit() throws Exception {
        PaperTerminal terminal = show(100, 24, true, "--speed", "1000");
        awaitText(terminal, "ended");
        terminal.press("t");
        awaitText(terminal, "since the begin");
        assertThat(terminal.text()).doesNotContain("clerk-101");
        terminal.press(END);
        awaitText(terminal, "clerk-101");
        terminal.press(UP + DOWN + "\033[H");
        await(terminal, () -> first(terminal).startsWith("   140 clerk-140"));
    }

    @Test
    void explainsEveryColumnOfEachView() throws Exception {
        PaperTerminal terminal = show(100, 60, true, "--speed", "1000");
        awaitText(terminal, "ended");
        for (int i = 0; i < TopView.values().length; i++) {
            TopView view = TopView.values()[i];
            terminal.press((i + 1) % 10 + "");
            awaitText(terminal, (i + 1) % 10 + " " + view.title());
            terminal.press("?");
            awaitText(terminal, "The columns of this view:");
            for (var column : view.columns()) {
                awaitText(terminal, column.help());
            }
            awaitText(terminal, "q, Ctrl-C");
            terminal.press("?");
        }
    }

    @Test
    void fillsATerminalThatChangesItsSize() throws Exception {
        PaperTerminal terminal = show(80, 24, true, "--speed", "1000");
        awaitText(terminal, "ended");
        terminal.resize(200, 50);
        awaitText(terminal, "4 Scheduling");
        assertThat(terminal.lines().getLast()).contains("q quit");
        terminal.press("?");
        terminal.resize(80, 60);
        awaitText(terminal, "another column; r: reversed");
        terminal.press("?");
        terminal.resize(36, 24);
        await(
                terminal,
                () -> terminal.lines().getFirst().matches(" contrail top  \\w+ \\d\\S+  ended *"));
        terminal.resize(20, 4);
        await(terminal, () -> terminal.lines().getFirst().startsWith(" contrail top"));
        terminal.resize(1, 1);
        terminal.resize(80, 24);
        awaitText(terminal, "q quit");
    }

    @Test
    void hasAColumnOfHostsWhereThereAreSeveral() throws Exception {
        OfficeTrace.write(folder.resolve("db"), "db");
        PaperTerminal terminal = show(100, 24, true, "--speed", "1000");
        awaitText(terminal, "ended");
        awaitText(terminal, "HOST");
        terminal.press("h");
        awaitText(terminal, "host ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "\003"})
    void leavesTheTerminalAsItWas(String key) throws Exception {
        PaperTerminal terminal = show(80, 24, true);
        await(terminal, () -> terminal.done().contains("alternate"));
        terminal.press(key);
        shown.join();

        assertThat(terminal.done())
                .startsWith("raw", "alternate", "hide cursor")
                .endsWith("show cursor", "close");
    }

    @Test
    void goesToTheViewBefore() throws Exception {
        PaperTerminal terminal = show(80, 24, true, "--speed", "1000");
        awaitText(terminal, "1 Processes");
        terminal.press("\033[Z");
        awaitText(terminal, "0 Lost");
        terminal.press("\033[Z\033[Z");
        awaitText(terminal, "8 Files");
        terminal.press("\t");
        awaitText(terminal, "9 Events");
    }

    /// The shell has its terminal while we are stopped, and we have it again then.
    @Test
    void givesTheTerminalBackWhileItIsStopped() throws Exception {
        PaperTerminal terminal = show(80, 40, true, "--speed", "1000");
        awaitText(terminal, "ended");
        terminal.press("\032");
        await(terminal, () -> Collections.frequency(terminal.done(), "raw") == 2);

        assertThat(stops).hasSize(1);
        assertThat(stops.getFirst()).endsWith("show cursor", "normal", "cooked");
        assertThat(terminal.done()).containsSubsequence("cooked", "raw", "alternate");
        terminal.press("?");
        awaitText(terminal, "Ctrl-Z");
    }

    /// What has happened is not shown as if it went on.
    @Test
    void showsThatNothingHappensAnyMore() throws Exception {
        OfficeTrace.write(folder.resolve("web"), "web");
        TraceReader stored = TraceReader.open(List.of(folder));
        var source =
                new TopSource(
                        "office",
                        List.of(new ThenSilence(stored, 0)),
                        List.of(),
                        true,
                        LocalFacts.NONE,
                        List.of(),
                        "",
                        List.of());
        opened.add(source);
        var line = new CommandLine(TopOptions.addTo(CommandSpec.create()));
        TopOptions options = TopOptions.of(line.parseArgs("--view", "events", "-d", "50ms"));
        TopState state = source.state();
        Feed feed = source.live(state);
        opened.add(feed);
        var terminal = new PaperTerminal(100, 24);
        run(
                new Screen(source, state, feed, new Playback(1), options, Theme.of(false), ending),
                terminal);

        awaitText(terminal, "No event in the last interval.");
        terminal.press("t");
        awaitText(terminal, "sched_switch");
    }
}
