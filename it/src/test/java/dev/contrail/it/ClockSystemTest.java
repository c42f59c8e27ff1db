// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The processor's counter as the clock of events, beside the system's.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClockSystemTest {
    /// The counter may be read ahead of what comes before it, and is steered once a second.
    private static final long MOST_OFF_NANOS = 2_000;

    private static final String WANTED = "-Dcontrail.clock=tsc";
    private static final String REFUSED = "contrail: contrail.clock=tsc is not followed, ";

    private static final String PROGRAM =
            """
            import dev.contrail.tracer.Field;
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Timing {
                @Provider("timing")
                public interface Events {
                    void at(@Field("before") long before);

                    void after(@Field("after") long after);
                }

                private static final Events EVENTS = Tracer.bind(Events.class);

                static void run() {
                    for (int i = 0; i < 500; i++) {
                        EVENTS.at(System.nanoTime());
                        EVENTS.after(System.nanoTime());
                        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                    }
                }

                public static void main(String[] arguments) throws Exception {
                    Thread other = new Thread(Timing::run);
                    other.start();
                    run();
                    other.join();
                    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                        String[] words = line.trim().split("\\s+");
                        if (words[1].equals("r-xp") && words.length == 5) {
                            System.out.println("a page of code");
                        }
                    }
                }
            }
            """;

    private static final Pattern LINE =
            Pattern.compile("^\\[0*(\\d+)\\].* timing:(at|after): .*vtid = (\\d+) }.* = (\\d+) }$");

    private static Machine.Result run(Machine machine, Path trace, String jdk, String... options)
            throws IOException, InterruptedException {
        String classPath = Machine.jar("tracer").toString();
        CompiledProgram.compile(
                machine.root(), "Timing", PROGRAM, "--release", "17", "-cp", classPath);
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "times", "-o", trace.toString());
        machine.succeed("enable-event", "-u", "timing:*");
        machine.succeed("start");
        var command = new ArrayList<String>();
        command.add(Needs.jdk(jdk).resolve("bin/java").toString());
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-cp", machine.root() + ":" + classPath, "Timing"));
        Machine.Result result = machine.run(command);
        assertThat(result.status()).isZero();
        machine.succeed("stop");
        return result;
    }

    /// Each time lies between what its thread has read before and after it.
    private static void assertTimes(Machine machine, Path trace)
            throws IOException, InterruptedException {
        List<String> lines =
                machine.succeed("view", trace.toString(), "--clock-cycles", "--no-delta")
                        .lines()
                        .toList();
        assertThat(lines).hasSize(2_000);
        var before = new HashMap<String, Long>();
        for (String line : lines) {
            Matcher event = LINE.matcher(line);
            assertThat(event.find()).as(line).isTrue();
            long time = Long.parseLong(event.group(1));
            long read = Long.parseLong(event.group(4));
            assertThat(time).as(line).isGreaterThanOrEqualTo(read - MOST_OFF_NANOS);
            if (event.group(2).equals("at")) {
                before.put(event.group(3), time);
            } else {
                assertThat(before.get(event.group(3)))
                        .as(line)
                        .isLessThanOrEqualTo(read + MOST_OFF_NANOS);
            }
        }
    }

    @Test
    void theCounterTellsTheTimeOfTheSystem() throws IOException, InterruptedException {
        Path source = Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");
        assumeTrue(Files.exists(source) && Files.readString(source).equals("tsc\n"));
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            String access = "--enable-native-access=ALL-UNNAMED";
            Machine.Result result = run(machine, trace, "own", WANTED, access);
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).isEqualTo("a page of code\n");
            assertTimes(machine, trace);
        }
    }

    /// Without leave no page is made executable, and nothing is printed but our one line.
    @Test
    void whereItCannotBeUsedItIsSaid() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Machine.Result result = run(machine, trace, "own", WANTED);
            assertThat(result.err()).startsWith(REFUSED).hasLineCount(1);
            assertThat(result.out()).isEmpty();
            assertTimes(machine, trace);
        }
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Machine.Result result = run(machine, trace, "17", WANTED);
            assertThat(result.err()).startsWith(REFUSED).contains("JDK 22").hasLineCount(1);
            assertTimes(machine, trace);
        }
    }
}
