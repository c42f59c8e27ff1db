// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a program's thread records it may record at the end of its stack, or of its memory.
class FirstUseSystemTest extends TracedPrograms {
    /// Tracepoints, log statements, methods and what they throw, with strings of all kinds.
    @Test
    void noThreadOfTheProgramIsTheFirstToUseAClass() throws Exception {
        String program = FirstUseProgram.class.getName();
        MethodRule rule =
                new MethodRule(
                        program + "$Probed.*",
                        List.of("arg=0", "arg=1", "arg=1.inner", "arg=1.price", "return"));
        Path log = directory.resolve("classes");
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.OVERWRITE, 64, SHOP_RULES)) {
            Process process =
                    start(
                            AGENT,
                            FirstUseProgram.class,
                            "",
                            "-Xlog:class+load,class+init:file=" + log + ":tid");
            BufferedReader output = process.inputReader();
            assertThat(output.readLine()).isEqualTo("ready");
            Path ring = daemon.awaitRing();
            daemon.send(new FromDaemon.Methods(3, TestDaemon.SESSION, 0, List.of(rule)));
            daemon.awaitAcknowledged(3);
            List<String> threads = List.of(step(process, output).split(" "));
            awaitExit(process);
            assertThat(errors()).isEmpty();
            assertThat(threads).hasSize(2);

            boolean isBetween = false;
            List<String> first = new ArrayList<>();
            for (String line : Files.readAllLines(log)) {
                String thread = line.replaceAll("^\\[(\\d+) *\\].*", "$1");
                if (line.contains(program + "$End source:")) {
                    isBetween = false;
                } else if (isBetween && threads.contains(thread)) {
                    first.add(line);
                } else if (line.contains(program + "$Begin source:")) {
                    isBetween = true;
                }
            }
            first.removeIf(line -> line.contains("FirstUseProgram$"));
            assertThat(first).isEmpty();
            try (RingFile file = RingFile.open(ring, -1)) {
                PoolTotals totals = file.pools().get(0).totals();
                assertThat(totals.recorded()).isGreaterThan(10_000);
            }
        }
    }
}
