// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A user who does to a ring of theirs what root's daemon must survive.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DamagedRingSystemTest {
    enum Damage {
        CUT,
        FORGED,
        REPLACED
    }

    @ParameterizedTest
    @EnumSource
    void putsTheRingIntoQuarantineAndRecordsTheOthers(Damage damage)
            throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            machine.open(machine.root());
            Path rings = Files.createDirectory(machine.root().resolve("rings"));
            Files.setAttribute(rings, "unix:uid", Machine.NOBODY);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.open(machine.runDirectory());
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "damaged", "-o", trace.toString());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            machine.environment().put("CONTRAIL_RING_DIRECTORY", rings.toString());
            Counter bad = Counter.start(machine, Machine.asUser(Machine.NOBODY), 1, 0, 1_000_000);
            machine.environment().remove("CONTRAIL_RING_DIRECTORY");
            bad.await(10);
            Machine.await("its first packet", () -> Ticks.hasPacket(trace));
            damage(damage, rings);
            Counter good = Counter.start(machine, 1, 3_000, 100_000);
            long[] emitted = good.join();
            bad.kill();
            Machine.await("the notice", () -> isNoticed(machine, damage));
            Machine.Result stopped = machine.contrail("stop");

            assertThat(stopped.status()).as(stopped.err()).isZero();
            Ticks.read(machine, trace.resolve("ust/uid/0")).assertAllUpTo(emitted);
            assertThat(Ticks.read(machine, trace.resolve("ust/uid/65534")).stored()).isPositive();
        }
    }

    /// A replaced ring is not opened again, so what was mapped goes on being recorded.
    private static boolean isNoticed(Machine machine, Damage damage) throws IOException {
        try {
            return damage == Damage.REPLACED
                    || machine.succeed("status").contains("is damaged")
                    || machine.log().contains("is damaged");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void damage(Damage damage, Path rings) throws IOException {
        Path ring;
        try (var files = Files.list(rings)) {
            ring =
                    files.filter(file -> file.toString().endsWith(".ring"))
                            .findFirst()
                            .orElseThrow();
        }
        switch (damage) {
            case CUT -> {
                try (var file = new RandomAccessFile(ring.toFile(), "rw")) {
                    file.setLength(8192);
                }
            }
            case FORGED -> {
                try (var file = new RandomAccessFile(ring.toFile(), "rw")) {
                    byte[] garbage = new byte[(int) Math.min(file.length(), 1 << 20) - 4096];
                    new java.util.Random(1).nextBytes(garbage);
                    file.seek(4096);
                    file.write(garbage);
                }
            }
            case REPLACED -> {
                Files.delete(ring);
                Files.createSymbolicLink(ring, Path.of("/etc/passwd"));
            }
        }
    }
}
