// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.ClockClass;
import dev.contrail.kernel.buffer.DrainPlan;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A recording in a test: one session of a daemon of its own, whose instances it removes.
final class KernelSession implements AutoCloseable {
    static final int CHANNEL = 0;

    private final ClockClass clock;
    private final UUID daemon;
    private final Path directory;
    private final boolean isSnapshot;
    private final boolean isMapped;
    private DrainPlan drainPlan = new DrainPlan(0, 1);
    private KernelDomain domain;
    private KernelRecording recording;
    private LossMode lossMode = LossMode.DISCARD;
    private long subBufferBytes = 64 << 10;
    private int subBufferCount = 16;
    private final List<EventRule> rules = new ArrayList<>();

    KernelSession(Path directory, boolean isSnapshot, boolean isMapped) throws Exception {
        this(directory, isSnapshot, isMapped, UUID.randomUUID(), Clock.system().offsetNanos());
    }

    /// The session of a daemon that other processes know too.
    KernelSession(
            Path directory, boolean isSnapshot, boolean isMapped, UUID daemon, long clockOffset)
            throws Exception {
        this.directory = directory;
        this.isSnapshot = isSnapshot;
        this.isMapped = isMapped;
        this.daemon = daemon;
        String bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        clock = ClockClass.monotonic(bootId, clockOffset);
        Files.createDirectories(directory.resolve("state"));
        takeOver();
    }

    /// The daemon dies, and a next one knows of it only what was kept.
    void takeOver() throws Exception {
        if (recording != null) {
            letGo();
        }
        domain =
                new KernelDomain(
                        new Tracefs(Tracefs.mountPoint().orElseThrow()),
                        daemon,
                        TracefsCondition.TEST_UID,
                        false,
                        isMapped,
                        drainPlan);
        recording = domain.open(facts());
    }

    /// The daemon lets go of the rings, as one that dies.
    void letGo() throws IOException {
        recording.letGo();
    }

    /// Sub-buffers are taken out of the kernel by a thread of their own. Before the first channel.
    KernelSession drainedAside() throws Exception {
        return drainedBy(1, 1);
    }

    /// As [#drainedAside], by so many threads.
    KernelSession drainedBy(int drains, int converters) throws Exception {
        drainPlan = new DrainPlan(drains, converters);
        takeOver();
        return this;
    }

    KernelSession overwriting() {
        lossMode = LossMode.OVERWRITE;
        return this;
    }

    KernelSession sized(long bytes, int count) {
        subBufferBytes = bytes;
        subBufferCount = count;
        return this;
    }

    KernelSession rule(PointType type, String pattern) {
        rules.add(new EventRule(type, pattern, List.of(), EventRule.LevelSelection.ALL, -1, true));
        return this;
    }

    /// What `trace_marker_raw` records.
    KernelSession markers() {
        return rule(PointType.TRACEPOINT, "ftrace:raw_data");
    }

    KernelSession apply(boolean isActive) throws RefusedException {
        List<Warning> problems = recording.apply(plan(), isActive).join();
        if (!problems.isEmpty()) {
            throw new AssertionError(problems.stream().map(Warning::text).toList());
        }
        return this;
    }

    KernelDomain domain() {
        return domain;
    }

    KernelRecording recording() {
        return recording;
    }

    /// Waits for the state dump that is being taken.
    void awaitStateDump() throws IOException {
        while (recording.trace().stateDumps().latest() == null) {
            Thread.onSpinWait();
        }
    }

    /// Waits until less than so many bytes are in each CPU's ring.
    void awaitRoom(long bytes) throws IOException {
        try (var cpus = Files.newDirectoryStream(instance().resolve("per_cpu"))) {
            for (Path cpu : cpus) {
                Path stats = cpu.resolve("stats");
                while (unreadBytes(stats) >= bytes) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static long unreadBytes(Path stats) throws IOException {
        for (String line : Files.readAllLines(stats)) {
            if (line.startsWith("bytes:")) {
                return Long.parseLong(line.substring("bytes:".length()).strip());
            }
        }
        throw new IOException("no line of bytes in " + stats);
    }

    KernelRing ring() {
        return (KernelRing) recording.rings().getFirst();
    }

    Path instance() {
        return domain.facts()
                .tracefs()
                .instances()
                .resolve(domain.facts().instanceName(7, CHANNEL));
    }

    /// Writes numbers from `first` on into `trace_marker_raw`.
    ///
    /// @return how many the kernel refused: the ring is full, or does not record
    int mark(int first, int count) throws IOException {
        int refused = 0;
        ByteBuffer record = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel marker =
                FileChannel.open(
                        instance().resolve("trace_marker_raw"), StandardOpenOption.WRITE)) {
            for (int i = first; i < first + count; i++) {
                record.clear().putInt(i).putInt(~i).flip();
                try {
                    marker.write(record);
                } catch (IOException full) {
                    refused++;
                }
            }
        }
        return refused;
    }

    @Override
    public void close() throws IOException {
        recording.destroy();
        domain.removeOrphans(_ -> false);
    }

    private SessionFacts facts() {
        return new SessionFacts(
                7,
                "test",
                isSnapshot,
                "20261123T101500+0000",
                "testhost",
                0,
                clock,
                directory.resolve("state"));
    }

    private ChannelPlan plan() {
        return new ChannelPlan(
                CHANNEL,
                "channel0",
                DomainName.KERNEL,
                new ChannelAttributes(
                        lossMode, subBufferBytes, subBufferCount, 0, 0, 0, 0, 0, "mmap"),
                true,
                rules);
    }
}
