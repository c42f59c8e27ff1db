// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that drains as fast as it can is killed at bad moments, again and again.
@ExtendWith(TracefsCondition.class)
@Timeout(1200)
class KilledDaemonSystemTest {
    private static final int KILLS = 6;

    /// A ring holds twice as many, when the drainer does not run at all.
    private static final int MOST_MARKED = 200_000;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNothingAndStoresNothingTwice(boolean isDrainedAside) throws Exception {
        UUID daemon = UUID.randomUUID();
        var random = new Random(7);
        int marked = 0;
        try (var session = session(directory, daemon).apply(true)) {
            session.letGo();
            for (int i = 0; i < KILLS; i++) {
                Process drainer = startDrainer(daemon, isDrainedAside);
                try {
                    await(drainer, directory.resolve("drains" + drainer.pid()));
                    long end = System.nanoTime() + random.nextInt(100, 400) * 1_000_000L;
                    int most = marked + MOST_MARKED;
                    while (System.nanoTime() < end && marked < most) {
                        assertThat(session.mark(marked, 50)).isZero();
                        marked += 50;
                    }
                } finally {
                    drainer.destroyForcibly();
                }
                assertThat(drainer.waitFor(300, TimeUnit.SECONDS)).isTrue();
                assertThat(drainer.exitValue()).isEqualTo(128 + 9);
            }
            session.takeOver();
            session.apply(true);
            session.apply(false);
            var sink = DirectorySink.lasting(directory, daemon);
            long storedByDrainers = sink.recordCount();
            session.ring().drain(sink, true);
            assertThat(storedByDrainers).isPositive();
            assertThat(KernelRingTest.markersIn(sink)).isEqualTo(KernelRingTest.range(0, marked));
            assertThat(sink.discarded()).isZero();
        }
    }

    /// The process that is killed.
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        UUID daemon = UUID.fromString(arguments[1]);
        boolean isDrainedAside = Boolean.parseBoolean(arguments[2]);
        var session = session(directory, daemon);
        if (isDrainedAside) {
            session.drainedAside();
        }
        var sink = DirectorySink.lasting(directory, daemon);
        session.apply(true).ring().drain(sink, true);
        Files.createFile(directory.resolve("drains" + ProcessHandle.current().pid()));
        while (true) {
            session.ring().drain(sink, !isDrainedAside);
            Thread.sleep(isDrainedAside ? 20 : 0); // so that some wait for it when it is killed
        }
    }

    private static KernelSession session(Path directory, UUID daemon) throws Exception {
        return new KernelSession(directory, false, true, daemon, 0).sized(4096, 2048).markers();
    }

    private Process startDrainer(UUID daemon, boolean isDrainedAside) throws Exception {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledDaemonSystemTest.class.getName(),
                        directory.toString(),
                        daemon.toString(),
                        Boolean.toString(isDrainedAside))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("drainer.txt").toFile())
                .start();
    }

    private void await(Process drainer, Path file) throws Exception {
        while (!Files.exists(file)) {
            if (!drainer.isAlive()) {
                throw new AssertionError(Files.readString(directory.resolve("drainer.txt")));
            }
            Thread.sleep(10);
        }
    }
}
