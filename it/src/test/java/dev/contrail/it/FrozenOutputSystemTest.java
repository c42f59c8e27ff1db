// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A whole file system that does not answer: nobody who creates, reads or writes anything in it
/// comes back. Every command does, and says what it waits for.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FrozenOutputSystemTest {
    private static final long LONGEST_SECONDS = 30; // 5 s of patience, and a busy machine
    private static final int CALLS = 25_000;
    private static final String SILENT = "No answer from ";

    private Machine machine;
    private Path disk;
    private boolean isFrozen;

    @BeforeEach
    void makeTheDisk() throws IOException, InterruptedException {
        Needs.root();
        Needs.tool("fsfreeze");
        Needs.tool("mkfs.ext4");
        machine = Machine.open();
        disk = machine.loopDisk("disk", 64);
    }

    @AfterEach
    void thaw() throws IOException, InterruptedException {
        if (machine != null) {
            if (isFrozen) {
                freeze(false);
            }
            machine.close();
        }
    }

    @Test
    void refusesWhatNeedsItInBoundedTimeWhileOthersGoOn() throws IOException, InterruptedException {
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "started", "-o", machine.root().resolve("started").toString());
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("create", "snap", "--snapshot");
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
        machine.succeed("create", "later", "-o", disk.resolve("later").toString());
        machine.succeed("enable-event", "-u", "count:*");
        freeze(true);

        refused(disk.resolve("new"), "create", "new", "-o", disk.resolve("new").toString());
        refused(disk.resolve("later"), "start", "later");
        refused(disk.resolve("x"), "snapshot", "record", "-s", "snap", disk + "/x");
        assertThat(machine.succeed("list")).contains("later [inactive]").doesNotContain("new");
        machine.succeed("start", "started");
        machine.succeed("snapshot", "record", "-s", "snap", machine.root() + "/elsewhere");
        machine.succeed("destroy", "later");
        freeze(false);

        Machine.await("what was made too late is removed", () -> isGone("new") && isGone("later"));
        machine.succeed("create", "new", "-o", disk.resolve("new").toString());
    }

    @Test
    void aKernelSessionOnItCanBeDestroyedAndItsTraceIsWholeAfterIt()
            throws IOException, InterruptedException {
        Needs.kernel();
        Path trace = disk.resolve("trace");
        machine.succeed("create", "frozen", "-o", trace.toString());
        machine.succeed("enable-event", "-k", "--syscall", "getpriority");
        machine.succeed("start");
        call(CALLS - 5_000);
        freeze(true);
        call(5_000);
        Machine.await("a write that does not return", () -> said("status").contains(SILENT));

        long begin = System.nanoTime();
        Machine.Result destroyed = machine.contrail("destroy", "frozen");
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
                .isLessThan(LONGEST_SECONDS);
        assertThat(destroyed.out()).contains("Session frozen destroyed");
        assertThat(destroyed.err())
                .contains(SILENT + trace)
                .containsPattern("[1-9][0-9,]* bytes wait in memory");
        assertThat(machine.succeed("list")).doesNotContain("frozen");
        machine.succeed("create", "frozen", "-o", machine.root().resolve("next").toString());
        freeze(false);

        Machine.await("all is stored", () -> entries(trace) == CALLS);
        Machine.await("its state has gone", () -> sessions() == 1);
    }

    private long sessions() throws IOException {
        try (var found = Files.list(machine.runDirectory().resolve("sessions"))) {
            return found.count();
        }
    }

    private void refused(Path named, String... command) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Machine.Result result = machine.contrail(command);

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
                .isLessThan(LONGEST_SECONDS);
        assertThat(result.status()).isPositive();
        assertThat(result.err()).contains(SILENT + named).contains("name another directory");
    }

    private boolean isGone(String output) {
        return !disk.resolve(output).toFile().exists();
    }

    private void freeze(boolean isOn) throws IOException, InterruptedException {
        Machine.Result done = machine.run(List.of("fsfreeze", isOn ? "-f" : "-u", disk.toString()));
        assertThat(done.status()).as(done.err()).isZero();
        isFrozen = isOn;
    }

    private void call(int times) throws IOException, InterruptedException {
        machine.run(List.of("perl", "-e", "getpriority(0, 4242) for 1 .. " + times));
    }

    private String said(String command) throws IOException {
        try {
            Machine.Result result = machine.contrail(command);
            return result.out() + result.err();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private long entries(Path trace) throws IOException {
        try {
            return machine.contrail("view", trace.toString()).lines().stream()
                    .filter(line -> line.contains("syscall_entry_getpriority"))
                    .filter(line -> line.contains("who = 4242"))
                    .count();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
