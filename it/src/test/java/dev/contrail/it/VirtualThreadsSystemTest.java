// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each way of a virtual thread through its scheduler is recorded, with the carrier's id in the
/// system, and the program does what it does without us.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class VirtualThreadsSystemTest {
    private static final int THREADS = 10_000;
    private static final int PARKS = 3;

    private static final Pattern EVENT =
            Pattern.compile(
                    "jvm_vthread:(\\w+): .*vtid = (-?\\d+) .*thread_name = \"v\", java_thread_id ="
                            + " (\\d+)");

    private static final String PROGRAM =
            """
            import java.util.ArrayList;
            import java.util.List;
            import java.util.concurrent.atomic.AtomicInteger;
            import java.util.concurrent.locks.LockSupport;

            public class Parking {
                static final AtomicInteger SUM = new AtomicInteger();

                public static void main(String[] arguments) throws Exception {
                    int count = Integer.parseInt(arguments[0]);
                    int parks = Integer.parseInt(arguments[1]);
                    List<Thread> all = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        all.add(Thread.ofVirtual().name("v").start(() -> {
                            for (int j = 0; j < parks; j++) {
                                LockSupport.park();
                                SUM.incrementAndGet();
                            }
                        }));
                    }
                    for (int j = 1; j <= parks; j++) {
                        for (Thread each : all) {
                            while (each.getState() != Thread.State.WAITING) {
                                Thread.onSpinWait();
                            }
                        }
                        all.forEach(LockSupport::unpark);
                        while (SUM.get() < j * count) {
                            Thread.onSpinWait();
                        }
                    }
                    for (Thread each : all) {
                        each.join();
                    }
                    System.out.println(SUM);
                }
            }
            """;

    private static List<String> program(Machine machine) throws IOException {
        CompiledProgram.compile(machine.root(), "Parking", PROGRAM);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                machine.root().toString(),
                "Parking",
                Integer.toString(THREADS),
                Integer.toString(PARKS));
    }

    private static List<String> recorded(Machine machine) throws IOException, InterruptedException {
        List<String> program = program(machine);
        Machine.Result alone = machine.run(program);
        Path trace = machine.root().resolve("trace");
        var command = new ArrayList<>(List.of("record", "-u", "jvm_vthread:*", "-o"));
        command.add(trace.toString());
        command.add("--");
        command.addAll(program);
        Machine.Result result = machine.contrail(command.toArray(String[]::new));
        assertThat(result.status()).isEqualTo(alone.status()).isZero();
        assertThat(result.out()).isEqualTo(alone.out());
        assertThat(result.err()).contains(" recorded, 0 lost");
        return machine.succeed("view", trace.toString()).lines().toList();
    }

    @Test
    void eachStepIsRecordedInOrderByItsCarrier() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Map<String, String> steps = new HashMap<>();
            Map<String, String> carriers = new HashMap<>();
            Map<String, Integer> counts = new HashMap<>();
            for (String line : recorded(machine)) {
                Matcher event = EVENT.matcher(line);
                if (!event.find()) {
                    continue; // a thread of the JDK's
                }
                String step = event.group(1);
                String carrier = event.group(2);
                String thread = event.group(3);
                String before = steps.put(thread, step);
                counts.merge(step, 1, Integer::sum);
                switch (step) {
                    case "submit" -> assertThat(before).as(line).isIn(null, "unmount");
                    case "mount" -> {
                        assertThat(before).as(line).isEqualTo("submit");
                        assertThat(carriers.put(carrier, thread)).as(line).isNull();
                    }
                    case "unmount" -> {
                        assertThat(before).as(line).isEqualTo("mount");
                        assertThat(carriers.remove(carrier)).as(line).isEqualTo(thread);
                    }
                    default -> throw new AssertionError(line);
                }
            }
            int each = THREADS * (1 + PARKS);
            assertThat(counts).isEqualTo(Map.of("submit", each, "mount", each, "unmount", each));
            assertThat(steps).hasSize(THREADS);
        }
    }
}
