// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher's start-up cache: damaged, cut, ended in its making, in another user's home. A
/// virtual machine that is given a damaged one crashes.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class StartUpCacheSystemTest {
    private static final String LAUNCHER = Machine.checkout().resolve("contrail").toString();

    @Test
    void aDamagedCacheFailsNoCommandAndIsMadeAnew() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path cache = make(machine);
            try (var file = new RandomAccessFile(cache.toFile(), "rw")) {
                file.seek(5000);
                file.write(new byte[(int) file.length() / 2]);
            }
            assertSucceeds(machine);
            try (var file = new RandomAccessFile(cache.toFile(), "r")) {
                file.seek(5000);
                byte[] some = new byte[100_000];
                file.readFully(some);
                assertThat(some).isNotEqualTo(new byte[some.length]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1000, 10_000_000})
    void aCacheWithoutItsEndIsMadeAnew(long size) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path cache = make(machine);
            try (var file = new RandomAccessFile(cache.toFile(), "rw")) {
                file.setLength(size);
            }
            assertSucceeds(machine);
            assertThat(cache).isRegularFile();
            assertThat(Files.size(cache)).isGreaterThan(10_000_000);
        }
    }

    /// After a boot, that is: of what was not yet on the disk when the power went there is nothing.
    @Test
    void aCacheOfAnotherBootIsLookedAtOnce() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path cache = make(machine);
            Path sum = cache.resolveSibling(cache.getFileName() + ".sum");
            String whole = Files.readString(sum);
            Files.writeString(sum, whole.replaceFirst("[^ ]+\n", "another-boot\n"));
            Object made = Files.readAttributes(cache, "unix:ino").get("ino");
            assertSucceeds(machine);
            assertThat(sum).hasContent(whole);
            assertThat(Files.readAttributes(cache, "unix:ino").get("ino")).isEqualTo(made);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFirstStartThatIsEndedLeavesNothing(boolean isKilled)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path caches = caches(machine);
            Process start = machine.start(List.of(LAUNCHER, "version"));
            Machine.await("training", () -> start.descendants().anyMatch(each -> training(each)));
            ProcessHandle java =
                    start.descendants().filter(each -> training(each)).findFirst().orElseThrow();
            if (isKilled) {
                start.destroyForcibly();
                java.destroyForcibly();
            } else {
                start.destroy();
            }
            assertThat(start.waitFor()).isEqualTo(isKilled ? 128 + 9 : 128 + 15);
            java.onExit().join();
            if (isKilled) {
                make(machine);
            } else {
                assertThat(caches.resolve("contrail")).isEmptyDirectory();
            }
            assertThat(training(java)).isFalse();
            assertThat(ProcessHandle.allProcesses())
                    .noneMatch(each ->
                            each.info().commandLine().orElse("").contains(" sessiond ")
                                    && each.info().commandLine().get().contains(caches.toString()));
        }
    }

    /// Whether it has a directory for its training.
    private static boolean training(ProcessHandle java) {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.anyMatch(each ->
                    each.getFileName()
                            .toString()
                            .startsWith("contrail-training-" + java.pid() + "-"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// As with a home directory or a `/tmp` that are mounted into a container.
    @Test
    void anotherPidNamespaceLeavesWhatIsInTheMaking() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path cache = make(machine);
            Files.delete(cache);
            String ours =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                            .toString()
                            .replaceAll("[^0-9]", "");
            String mark = ProcessHandle.current().pid() + "-" + ours;
            Path making = Files.createDirectory(Path.of(cache + "." + mark));
            Path training = Files.createTempDirectory("contrail-training-" + mark + "-");
            try {
                var there = new ArrayList<>(List.of("unshare", "-p", "-m", "-f", "--mount-proc"));
                there.addAll(List.of(LAUNCHER, "version"));
                assertThat(machine.run(there).status()).isZero();
                assertThat(cache).isRegularFile();
                assertThat(making).isDirectory();
                assertThat(training).isDirectory();
            } finally {
                Files.deleteIfExists(training);
            }
        }
    }

    /// As with a sudo that keeps `HOME`: its owner could not keep a cache there any more.
    @Test
    void rootPutsNothingIntoAnotherUsersHome() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path caches = caches(machine);
            Files.setAttribute(caches, "unix:uid", Machine.NOBODY);
            assertSucceeds(machine);
            assertThat(caches).isEmptyDirectory();
        }
    }

    private static Path caches(Machine machine) throws IOException {
        Path caches = machine.root().resolve("caches");
        machine.environment().put("XDG_CACHE_HOME", caches.toString());
        return Files.createDirectories(caches);
    }

    private static Path make(Machine machine) throws IOException, InterruptedException {
        Path caches = caches(machine);
        assertSucceeds(machine);
        try (Stream<Path> made = Files.list(caches.resolve("contrail"))) {
            List<Path> names = made.sorted().toList();
            assertThat(names).as(() -> whatFailed(names)).hasSize(2);
            assertThat(names.getFirst().toString()).endsWith(".aot");
            return names.getFirst();
        }
    }

    private static String whatFailed(List<Path> names) {
        try {
            return Files.readString(names.getFirst().resolve("log"));
        } catch (IOException e) {
            return "no log";
        }
    }

    private static void assertSucceeds(Machine machine) throws IOException, InterruptedException {
        Machine.Result result = machine.run(List.of(LAUNCHER, "version"));
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("contrail version ");
    }
}
