// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.ClockClass;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.output.TraceOutput;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LossMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmRingTest {
    private static final long SESSION = 7;
    private static final int CHANNEL = 3;

    @TempDir private Path directory;
    private final List<JvmRing> discarded = new ArrayList<>();
    private final Set<Path> tidied = new HashSet<>();

    @Test
    void isEmptyAfterItWasLetGoAndItsFileDeleted() throws IOException, PoolRefusedException {
        RingWriter.open().openPool(SESSION, CHANNEL, PoolMode.DISCARD, 4096, 16);
        Path file = Files.copy(RingWriter.open().file(), directory.resolve("own.ring"));
        JvmRing ring = ring(file);
        try (var sink = new TraceOutput(directory.resolve("trace"), UUID.randomUUID())) {
            ring.drain(sink, false);
            ring.giveUp();
            assertThat(ring.isFinished()).isTrue();
            ring.discard();
            Files.delete(file);

            // The control thread has not taken it off the list yet.
            ring.drain(sink, true);
            assertThat(ring.isFinished()).isFalse();
            assertThat(ring.account().notes()).isEmpty();
            assertThat(ring.account().recorded()).isZero();
            assertThat(ring.capture().account().orElseThrow().recorded()).isZero();
            assertThat(discarded).containsExactly(ring);
        }
    }

    @Test
    void saysThatSomebodyHasDeletedItsFile() throws IOException {
        JvmRing ring = ring(directory.resolve("1-2-3.ring"));
        try (var sink = new TraceOutput(directory.resolve("trace"), UUID.randomUUID())) {
            ring.drain(sink, false);

            assertThat(ring.account().notes())
                    .singleElement()
                    .asString()
                    .startsWith("Ring of Shop is gone")
                    .contains("1-2-3.ring");
            assertThat(ring.isFinished()).isTrue();
        }
    }

    @Test
    void isQuietAboutARingThatHousekeepingHasDeleted() throws IOException {
        Path file = directory.resolve("1-2-4.ring");
        JvmRing ring = ring(file);
        ring.applicationGone(true);
        tidied.add(file);
        try (var sink = new TraceOutput(directory.resolve("trace"), UUID.randomUUID())) {
            ring.drain(sink, false);

            assertThat(ring.account().notes()).isEmpty();
            assertThat(ring.isFinished()).isTrue();
        }
    }

    @Test
    void doesNotBlameAnybodyForARingThatItNeverSaw() throws IOException {
        JvmRing ring = ring(directory.resolve("1-2-5.ring"));
        ring.applicationGone(true);

        assertThat(ring.account().notes())
                .singleElement()
                .asString()
                .contains("gone before it was looked at", "nothing was recorded in it, or");
    }

    /// In life there is no memory for one more map, or no descriptor.
    @Test
    void isReadAsSoonAsItCanBe() throws IOException, PoolRefusedException {
        RingWriter.open().openPool(SESSION + 2, CHANNEL, PoolMode.DISCARD, 4096, 16);
        Path place = directory.resolve("place");
        Files.createSymbolicLink(place, place); // the system cannot say what is there
        JvmRing ring = ring(place.resolve("own.ring"));
        try (var sink = new TraceOutput(directory.resolve("trace"), UUID.randomUUID())) {
            ring.drain(sink, false);
            assertThat(ring.obstacle()).startsWith("Ring of Shop cannot be read for now");
            assertThat(ring.account().notes()).containsExactly(ring.obstacle());
            assertThat(ring.isFinished()).isFalse();

            Files.delete(place);
            Files.createDirectory(place);
            Files.copy(RingWriter.open().file(), place.resolve("own.ring"));
            ring.drain(sink, true);
            assertThat(ring.obstacle()).isEmpty();
            assertThat(ring.account().notes()).isEmpty();
            assertThat(ring.who()).isEqualTo("Shop (%d)", ProcessHandle.current().pid());
        }
    }

    @Test
    void tellsNoTimesOfAnotherBoot() throws IOException, PoolRefusedException {
        RingWriter.open().openPool(SESSION + 1, CHANNEL, PoolMode.DISCARD, 4096, 16);
        Path old = Files.copy(RingWriter.open().file(), directory.resolve("old.ring"));
        try (var file = new java.io.RandomAccessFile(old.toFile(), "rw")) {
            file.seek(96); // the boot id
            file.writeLong(1);
        }
        JvmRing ring = ring(old);
        try (var sink = new TraceOutput(directory.resolve("trace"), UUID.randomUUID())) {
            ring.drain(sink, false);

            assertThat(ring.account().notes())
                    .singleElement()
                    .asString()
                    .contains("before the machine was restarted");
            assertThat(directory.resolve("trace")).doesNotExist();
        }
    }

    private JvmRing ring(Path file) throws IOException {
        var session =
                new SessionFacts(
                        SESSION,
                        "s",
                        false,
                        "20261123T101500+0000",
                        "host",
                        0,
                        ClockClass.monotonic("2cfc1350-7fff-4fac-9d78-043751401ef9", 5),
                        directory);
        int uid = ProcFacts.userId();
        JvmTrace trace = JvmTrace.open(session, uid);
        var channel =
                new ChannelPlan(
                        CHANNEL,
                        "channel0",
                        DomainName.USERSPACE,
                        new ChannelAttributes(LossMode.DISCARD, 4096, 4, 0, 0, 0, 0, 0, "mmap"),
                        true,
                        List.of());
        return new JvmRing(
                file,
                uid,
                "Shop",
                trace,
                SESSION,
                channel,
                false,
                new Departed(CHANNEL, trace, false),
                tidied::contains,
                discarded::add);
    }
}
