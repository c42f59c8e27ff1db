// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The kernel's trace in LTTng's own analyses, which know LTTng's names and fields only.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AnalysesInteropTest {
    @Test
    void findTheProcessesAndSystemCallsOfOurTrace() throws IOException, InterruptedException {
        Needs.kernel();
        Needs.tool("perl");
        Needs.tool("lttng-cputop");
        Needs.tool("lttng-syscallstats");
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "analysed", "-o", trace.toString());
            machine.succeed("enable-event", "-k", "sched_switch,sched_wakeup");
            machine.succeed("enable-event", "-k", "--syscall", "-a");
            machine.succeed("start");
            machine.run(List.of("perl", "-e", "getpriority(0, 0) for 1 .. 5000"));
            machine.succeed("stop");
            String kernel = trace.resolve("kernel").toString();
            Machine.Result top =
                    machine.run(
                            List.of(
                                    "lttng-cputop",
                                    "--limit",
                                    "1000",
                                    "--no-progress",
                                    "--no-intersection",
                                    "--skip-validation",
                                    kernel));
            Machine.Result calls =
                    machine.run(
                            List.of(
                                    "lttng-syscallstats",
                                    "--no-progress",
                                    "--no-intersection",
                                    "--skip-validation",
                                    kernel));

            assertThat(top.status()).as(top.err()).isZero();
            assertThat(top.out()).contains("Per-TID Usage", "Total CPU Usage");
            assertThat(calls.status()).as(calls.err()).isZero();
            assertThat(calls.out()).containsPattern("getpriority\\s+5000");
        }
    }
}
