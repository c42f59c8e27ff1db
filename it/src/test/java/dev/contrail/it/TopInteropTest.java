// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.PacketContext;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.Scope;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The figures of `contrail top` beside those of LTTng's own analyses, of the same traces.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class TopInteropTest {
    private static final Pattern THREAD =
            Pattern.compile("([\\d.]+) %\\s+.* \\((\\d+)\\)\\s+(\\d+)\\s+\\[.*");
    private static final Pattern CPU = Pattern.compile("([\\d.]+) % CPU (\\d+)");
    private static final Pattern OF_THREAD = Pattern.compile("TID: (\\d+)\\)");
    private static final Pattern CALL =
            Pattern.compile(
                    "^ - (\\S+)\\s+(\\d+)\\s+([\\d.]+)\\s+([\\d.]+)\\s+([\\d.]+)\\s+(\\S+)\\s+\\{.*");
    private static final Pattern ROW = Pattern.compile("\\{([^{}]*)\\}");
    private static final Pattern CELL = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|[^,]*)");

    /// Real traces of LTTng's.
    @ParameterizedTest
    @ValueSource(strings = {"bug446190", "flipping-endianness", "many-threads"})
    void agreesOnTracesOfLttng(String name) throws IOException, InterruptedException {
        needPeers();
        Path traces = corpus();
        try (Machine machine = Machine.open()) {
            Path kernel = Files.createDirectory(machine.root().resolve(name)).resolve("kernel");
            Files.createSymbolicLink(kernel, traces.resolve("kernel/" + name + "/trace"));

            compare(machine, kernel);
        }
    }

    @Test
    void agreesOnATraceOfOurs() throws IOException, InterruptedException {
        needPeers();
        Needs.kernel();
        Needs.tool("perl");
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "topped", "-o", trace.toString());
            machine.succeed(
                    "enable-event",
                    "-k",
                    "sched_switch,sched_wakeup,sched_migrate_task,sched_process_fork");
            machine.succeed("enable-event", "-k", "--syscall", "-a");
            machine.succeed("start");
            machine.run(
                    List.of(
                            "perl",
                            "-e",
                            "getpriority(0, 0) for 1 .. 5000; for (1 .. 5) { system('true'); }"));
            machine.succeed("stop");

            compare(machine, trace.resolve("kernel"));
        }
    }

    private static void needPeers() {
        Needs.tool("lttng-cputop");
        Needs.tool("lttng-syscallstats");
    }

    private static Path corpus() {
        for (Path folder = Machine.checkout(); folder != null; folder = folder.getParent()) {
            Path traces = folder.resolve("shared/traces");
            if (Files.isDirectory(traces)) {
                return traces;
            }
        }
        assumeTrue(false, "no corpus beside the checkout: shared/traces is absent");
        throw new AssertionError();
    }

    /// Where lttng-cputop guesses (`docs/differences.md`): before a processor's first switch, and
    /// where a switch was not recorded, as between threads of a recorder that records nothing of
    /// its own.
    private static final class Guesses {
        private long begin = Long.MIN_VALUE;
        private long end;
        private final Map<Long, Long> current = new HashMap<>();

        /// Threads that left a processor which another one had got, and the other one.
        private final Set<Long> threads = new HashSet<>();

        /// Processors that a thread left which had got them, unseen, from the idle one.
        private final Set<Long> cpus = new HashSet<>();

        /// Threads that each processor was seen to have.
        private final Map<Long, Set<Long>> had = new HashMap<>();

        /// How long each processor was idle before its first switch, as far as it was.
        private final Map<Long, Long> idle = new HashMap<>();

        static Guesses of(Path trace) throws IOException {
            var guesses = new Guesses();
            try (TraceReader reader = TraceReader.open(List.of(trace))) {
                while (reader.nextEvent()) {
                    guesses.add(reader.event());
                }
            }
            return guesses;
        }

        private void add(EventRecord event) {
            end = event.nanos();
            if (begin == Long.MIN_VALUE) {
                begin = end;
            }
            if (!event.name().equals("sched_switch")) {
                return;
            }
            long cpu = (Long) new PacketContext(event.decoder()).fields().get("cpu_id");
            Map<String, Object> fields = event.fields(Scope.PAYLOAD);
            long previous = (Long) fields.get("prev_tid");
            boolean isFirst = !idle.containsKey(cpu);
            if (isFirst) {
                idle.put(cpu, previous == 0 ? end - begin : 0);
            }
            long expected = current.getOrDefault(cpu, previous);
            if (expected != previous) {
                threads.add(previous);
                threads.add(expected);
                if (expected == 0) {
                    cpus.add(cpu);
                }
            }
            current.put(cpu, (Long) fields.get("next_tid"));
            Set<Long> its = had.computeIfAbsent(cpu, _ -> new HashSet<>());
            its.add(previous);
            its.add((Long) fields.get("next_tid"));
        }

        /// Whether a thread may have got a processor unseen: its calls are the peer's nobody's.
        boolean mayHaveRunUnseen(long thread) {
            return cpus.stream().anyMatch(each -> had.get(each).contains(thread));
        }
    }

    private static void compare(Machine machine, Path kernel)
            throws IOException, InterruptedException {
        Guesses guesses = Guesses.of(kernel);
        Map<String, List<Map<String, String>>> ours = ours(machine, kernel);
        String top = peer(machine, "lttng-cputop", kernel, "--limit", "0");
        var threads = new TreeMap<Long, List<String>>();
        var cpus = new TreeMap<Long, Double>();
        for (String line : top.split("\n")) {
            Matcher thread = THREAD.matcher(line);
            if (thread.find()) {
                threads.put(
                        Long.valueOf(thread.group(2)), List.of(thread.group(1), thread.group(3)));
            }
            Matcher cpu = CPU.matcher(line);
            if (cpu.find()) {
                cpus.put(Long.valueOf(cpu.group(2)), Double.valueOf(cpu.group(1)));
            }
        }
        threads.remove(0L); // the idle threads, which we do not show
        var ourThreads = new TreeMap<Long, List<String>>();
        for (Map<String, String> row : ours.get("threads")) {
            if (row.get("tid").equals("null")) {
                continue; // nobody's
            }
            if (!guesses.cpus.isEmpty() && row.get("run").equals("0")) {
                continue; // woken on such a processor, and another thread got it
            }
            ourThreads.put(
                    Long.valueOf(row.get("tid")),
                    List.of(
                            "%.2f".formatted(Double.valueOf(row.get("cpu"))),
                            row.get("migrations")));
        }
        threads.keySet().removeAll(guesses.threads);
        ourThreads.keySet().removeAll(guesses.threads);
        assertThat(ourThreads).isNotEmpty().isEqualTo(threads);

        double duration = guesses.end - guesses.begin;
        assertThat(ours.get("cpus")).hasSize(cpus.size());
        for (Map<String, String> row : ours.get("cpus")) {
            long cpu = Long.parseLong(row.get("cpu"));
            if (guesses.cpus.contains(cpu)) {
                continue;
            }
            double theirs = cpus.get(cpu) - guesses.idle.get(cpu) * 100 / duration;
            assertThat(Double.parseDouble(row.get("usage")))
                    .as("CPU %d", cpu)
                    .isCloseTo(theirs, within(0.0051));
        }
        Map<String, String> theirs = calls(peer(machine, "lttng-syscallstats", kernel));
        Map<String, String> our = calls(ours.get("thread-syscalls"));
        for (String each : List.copyOf(our.keySet())) {
            long thread = Long.parseLong(each.split(" ")[0]);
            if (!our.get(each).equals(theirs.get(each)) && guesses.mayHaveRunUnseen(thread)) {
                String known = Optional.ofNullable(theirs.remove(each)).orElse("0");
                assertThat(count(our.remove(each))).as(each).isGreaterThanOrEqualTo(count(known));
            }
        }
        assertThat(our).isEqualTo(theirs);
    }

    private static long count(String call) {
        return Long.parseLong(call.split(" ")[0]);
    }

    /// By thread and call: count, minimum, average, maximum, deviation, as the peer prints them.
    private static Map<String, String> calls(String printed) {
        var calls = new TreeMap<String, String>();
        String thread = "";
        for (String line : printed.split("\n")) {
            Matcher of = OF_THREAD.matcher(line);
            if (of.find()) {
                thread = of.group(1);
            }
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                calls.put(
                        thread + " " + call.group(1),
                        "%s %s %s %s %s"
                                .formatted(
                                        call.group(2),
                                        micros(1000 * Double.parseDouble(call.group(3))),
                                        micros(1000 * Double.parseDouble(call.group(4))),
                                        micros(1000 * Double.parseDouble(call.group(5))),
                                        call.group(6).equals("?")
                                                ? "?"
                                                : micros(
                                                        1000 * Double.parseDouble(call.group(6)))));
            }
        }
        return calls;
    }

    private static Map<String, String> calls(List<Map<String, String>> rows) {
        var calls = new TreeMap<String, String>();
        for (Map<String, String> row : rows) {
            boolean isFew = Long.parseLong(row.get("count")) < 3; // of which the peer says nothing
            calls.put(
                    row.get("tid") + " " + row.get("syscall").replace("\"", ""),
                    "%s %s %s %s %s"
                            .formatted(
                                    row.get("count"),
                                    micros(Double.parseDouble(row.get("minimum"))),
                                    micros(Double.parseDouble(row.get("average"))),
                                    micros(Double.parseDouble(row.get("maximum"))),
                                    isFew
                                            ? "?"
                                            : micros(Double.parseDouble(row.get("deviation")))));
        }
        return calls;
    }

    private static String micros(double nanos) {
        return new BigDecimal(nanos / 1000).setScale(3, RoundingMode.HALF_EVEN).toString();
    }

    private static String peer(Machine machine, String tool, Path kernel, String... more)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(tool, "--no-progress", "--no-intersection"));
        words.add("--skip-validation");
        words.addAll(List.of(more));
        words.add(kernel.toString());
        Machine.Result result = machine.run(words);
        assertThat(result.status()).as(result.err()).isZero();
        return result.out();
    }

    /// The rows of each view.
    private static Map<String, List<Map<String, String>>> ours(Machine machine, Path kernel)
            throws IOException, InterruptedException {
        Machine.Result result =
                machine.contrail(
                        "top",
                        "--json",
                        "--view",
                        "threads,cpus,thread-syscalls",
                        kernel.toString());
        assertThat(result.status()).as(result.err()).isZero();
        Map<String, List<Map<String, String>>> views = new HashMap<>();
        for (String line : result.lines()) {
            var rows = new ArrayList<Map<String, String>>();
            Matcher row = ROW.matcher(line.substring(line.indexOf("\"rows\"")));
            while (row.find()) {
                Map<String, String> cells = new HashMap<>();
                Matcher cell = CELL.matcher(row.group(1));
                while (cell.find()) {
                    cells.put(cell.group(1), cell.group(2));
                }
                rows.add(cells);
            }
            views.put(line.replaceFirst("\\{\"view\":\"([\\w-]+)\".*", "$1"), rows);
        }
        return views;
    }
}
