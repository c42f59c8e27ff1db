// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Our viewers of a live session at our relay daemon: as processes that are killed and come again.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ViewerSystemTest {
    private static final int THREADS = 3;
    private static final Pattern TICK = Pattern.compile("thread = (\\d+), number = (\\d+) ");

    private Machine machine;
    private OurRelay relay;
    private String live;
    private String url;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        machine = Machine.open();
        relay = OurRelay.start(machine);
        live = relay.liveUrl();
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "watched", "--live=50000", "-U", relay.url());
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
        url = machine.succeed("view", live).lines().findFirst().orElseThrow().split(" ")[0];
    }

    @AfterEach
    void end() throws IOException {
        if (relay != null) {
            relay.close();
        }
        machine.close();
    }

    /// A viewer that appends what it shows to a file.
    private Process viewer(Path out, String... words) throws IOException {
        var command = new ArrayList<>(List.of("view", url));
        command.addAll(List.of(words));
        return start(out, command.toArray(String[]::new));
    }

    /// A command that appends what it says to a file, and what it warns of to another.
    private Process start(Path out, String... words) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                "sh",
                                "-c",
                                "exec \"$@\" >>" + out + " 2>>" + out + ".err",
                                words[0],
                                Machine.checkout().resolve("contrail").toString()));
        command.addAll(List.of(words));
        return machine.start(command);
    }

    private static long lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /// Each number of each thread, once.
    private static void assertAll(Path shown, long[] emitted) throws IOException {
        List<BitSet> numbers = new ArrayList<>();
        for (int i = 0; i < emitted.length; i++) {
            numbers.add(new BitSet());
        }
        for (String line : Files.readAllLines(shown)) {
            Matcher tick = TICK.matcher(line);
            assertThat(tick.find()).as(line).isTrue();
            BitSet of = numbers.get(Integer.parseInt(tick.group(1)));
            int number = Integer.parseInt(tick.group(2));
            assertThat(of.get(number)).as("twice: %s", line).isFalse();
            of.set(number);
        }
        for (int i = 0; i < emitted.length; i++) {
            BitSet of = numbers.get(i);
            assertThat((long) of.cardinality())
                    .as(
                            "thread %d: %d is missing, the next one is %d, the last %d",
                            i,
                            of.nextClearBit(1),
                            of.nextSetBit(of.nextClearBit(1)),
                            of.length() - 1)
                    .isEqualTo(emitted[i]);
        }
    }

    private void assertQuiet(Path out) throws IOException {
        assertThat(Files.readString(Path.of(out + ".err"))).isEmpty();
    }

    @Test
    void aViewerThatIsKilledGoesOnWhereItWas() throws IOException, InterruptedException {
        Path out = machine.root().resolve("shown");
        long seed = System.nanoTime();
        var random = new Random(seed);
        Counter counter = Counter.start(machine, THREADS, 0, 300_000);
        for (int kill = 0; kill < 8; kill++) {
            long more = random.nextInt(6000);
            long until = lines(out) + more;
            Process viewer = viewer(out, "--as", "bob", "--from-beginning");
            Machine.await("%d lines (seed %d)".formatted(until, seed), () -> lines(out) >= until);
            viewer.destroyForcibly().waitFor();
        }
        long[] emitted = counter.end();
        machine.succeed("stop");
        machine.succeed("destroy");
        Process last = viewer(out, "--as", "bob", "--from-beginning");
        assertThat(last.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertThat(last.exitValue()).isZero();
        assertQuiet(out);
        assertAll(out, emitted);
    }

    /// The next daemon knows of all streams, also of those that are quiet: viewers wait for what
    /// they have to say.
    @Test
    void showsWhatTheNextDaemonSends() throws IOException, InterruptedException {
        Counter counter = Counter.start(machine, THREADS, 0, 1_000_000);
        Path out = machine.root().resolve("shown");
        Process viewer = viewer(out, "--from-beginning");
        for (int i = 0; i < 3; i++) {
            long until = lines(out) + 1000;
            Machine.await(until + " lines", () -> lines(out) >= until);
            machine.killDaemon();
            machine.succeed("sessiond", "--background", "--no-kernel");
        }
        long before = counter.total();
        Machine.await("what came after the last kill", () -> lines(out) > before);
        long[] emitted = counter.end();
        Machine.await("the last event", () -> lines(out) == counter.total());
        machine.succeed("stop");
        machine.succeed("destroy");
        assertThat(viewer.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertQuiet(out);
        assertAll(out, emitted);
    }

    /// A JVM that has ended says nothing to the next relay daemon, which has its streams all the
    /// same: while the session goes on and when it has ended.
    @Test
    void whatHadEndedBeforeARestartIsShown() throws IOException, InterruptedException {
        Counter first = Counter.start(machine, 1, 500, 0);
        first.await(500);
        first.end();
        Path warm = machine.root().resolve("warm");
        Process before = viewer(warm, "--from-beginning");
        Machine.await("all of it at the relay", () -> lines(warm) == 500);
        relay.kill();
        relay.restart();
        Machine.await("its producer", () -> machine.succeed("view", live).contains("watched"));
        Counter second = Counter.start(machine, 1, 300, 0);
        second.await(300);
        second.end();
        Path joined = machine.root().resolve("joined");
        Process late = viewer(joined, "--from-beginning");
        Machine.await("both of them", () -> lines(joined) == 800);
        machine.succeed("stop");
        machine.succeed("destroy");
        assertThat(late.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(before.waitFor(1, TimeUnit.MINUTES)).isTrue();
        Path ended = machine.root().resolve("ended");
        assertThat(viewer(ended, "--from-beginning").waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lines(joined)).isEqualTo(800);
        assertThat(lines(ended)).isEqualTo(800);
        assertQuiet(ended);
    }

    /// Each at its own place; the session can be read when it has ended.
    @Test
    void manyViewersEachSeeAll() throws IOException, InterruptedException {
        Counter counter = Counter.start(machine, THREADS, 5000, 100_000);
        counter.await(3000);
        var shown = new ArrayList<Path>();
        var viewers = new ArrayList<Process>();
        for (int i = 0; i < 4; i++) {
            Path out = machine.root().resolve("shown-" + i);
            shown.add(out);
            viewers.add(viewer(out, "--from-beginning"));
        }
        long[] emitted = counter.join();
        machine.succeed("stop");
        machine.succeed("destroy");
        Path late = machine.root().resolve("late");
        shown.add(late);
        viewers.add(viewer(late, "--from-beginning"));
        for (Process each : viewers) {
            assertThat(each.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(each.exitValue()).isZero();
        }

        for (Path each : shown) {
            assertQuiet(each);
            assertAll(each, emitted);
        }
        assertThat(machine.succeed("view", live)).contains("/watched (timer = 50000, ended,");
    }

    @Test
    void whoIsInterruptedGoesOnInAPipeToo() throws IOException, InterruptedException {
        Counter counter = Counter.start(machine, THREADS, 0, 300_000);
        Path out = machine.root().resolve("shown");
        for (int i = 0; i < 3; i++) {
            long until = lines(out) + 3000;
            Process viewer =
                    machine.start(
                            List.of(
                                    "bash",
                                    "-c",
                                    "env --default-signal=INT \"$@\" 2>>"
                                            + out
                                            + ".err > >(cat >>"
                                            + out
                                            + ") & echo $! >"
                                            + out
                                            + ".pid; wait $!",
                                    "viewer",
                                    Machine.checkout().resolve("contrail").toString(),
                                    "view",
                                    url,
                                    "--as",
                                    "bob",
                                    "--from-beginning"));
            Machine.await("%d lines".formatted(until), () -> lines(out) >= until);
            machine.run(List.of("kill", "-INT", Files.readString(Path.of(out + ".pid")).strip()));
            assertThat(viewer.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        long[] emitted = counter.end();
        machine.succeed("stop");
        machine.succeed("destroy");
        Process last = viewer(out, "--as", "bob", "--from-beginning");
        assertThat(last.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertQuiet(out);
        assertAll(out, emitted);
    }

    @Test
    void saysWhatItCannotDo() throws IOException, InterruptedException {
        assertThat(machine.contrail("view", url, "--as", "../x").err())
                .contains("a viewer cannot be called `../x`");
        assertThat(
                        machine.contrail(
                                        "view",
                                        url,
                                        "--as",
                                        "bob",
                                        "--output-format=ctf",
                                        "--output",
                                        machine.root().resolve("copy").toString())
                                .err())
                .contains("--as is for text and json");
        assertThat(machine.contrail("view", machine.root().toString(), "--as", "bob").err())
                .contains("--as is for sessions of relay daemons");
        // Of this relay the session daemon knows the ports for producers only.
        assertThat(machine.contrail("view", "watched").err())
                .contains("contrail view net://127.0.0.1:PORT/host/")
                .contains("below its output directory");
    }

    private void killAndRestartRelay() throws IOException, InterruptedException {
        relay.kill();
        relay.restart();
        Machine.await(
                "the viewer",
                () -> contrail("view", live).lines().anyMatch(ViewerSystemTest::isWatched));
    }

    private static boolean isWatched(String listed) {
        return listed.matches(".*/watched .* [1-9]\\d* client\\(s\\) connected.*");
    }

    /// One viewer all the time.
    @Test
    void aRelayThatIsKilledCostsAViewerNothing() throws IOException, InterruptedException {
        Path out = machine.root().resolve("shown");
        Counter counter = Counter.start(machine, THREADS, 0, 300_000);
        Process viewer = viewer(out, "--as", "bob", "--from-beginning");
        for (int kill = 0; kill < 3; kill++) {
            long until = lines(out) + 3000;
            Machine.await("%d lines".formatted(until), () -> lines(out) >= until);
            killAndRestartRelay();
        }
        long[] emitted = counter.end();
        machine.succeed("stop");
        machine.succeed("destroy");
        assertThat(viewer.waitFor(1, TimeUnit.MINUTES)).isTrue();

        String stored = relay.sessions("watched").getFirst().toString();
        assertThat(machine.succeed("view", stored).lines().count())
                .as("events that are stored")
                .isEqualTo(counter.total());
        assertThat(viewer.exitValue()).isZero();
        assertAll(out, emitted);
        assertThat(Files.readString(Path.of(out + ".err")))
                .contains("trying again for 60 s")
                .contains("it is there again, and nothing is missed");
    }

    /// While the viewer was away.
    @Test
    void aSessionThatEndedIsReadOnAfterRestartsOfTheRelay()
            throws IOException, InterruptedException {
        Path out = machine.root().resolve("shown");
        Counter counter = Counter.start(machine, THREADS, 0, 300_000);
        Process viewer = viewer(out, "--as", "bob", "--from-beginning");
        Machine.await("3,000 lines", () -> lines(out) >= 3000);
        viewer.destroyForcibly().waitFor();
        long[] emitted = counter.end();
        machine.succeed("stop");
        machine.succeed("destroy");
        String listed = machine.succeed("view", live);
        assertThat(listed).contains("/watched (timer = 50000, ended,");

        relay.kill();
        relay.restart();
        assertThat(machine.succeed("view", live)).isEqualTo(listed);
        Process last = viewer(out, "--as", "bob", "--from-beginning");
        assertThat(last.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(last.exitValue()).isZero();
        assertQuiet(out);
        assertAll(out, emitted);

        relay.process().destroy();
        assertThat(relay.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
        relay.restart();
        Path late = machine.root().resolve("late");
        Process other = viewer(late);
        assertThat(other.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertQuiet(late);
        assertAll(late, emitted);
        assertThat(machine.succeed("view", url, "--as", "bob")).isEmpty(); // it has had all
    }

    /// What it has missed is said, and told as lost packets.
    @Test
    void aViewerWithoutANameGoesOnToo() throws IOException, InterruptedException {
        Path out = machine.root().resolve("shown");
        Counter counter = Counter.start(machine, THREADS, 0, 300_000);
        Process viewer = viewer(out, "--from-beginning");
        Path top = machine.root().resolve("top");
        start(top, "top", "--json", "-r", url);
        Machine.await("3,000 lines", () -> lines(out) >= 3000);
        Machine.await("figures", () -> Files.readString(top).contains("count:tick"));
        killAndRestartRelay();
        long until = lines(out) + 3000;
        Machine.await("%d lines".formatted(until), () -> lines(out) >= until);
        Machine.await("top", () -> Files.readString(Path.of(top + ".err")).contains("not shown"));
        counter.end();
        machine.succeed("destroy");
        assertThat(viewer.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertThat(viewer.exitValue()).isZero();
        assertThat(Files.readAllLines(out)).doesNotHaveDuplicates();
        assertThat(Files.readString(Path.of(out + ".err")))
                .contains("relay %s: it is there again; ".formatted(live.substring(6)))
                .contains("is not shown: a viewer with a name (--as NAME) misses nothing");
        assertThat(Files.readString(Path.of(top + ".err"))).doesNotContain("--as");
    }

    private String contrail(String... words) throws IOException {
        try {
            return machine.contrail(words).out();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
