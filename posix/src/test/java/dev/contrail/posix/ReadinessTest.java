// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ReadinessTest {
    private static final int FOR_EVER = -1;

    @TempDir private Path directory;

    @Test
    void waitsNoLongerThanItShall() throws Exception {
        try (var readiness = new Readiness()) {
            long start = System.nanoTime();
            assertThat(readiness.await(20)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThan(15_000_000);
        }
    }

    @Test
    void tellsThatOneOfTheFilesCanBeRead() throws Exception {
        Path first = Pipes.make(directory);
        Path second = Pipes.make(directory);
        try (RawFile quiet = RawFile.open(first);
                RawFile busy = RawFile.open(second);
                OutputStream open = Files.newOutputStream(first);
                OutputStream writer = Files.newOutputStream(second);
                var readiness = new Readiness()) {
            readiness.watch(List.of(quiet, busy));
            assertThat(readiness.await(0)).isFalse();
            writer.write('x');
            assertThat(readiness.await(FOR_EVER)).isTrue();
            assertThat(readiness.await(0)).as("it still can").isTrue();
            assertThat(busy.read(Arena.ofAuto().allocate(8))).isEqualTo(1);
            assertThat(readiness.await(0)).isFalse();
            readiness.watch(List.of(quiet));
            writer.write('y');
            assertThat(readiness.await(0)).as("nobody waits for that one").isFalse();
            open.write('z');
            assertThat(readiness.await(0)).isTrue();
        }
    }

    @Test
    void isWokenOnceByAnyNumberOfCalls() throws Exception {
        try (var readiness = new Readiness()) {
            readiness.wake();
            readiness.wake();
            assertThat(readiness.await(FOR_EVER)).as("a wake is no file").isFalse();
            long start = System.nanoTime();
            assertThat(readiness.await(20)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThan(15_000_000);
        }
    }

    @Test
    void isWokenByAnotherThread() throws Exception {
        try (var readiness = new Readiness()) {
            Thread waker = new Thread(readiness::wake);
            waker.start();
            assertThat(readiness.await(FOR_EVER)).isFalse();
            waker.join();
        }
    }
}
