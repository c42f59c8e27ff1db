// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our session daemon and our relay: whichever of them is killed, the trace goes on.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ResumeSystemTest {
    private static final int KILLS = 8;

    /// Between two events of a thread: what three of them emit while a daemon starts, on a busy
    /// machine, has room in the ring.
    private static final long PAUSE_NANOS = 300_000;

    @ParameterizedTest
    @ValueSource(strings = {"written", "synced"})
    void nothingIsLostOrThereTwiceWhicheverIsKilled(String acknowledged) throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            session(machine, "net", "-U", relay.url(), "--ack", acknowledged);
            Counter counter = Counter.start(machine, 3, 0, PAUSE_NANOS);
            for (int i = 0; i < KILLS; i++) {
                counter.await(counter.total() + random.nextInt(5_000));
                boolean isRelay = random.nextInt(3) > 0;
                boolean isDaemon = !isRelay || random.nextBoolean();
                if (isRelay) {
                    relay.kill();
                }
                if (isDaemon) {
                    machine.killDaemon();
                }
                counter.await(counter.total() + random.nextInt(5_000));
                if (isDaemon) {
                    machine.succeed("sessiond", "--background", "--no-kernel");
                }
                if (isRelay) {
                    relay.restart();
                }
            }
            counter.await(counter.total() + 10_000);
            Machine.await(
                    "the connection",
                    () -> status(machine).contains("  connected, resumes after a cut;"));
            long[] emitted = counter.end();
            Machine.Result stopped = machine.contrail("stop", "net");
            Machine.Account account = Machine.Account.of("User space", machine.succeed("status"));
            machine.succeed("destroy", "net");

            assertThat(relay.sessions("net")).as("seed " + seed + stopped.err()).hasSize(1);
            Path trace = relay.sessions("net").getFirst();
            Ticks ticks = Ticks.read(machine, trace);
            ticks.assertAllUpTo(emitted);
            assertThat(account.recorded()).isEqualTo(counter.total());
            assertThat(account.discarded()).isZero();
            assertContiguous(trace);
            assertThat(trace.resolve(".contrail-journal")).doesNotExist();
        }
    }

    private static String status(Machine machine) throws IOException {
        try {
            return machine.succeed("status");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theKernelsEventsWaitForTheRelayToo() throws Exception {
        Needs.kernel();
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            machine.succeed("sessiond", "--background");
            machine.succeed("create", "kernel", "-U", relay.url());
            machine.succeed("enable-event", "-k", "sched_switch");
            machine.succeed("start");
            awaitRecorded(machine, 1000);
            relay.kill();
            awaitRecorded(machine, 3000);
            machine.killDaemon();
            machine.succeed("sessiond", "--background");
            relay.restart();
            awaitRecorded(machine, 5000);
            machine.succeed("stop");
            Machine.Result status = machine.contrail("status");
            Machine.Account account = Machine.Account.of("Linux kernel", status.out());
            machine.succeed("destroy");

            // While no daemon empties it, the kernel's own ring may become full.
            assertThat(status.err()).doesNotContain("could not be stored");
            assertThat(relay.sessions("kernel")).hasSize(1);
            Path trace = relay.sessions("kernel").getFirst();
            long switches =
                    machine.run(List.of("babeltrace2", trace.toString()))
                            .out()
                            .lines()
                            .filter(line -> line.contains(" sched_switch: "))
                            .count();
            assertThat(switches).isEqualTo(account.recorded());
            assertContiguous(trace);
        }
    }

    @Test
    void aFullDiskOfTheRelayCostsNothing() throws Exception {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path disk = machine.smallDisk("disk", 2048);
            try (OurRelay relay = OurRelay.start(machine, disk.resolve("relayed"))) {
                machine.succeed("sessiond", "--background", "--no-kernel");
                session(machine, "net", "-U", relay.url());
                Counter counter = Counter.start(machine, 2, 0, 5_000);
                Machine.await(
                        "word of the full disk",
                        () -> {
                            try {
                                return machine.succeed("list")
                                        .contains("the relay cannot store it: No space left");
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        });
                counter.await(counter.total() + 20_000);
                Machine.Result grown =
                        machine.run(List.of("mount", "-o", "remount,size=256m", disk.toString()));
                assertThat(grown.status()).as(grown.err()).isZero();
                long[] emitted = counter.end();
                Machine.await(
                        "all that has waited",
                        () -> {
                            try {
                                return machine.succeed("status").contains("; nothing waits;");
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        });
                machine.contrail("stop", "net");
                machine.contrail("destroy", "net");

                assertThat(relay.sessions("net")).hasSize(1);
                Path trace = relay.sessions("net").getFirst();
                Ticks.read(machine, trace).assertAllUpTo(emitted);
                assertContiguous(trace);
            }
        }
    }

    private static void awaitRecorded(Machine machine, long count) throws InterruptedException {
        Machine.await(
                count + " events of the kernel",
                () -> {
                    try {
                        return Machine.Account.of("Linux kernel", machine.succeed("status"))
                                        .recorded()
                                > count;
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
    }

    static void session(Machine machine, String name, String... options)
            throws IOException, InterruptedException {
        var words = new java.util.ArrayList<>(List.of("create", name));
        words.addAll(List.of(options));
        machine.succeed(words.toArray(String[]::new));
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
    }

    /// The packets of each stream are numbered from 0 on, without a gap.
    static void assertContiguous(Path trace) throws IOException, CtfException {
        for (Path stream : Ticks.streams(trace)) {
            Path index = IndexFile.of(stream);
            long next = 0;
            try (FileChannel channel = FileChannel.open(index)) {
                for (PacketLocation each :
                        IndexFile.read(index.toString(), channel, Files.size(stream))) {
                    assertThat(each.entry().sequence()).as(stream.toString()).isEqualTo(next);
                    next++;
                }
            }
        }
    }
}
