// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.tracer.ring.PoolMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program in a control group of its own, whose memory limit is below what is asked for.
class MemoryLimitSystemTest {
    private static final String NAME = "contrail-test-" + ProcessHandle.current().pid();
    private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");
    private static final long LIMIT = 256 << 20;

    /// Of 32 KiB: 250 MiB, which the ring's bound allows; the JVM needs more than the rest.
    private static final int BLOCKS = 8000;

    @TempDir Path directory;

    private Path rings;
    private Path group;

    @BeforeEach
    void makeRingDirectory() throws IOException {
        rings = Files.createTempDirectory(Path.of("/dev/shm"), "contrail-test").resolve("rings");
    }

    @AfterEach
    void remove() throws IOException {
        if (group != null) {
            Files.delete(group);
        }
        if (Files.exists(rings)) {
            try (var files = Files.list(rings)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(rings);
        }
        Files.delete(rings.getParent());
    }

    private void makeGroup() throws IOException {
        boolean isVersion1 = Files.exists(VERSION_1.resolve("memory.limit_in_bytes"));
        Path made = (isVersion1 ? VERSION_1 : VERSION_2).resolve(NAME);
        try {
            Files.createDirectory(made);
            group = made;
            Path limit = made.resolve(isVersion1 ? "memory.limit_in_bytes" : "memory.max");
            Files.writeString(limit, Long.toString(LIMIT));
        } catch (IOException e) {
            assumeTrue(false, "no right to make a control group with a memory limit: " + e);
        }
    }

    private Process start() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String jar = System.getProperty("contrail.tracer.jar");
        String tests =
                ShopProgram.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        String join = group == null ? "" : "echo $$ >" + group.resolve("cgroup.procs") + " && ";
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                "sh",
                                "-c",
                                join + "exec \"$@\"",
                                "sh",
                                java.toString(),
                                "-Xmx32m",
                                "-javaagent:" + jar,
                                "-cp",
                                jar + ":" + tests,
                                "-Xlog:disable",
                                ShopProgram.class.getName(),
                                "steps"));
        builder.environment().put("LTTNG_RUNDIR", directory.toString());
        builder.environment().put("LTTNG_UST_REGISTER_TIMEOUT", "300000");
        builder.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
        return builder.redirectError(directory.resolve("stderr").toFile()).start();
    }

    private String answer() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, BLOCKS, List.of())) {
            Process process = start();
            assertThat(process.inputReader().readLine()).isEqualTo("step 0");
            String problem = daemon.awaitAcknowledged(1).problem();
            process.getOutputStream().close();
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return problem;
        }
    }

    @Test
    void isRefusedBeforeAnythingIsMade() throws Exception {
        makeGroup();
        assertThat(answer()).contains("is asked for").contains("below the limit in " + group);
        assertThat(rings).doesNotExist();
        assertThat(Files.readAllLines(directory.resolve("stderr"))).hasSize(1);
    }

    @Test
    void isGrantedWithoutThatLimit() throws Exception {
        assertThat(answer()).isEmpty();
        try (var files = Files.list(rings)) {
            assertThat(files).hasSize(1);
        }
    }
}
