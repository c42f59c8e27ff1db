// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// There is one tracefs on a machine: other daemons, in other namespaces too, and other users of
/// ftrace are beside ours.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SharedTracefsSystemTest {
    /// Starts a daemon with `/run` and process ids of its own, and ends it.
    private static final String CONTAINER =
            """
            mount -t tmpfs tmpfs /run
            export LTTNG_RUNDIR=/run/other HOME=/run/other
            mkdir $HOME
            "$0" sessiond --background --pidfile /run/other.pid || exit 1
            "$0" list
            kill $(cat /run/other.pid)
            while kill -0 $(cat /run/other.pid) 2>/dev/null; do sleep 0.1; done
            """;

    private static void begin(Machine machine, Path trace)
            throws IOException, InterruptedException {
        machine.succeed("create", "kernel", "-o", trace.toString());
        machine.succeed("enable-event", "-k", "sched_switch");
        machine.succeed("start");
    }

    @Test
    void aDaemonInAContainerLeavesALivingDaemonsInstanceAlone()
            throws IOException, InterruptedException {
        Needs.kernel();
        Needs.root();
        try (Machine machine = Machine.open()) {
            begin(machine, machine.root().resolve("trace"));
            Path instance = Instances.of(machine);
            startElsewhere(machine);

            assertThat(Instances.read(instance, "tracing_on")).isEqualTo("1");
            assertThat(Instances.read(instance, "set_event")).contains("sched:sched_switch");
        }
    }

    @Test
    void aDaemonInAContainerLeavesAKilledDaemonsInstanceAlone()
            throws IOException, InterruptedException {
        Needs.kernel();
        Needs.root();
        try (Machine machine = Machine.open()) {
            begin(machine, machine.root().resolve("trace"));
            Path instance = Instances.of(machine);
            machine.killDaemon();
            startElsewhere(machine);
            assertThat(Instances.read(instance, "tracing_on")).isEqualTo("1");
            machine.restartDaemon();
            machine.succeed("destroy", "kernel");

            assertThat(instance).doesNotExist();
        }
    }

    private static void startElsewhere(Machine machine) throws IOException, InterruptedException {
        Machine.Result other =
                machine.run(
                        Machine.firstProcess(
                                "sh",
                                "-c",
                                CONTAINER,
                                Machine.checkout().resolve("contrail").toString()));
        assertThat(other.status()).as(other.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "tracing_on, 0, 1",
        "events/sched/sched_switch/enable, 0, 1",
        "trace_clock, counter, [mono]",
    })
    void tellsAndUndoesWhatOthersDoToTheInstance(String file, String value, String right)
            throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            begin(machine, trace);
            Path instance = Instances.of(machine);
            Instances.write(instance, file, value);
            Machine.await(
                    "the change to be undone",
                    () -> Instances.read(instance, file).contains(right));
            assertThat(machine.succeed("status")).contains("interrupted: ");
            machine.succeed("stop");
            machine.succeed("destroy");

            assertThat(machine.succeed("view", trace.toString()))
                    .contains("contrail_interruption: ")
                    .contains("by somebody else");
        }
    }
}
