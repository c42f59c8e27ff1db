// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events of JFR beside the program's own: which, when, in which thread; and JFR is as before.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JfrSystemTest {
    private static final Pattern LINE =
            Pattern.compile(
                    "\\[([0-9]+\\.[0-9]{9})] .*? ((?:jfr|mark):[A-Za-z_]+): .*?vtid = (-?[0-9]+) }(.*)");

    /// By how much the two clocks may disagree.
    private static final long CLOCK_NANOS = 20_000;

    private Machine machine;

    private record Event(long nanos, String name, long vtid, String fields) {
        boolean isMark(String name, String what) {
            return this.name.equals("mark:" + name) && fields.contains("\"" + what + "\"");
        }
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        machine = Machine.open();
        machine.succeed("sessiond", "--background", "--no-kernel");
    }

    @AfterEach
    void end() throws IOException {
        machine.close();
    }

    private void session(String... create) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("create"));
        words.addAll(List.of(create));
        machine.succeed(words.toArray(String[]::new));
        machine.succeed("enable-event", "-u", "mark:*");
        machine.succeed(
                "enable-event",
                "-u",
                "jfr:GarbageCollection,jfr:JavaMonitorEnter,jfr:ThreadPark,jfr:SocketRead"
                        + ",jfr:JavaExceptionThrow,jfr:VirtualThread*");
        machine.succeed("enable-event", "-u", "jfr:FileWrite,jfr:FileRead", "--threshold", "0ns");
        machine.succeed("start");
    }

    private static List<Event> events(String text) {
        var events = new ArrayList<Event>();
        for (String line : text.lines().toList()) {
            Matcher found = LINE.matcher(line);
            assertThat(found.find()).as(line).isTrue();
            events.add(
                    new Event(
                            Long.parseLong(found.group(1).replace(".", "")),
                            found.group(2),
                            Long.parseLong(found.group(3)),
                            found.group(4)));
        }
        return events;
    }

    private static String agent() {
        return "-javaagent:" + Machine.jar("tracer");
    }

    /// Each of them once in each round, in the main thread, between its marks.
    private static void assertRounds(List<Event> events, int rounds, boolean hasVirtual) {
        for (String each : JfrProgram.DONE) {
            String what = each.substring(0, each.indexOf(' '));
            String name = "jfr:" + each.substring(each.indexOf(' ') + 1);
            List<Event> before = events.stream().filter(e -> e.isMark("before", what)).toList();
            List<Event> after = events.stream().filter(e -> e.isMark("after", what)).toList();
            assertThat(before).as(what).hasSize(rounds);
            assertThat(after).as(what).hasSize(rounds);
            for (int i = 0; i < rounds; i++) {
                long from = before.get(i).nanos - CLOCK_NANOS;
                long until = after.get(i).nanos + CLOCK_NANOS;
                long main = before.get(i).vtid;
                List<Event> found =
                        events.stream()
                                .filter(e -> e.name.equals(name))
                                .filter(e -> e.nanos >= from && e.nanos <= until)
                                .filter(e -> e.vtid == main || what.equals("gc"))
                                .filter(e -> what.equals("gc") || e.fields.contains("at Doing."))
                                .toList();
                assertThat(found).as("%s in round %d", name, i).hasSize(1);
            }
        }
        if (hasVirtual) {
            Event pinned =
                    events.stream()
                            .filter(e -> e.name.equals("jfr:VirtualThreadPinned"))
                            .findFirst()
                            .orElseThrow();
            assertThat(pinned.vtid).isNegative();
            assertThat(pinned.fields).contains("at Doing$Slow.<clinit>");
            assertThat(events)
                    .anySatisfy(e -> {
                        assertThat(e.name).isEqualTo("jfr:VirtualThreadStart");
                        assertThat(e.vtid).isEqualTo(pinned.vtid);
                    });
        }
    }

    private static void assertInOrder(List<Event> events) {
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).nanos).isGreaterThanOrEqualTo(events.get(i - 1).nanos);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void areInTheTraceAtTheirTimeAndOfTheirThread(String jdk)
            throws IOException, InterruptedException {
        Path trace = machine.root().resolve("trace");
        session("disk", "--output", trace.toString());
        JfrProgram program = JfrProgram.start(machine, jdk, agent());
        program.order("round");
        program.order("round");
        machine.succeed("stop");
        Machine.Account account = machine.account();
        assertThat(account.discarded()).isZero();

        String ours = machine.succeed("view", trace.toString(), "--clock-seconds", "--no-delta");
        List<Event> events = events(ours);
        assertThat(events).hasSize((int) account.recorded());
        assertInOrder(events);
        assertRounds(events, 2, jdk.equals("own"));
        Needs.tool("babeltrace2");
        Machine.Result theirs =
                machine.run(
                        List.of("babeltrace2", "--clock-seconds", "--no-delta", trace.toString()));
        List<String> expected = theirs.out().lines().toList();
        List<String> lines = ours.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo(expected.get(i));
        }
        assertThat(lines).hasSameSizeAs(expected);
        assertThat(theirs.err()).isEmpty();
        program.exit();
    }

    /// A snapshot has what happened until it was asked for, though JFR tells it later.
    @Test
    void areInASnapshot() throws IOException, InterruptedException {
        session("kept", "--snapshot", "--output", machine.root().resolve("kept").toString());
        JfrProgram program = JfrProgram.start(machine, "own", agent());
        program.order("round");
        Path snapshot = machine.snapshot();
        List<Event> events =
                events(
                        machine.succeed(
                                "view", snapshot.toString(), "--clock-seconds", "--no-delta"));
        assertInOrder(events);
        assertRounds(events, 1, true);
        program.exit();
    }

    /// Viewers get everything in order, some seconds late, and never wait for what does not come.
    @Test
    void areShownLiveInOrder() throws IOException, InterruptedException {
        OurRelay relay = OurRelay.start(machine);
        try {
            session("watched", "--live=100000", "-U", relay.url());
            JfrProgram program = JfrProgram.start(machine, "own", agent());
            program.order("tell");
            String url =
                    machine.succeed("view", relay.liveUrl())
                            .lines()
                            .findFirst()
                            .orElseThrow()
                            .split(" ")[0];
            Viewer ours =
                    viewer("ours", Machine.checkout().resolve("contrail").toString(), "view", url);
            Machine.await(
                    "the viewer",
                    () -> contrail("view", relay.liveUrl()).contains("1 client(s) connected"));
            for (int round = 1; round <= 3; round++) {
                program.order("round");
                int rounds = round;
                Machine.await("round " + round, () -> ours.rounds() == rounds);
            }
            machine.succeed("stop");
            machine.succeed("destroy");
            String text = ours.end();
            List<Event> events = events(text);
            assertInOrder(events);
            assertRounds(events, 3, true);
            program.exit();
        } finally {
            relay.close();
        }
    }

    private String contrail(String... words) throws IOException {
        try {
            return machine.contrail(words).out();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private record Viewer(Process process, Path out) {
        /// How many rounds it has shown to their ends.
        long rounds() throws IOException {
            return marks(Files.readString(out), "after", "virtual");
        }

        String end() throws IOException, InterruptedException {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(Files.readString(Path.of(out + ".err"))).isEmpty();
            return Files.readString(out);
        }
    }

    private Viewer viewer(String name, String... words) throws IOException {
        Path out = machine.root().resolve(name);
        var command =
                new ArrayList<>(
                        List.of("sh", "-c", "exec \"$@\" >" + out + " 2>" + out + ".err", name));
        command.addAll(List.of(words));
        command.addAll(List.of("--clock-seconds", "--no-delta"));
        return new Viewer(machine.start(command), out);
    }

    private static long marks(String text, String name, String what) {
        return text.lines()
                .filter(line -> line.contains("mark:" + name) && line.contains("\"" + what + "\""))
                .count();
    }

    /// An application's own recording has its settings while we record, and after.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void jfrIsAsBefore(String jdk) throws IOException, InterruptedException {
        JfrProgram program =
                JfrProgram.start(
                        machine,
                        jdk,
                        agent(),
                        "-XX:StartFlightRecording:settings=none,+jdk.ThreadPark#enabled=true,"
                                + "+jdk.ThreadPark#threshold=1h");
        List<String> before = program.order("tell");
        assertThat(before).contains("recordings 1", "enabled jdk.ThreadPark");
        session("disk", "--output", machine.root().resolve("trace").toString());
        List<String> during = program.order("tell");
        assertThat(during)
                .contains("recordings 3", "enabled jdk.GarbageCollection", "thread contrail-jfr");
        program.order("round");
        machine.succeed("disable-event", "-u", "jfr:ThreadPark");
        machine.succeed("stop");
        machine.succeed("destroy");
        assertThat(program.order("tell")).isEqualTo(before);
        session("again", "--output", machine.root().resolve("again").toString());
        program.order("round");
        machine.succeed("stop");
        machine.succeed("destroy");
        assertThat(machine.succeed("view", machine.root().resolve("again").toString()))
                .contains(" jfr:GarbageCollection: ");
        assertThat(program.order("tell")).isEqualTo(before);
        program.exit();
    }

    /// Nothing of JFR is touched where nobody names it, whatever else is recorded or listed.
    @Test
    void isNotTouchedByRulesThatDoNotNameIt() throws IOException, InterruptedException {
        machine.succeed("create", "all", "--output", machine.root().resolve("trace").toString());
        machine.succeed("enable-event", "-u", "-a");
        machine.succeed("start");
        JfrProgram program = JfrProgram.start(machine, "own", agent(), "-Xlog:class+load");
        program.order("round");
        assertThat(program.all()).noneMatch(line -> line.contains(" jdk.jfr.internal.JVM "));
        assertThat(machine.succeed("list", "-u"))
                .contains("jfr:GarbageCollection", "jfr:ThreadPark", "mark:before");
        program.exit();
    }

    /// What JFR has not told by the end of the program cannot be had, which is said.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheEndTakesIsSaid(boolean isKilled) throws IOException, InterruptedException {
        Path trace = machine.root().resolve("trace");
        session("disk", "--output", trace.toString());
        JfrProgram program = JfrProgram.start(machine, "own", agent());
        program.order("round");
        if (isKilled) {
            program.process().destroyForcibly().waitFor();
        } else {
            program.exit();
        }
        String missing = "s after JFR had told its last events: those of that time are missing";
        Machine.await("what is missing", () -> contrail("status").contains(missing));
        machine.succeed("stop");
        List<Event> events =
                events(machine.succeed("view", trace.toString(), "--clock-seconds", "--no-delta"));
        assertInOrder(events);
        assertThat(events).anyMatch(each -> each.isMark("after", "virtual"));
        assertThat(machine.account().recorded()).isEqualTo(events.size());
    }

    /// Those of the thread that the event is of, recorded or asked for by a filter.
    @Test
    void contextsAreThoseOfTheEventsThread() throws IOException, InterruptedException {
        Path trace = machine.root().resolve("trace");
        machine.succeed("create", "disk", "--output", trace.toString());
        for (String channel : List.of("all", "main", "virtual")) {
            machine.succeed("enable-channel", "-u", channel);
        }
        for (String type : List.of("thread_name", "java_thread_id", "virtual_thread")) {
            machine.succeed("add-context", "-u", "-c", "all", "-t", type);
        }
        String rule = "jfr:ThreadPark,jfr:VirtualThreadPinned";
        machine.succeed("enable-event", "-u", "-c", "all", rule);
        String isMain = "$ctx.thread_name == \"main\" && $ctx.virtual_thread == 0";
        machine.succeed("enable-event", "-u", "-c", "main", rule, "-f", isMain);
        String isVirtual = "$ctx.virtual_thread == 1 && $ctx.vtid < 0";
        machine.succeed("enable-event", "-u", "-c", "virtual", rule, "-f", isVirtual);
        machine.succeed("start");
        JfrProgram program = JfrProgram.start(machine, "own", agent());
        program.order("round");
        machine.succeed("stop");
        List<String> lines = machine.succeed("view", trace.toString()).lines().toList();
        List<String> main = lines.stream().filter(each -> each.contains("\"main\"")).toList();
        assertThat(main)
                .isNotEmpty()
                .filteredOn(each -> each.contains("java_thread_id = "))
                .allMatch(each -> !each.contains("thread_name") || each.contains("\"main\", java"));
        assertThat(main.stream().filter(each -> each.contains("thread_name = \"main\"")))
                .hasSize(main.size() / 2)
                .allMatch(each -> each.contains("virtual_thread = 0"));
        List<String> virtual = lines.stream().filter(each -> each.contains("vtid = -")).toList();
        assertThat(virtual).isNotEmpty();
        assertThat(virtual.stream().filter(each -> each.contains("virtual_thread = 1")))
                .hasSize(virtual.size() / 2);
        program.exit();
    }

    /// A program without JFR is recorded, and says what it does not have.
    @Test
    void aProgramWithoutJfrRefusesInWords() throws IOException, InterruptedException {
        session("disk", "--output", machine.root().resolve("trace").toString());
        CompiledProgram.compile(
                machine.root(),
                "Reading",
                "public class Reading { public static void main(String[] arguments) throws Exception"
                        + " { System.in.read(); } }");
        Process program =
                machine.start(
                        List.of(
                                Needs.jdk("own").resolve("bin/java").toString(),
                                "--limit-modules",
                                "java.base,java.instrument",
                                agent(),
                                "-cp",
                                machine.root().toString(),
                                "Reading"));
        Machine.await(
                "the refusal",
                () ->
                        contrail("status")
                                .contains("no JFR in this program: its Java has no module"));
        assertThat(machine.succeed("list", "-u")).contains("jfr:* (no JFR in this program");
        program.getOutputStream().close();
        assertThat(program.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(program.exitValue()).isZero();
    }

    /// Settings are those of the rule, and the session that has others is not concerned.
    @Test
    void aThresholdIsOneSessions() throws IOException, InterruptedException {
        for (String[] each : new String[][] {{"all", "0ns"}, {"long", "55ms"}}) {
            machine.succeed(
                    "create", each[0], "--output", machine.root().resolve(each[0]).toString());
            machine.succeed(
                    "enable-event", "-u", "jfr:ThreadPark", "--threshold", each[1], "--stack=1");
            machine.succeed("start");
        }
        assertThat(machine.succeed("list", "long"))
                .contains("jfr:ThreadPark", "[settings: threshold=55ms stack=1]");
        JfrProgram program = JfrProgram.start(machine, "own", agent());
        program.order("round");
        machine.succeed("stop", "all");
        machine.succeed("stop", "long");
        String all = machine.succeed("view", machine.root().resolve("all").toString());
        String some = machine.succeed("view", machine.root().resolve("long").toString());
        assertThat(all.lines().count()).isGreaterThan(some.lines().count());
        assertThat(some)
                .contains("stack = \"at jdk.internal.misc.Unsafe.park\\n... ")
                .doesNotContain("at Doing.");
        Pattern duration = Pattern.compile("duration_ns = ([0-9]+)");
        for (String line : some.lines().toList()) {
            Matcher found = duration.matcher(line);
            assertThat(found.find()).isTrue();
            assertThat(Long.parseLong(found.group(1))).isGreaterThanOrEqualTo(55_000_000);
        }
        program.exit();
    }

    /// A profile of the JDK, of a command that knows nothing of us.
    @Test
    void aProfileIsRecordedOfACommand() throws IOException, InterruptedException {
        JfrProgram.compile(machine);
        Path trace = machine.root().resolve("trace");
        var command = new ArrayList<>(List.of("record", "-u", "none:*", "--jfr", "profile", "-o"));
        command.addAll(List.of(trace.toString(), "--"));
        command.addAll(JfrProgram.command(machine, "own"));
        command.add("round");
        Machine.Result recorded = machine.contrail(command.toArray(String[]::new));
        assertThat(recorded.status()).as(recorded.err()).isZero();
        assertThat(machine.succeed("view", trace.toString()))
                .contains("jfr:JVMInformation", "jfr:GCConfiguration", "jfr:GCHeapSummary")
                .doesNotContain("mark:before");
    }

    private static final String FAILING =
            """
            import dev.contrail.tracer.Field;
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;
            import java.util.concurrent.locks.LockSupport;

            public class Failing {
                @Provider("mark")
                public interface Events {
                    void before(@Field("round") int round);

                    void after(@Field("round") int round);
                }

                static volatile Object sink;

                public static void main(String[] arguments) {
                    Events marks = Tracer.bind(Events.class);
                    for (int i = 0; i < 80; i++) { // JFR hands its events on once a second
                        marks.before(i);
                        LockSupport.parkNanos(20_000_000);
                        marks.after(i);
                        try {
                            sink = new long[1 << 28];
                        } catch (OutOfMemoryError e) {
                            LockSupport.parkNanos(80_000_000);
                        }
                    }
                }
            }
            """;

    /// Whose events are recorded for other threads, when they are found.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void keepTheirTimesBesideErrorsOfTheJvm(String jdk) throws IOException, InterruptedException {
        String tracer = Machine.jar("tracer").toString();
        CompiledProgram.compile(
                machine.root(), "Failing", FAILING, "--release", "17", "-cp", tracer);
        Path trace = machine.root().resolve("trace");
        machine.succeed("create", "failing", "--output", trace.toString());
        machine.succeed("enable-event", "-u", "mark:*,jvm:error,lttng_ust_statedump:*");
        machine.succeed("enable-event", "-u", "jfr:ThreadPark", "--threshold", "10ms");
        machine.succeed("start");
        String path = machine.root() + ":" + tracer;
        List<String> program =
                List.of(
                        Needs.jdk(jdk).resolve("bin/java").toString(),
                        agent(),
                        "-Xmx64m",
                        "-cp",
                        path,
                        "Failing");
        assertThat(machine.run(program).status()).isZero();
        machine.succeed("stop");
        String text = machine.succeed("view", trace.toString(), "--clock-seconds", "--no-delta");
        assertThat(text.lines().filter(each -> each.contains("jvm:error: "))).hasSize(80);
        List<Event> events =
                events(
                        text.lines()
                                .filter(each -> each.matches(".* (jfr|mark):.*"))
                                .collect(Collectors.joining("\n")));
        assertInOrder(events);
        List<Event> parks = events.stream().filter(e -> e.name.equals("jfr:ThreadPark")).toList();
        for (int i = 0; i < 50; i++) {
            String round = "round = " + i + " ";
            long from = timeOf(events, "mark:before", round) - CLOCK_NANOS;
            long until = timeOf(events, "mark:after", round) + CLOCK_NANOS;
            assertThat(parks)
                    .as(round)
                    .filteredOn(e -> e.nanos >= from && e.nanos <= until)
                    .filteredOn(e -> e.fields.contains("at Failing.main"))
                    .hasSize(1);
        }
    }

    private static long timeOf(List<Event> events, String name, String field) {
        return events.stream()
                .filter(e -> e.name.equals(name) && e.fields.contains(field))
                .findFirst()
                .orElseThrow()
                .nanos;
    }
}
