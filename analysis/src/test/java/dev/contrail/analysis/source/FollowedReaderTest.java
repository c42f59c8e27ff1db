// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static dev.contrail.ctf.FieldClass.signed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.write.CtfStream;
import dev.contrail.ctf.write.CtfWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What sessions of this machine write is read while they do.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FollowedReaderTest {
    private static final ClockClass CLOCK =
            ClockClass.monotonic("e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c", 0);
    private static final StreamClass STREAM = new StreamClass(0, CLOCK.id());
    private static final long LATER = 1_000_000_000_000L;

    @TempDir private Path root;

    private final AtomicLong monotonic = new AtomicLong(LATER);

    private static CtfWriter writer(Path folder) throws IOException {
        var trace =
                new TraceClass(
                        new UUID(1, 1),
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        new LinkedHashMap<>(Map.of("hostname", "web")),
                        List.of(CLOCK));
        return CtfWriter.create(folder, trace, CtfVersion.CTF_1_8, CtfWriter.PACKET_BYTES);
    }

    private static EventClass event(int id) {
        return new EventClass(
                id,
                0,
                "event" + id,
                EventClass.NO_LOG_LEVEL,
                StructureClass.ABSENT,
                new StructureClass(List.of(new Member("_n", signed(64))), 1));
    }

    /// The next so many events, with what was lost before them.
    private static List<String> next(FollowedReader reader, int events) throws IOException {
        var seen = new ArrayList<String>();
        int count = 0;
        while (count < events) {
            assertThat(reader.next()).isTrue();
            switch (reader.current()) {
                case Message.EventRecord event -> {
                    seen.add(event.name() + " " + event.field("n").orElseThrow());
                    count++;
                }
                case Message.Loss loss -> seen.add("lost " + loss.count());
                case Message.Damage damage -> seen.add(damage.what());
                case Message.Remark remark -> seen.add(remark.what());
                case Message _ -> {}
            }
        }
        return seen;
    }

    @Test
    void mergesStreamsAndTakesUpWhatBegins() throws IOException {
        try (FollowedReader reader = FollowedReader.open(root, monotonic::get);
                CtfWriter writer = writer(root.resolve("ust"))) {
            CtfStream one = writer.stream(STREAM, "channel0_0");
            CtfStream two = writer.stream(STREAM, "channel0_1");
            one.append(event(0), 10, 1L);
            one.append(event(0), 30, 3L);
            two.append(event(0), 20, 2L);
            one.flush();
            two.flush();
            assertThat(next(reader, 3)).containsExactly("event0 1", "event0 2", "event0 3");

            CtfStream three = writer.stream(STREAM, "channel0_2");
            three.append(event(1), LATER + 5, 5L); // of a class that was not declared before
            one.append(event(1), LATER + 4, 4L);
            three.flush();
            one.flush();
            monotonic.addAndGet(LATER);
            assertThat(next(reader, 2)).containsExactly("event1 4", "event1 5");
        }
    }

    /// Also where the clock has just begun.
    @Test
    void waitsAMomentForStreamsThatHaveNothingNew() throws IOException {
        try (CtfWriter writer = writer(root)) {
            CtfStream one = writer.stream(STREAM, "channel0_0");
            CtfStream two = writer.stream(STREAM, "channel0_1");
            two.append(event(0), 5, 0L);
            two.flush();
            one.append(event(0), 10, 1L);
            one.append(event(0), 30, 3L);
            one.flush();
            var looks = new AtomicLong();
            LongSupplier clock =
                    () -> {
                        if (looks.incrementAndGet() == 10) {
                            appendAndFlush(two, 20, 2L);
                        }
                        return looks.get() > 10 ? LATER : 0;
                    };
            try (FollowedReader reader = FollowedReader.open(root, clock)) {
                assertThat(next(reader, 4))
                        .containsExactly("event0 0", "event0 1", "event0 2", "event0 3");
            }
        }
    }

    private static void appendAndFlush(CtfStream stream, long ticks, long value) {
        try {
            stream.append(event(0), ticks, value);
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// While an event waits until it is known to be the next, quiet streams are looked at now and
    /// then, not all the time.
    @Test
    void doesNotLookAtQuietStreamsAllTheTime() throws Exception {
        var looks = new AtomicLong();
        long begin = System.nanoTime();
        LongSupplier counted =
                () -> {
                    looks.incrementAndGet();
                    return System.nanoTime() - begin;
                };
        int streams = 4;
        try (FollowedReader reader = FollowedReader.open(root, counted);
                CtfWriter writer = writer(root)) {
            for (int i = 0; i < streams; i++) {
                CtfStream stream = writer.stream(STREAM, "channel0_" + i);
                stream.append(event(0), i, (long) i);
                stream.flush();
            }
            CtfStream busy = writer.stream(STREAM, "channel0_" + streams);
            busy.append(event(0), 300_000_000, (long) streams);
            busy.flush();

            assertThat(next(reader, streams + 1)).hasSize(streams + 1);

            long most = (System.nanoTime() - begin) / FollowedReader.WAIT_NANOS + 3;
            assertThat(looks.get()).isLessThanOrEqualTo((streams + 1) * most);
        }
    }

    @Test
    void seldomLooksAtStreamsThatHaveBeenQuietForLong() throws Exception {
        var looks = new AtomicLong();
        long begin = System.nanoTime();
        LongSupplier counted =
                () -> {
                    looks.incrementAndGet();
                    return System.nanoTime() - begin + monotonic.get();
                };
        monotonic.set(0);
        int streams = 8;
        try (FollowedReader reader = FollowedReader.open(root, counted);
                CtfWriter writer = writer(root)) {
            for (int i = 0; i < streams; i++) {
                CtfStream stream = writer.stream(STREAM, "channel0_" + i);
                stream.append(event(0), i, (long) i);
                stream.flush();
            }
            CtfStream busy = writer.stream(STREAM, "channel0_" + streams);
            busy.append(event(0), streams, (long) streams);
            busy.flush();
            assertThat(next(reader, streams + 1)).hasSize(streams + 1);

            monotonic.set(20_000_000_000L);
            looks.set(0);
            long since = System.nanoTime();
            busy.append(event(0), 21_000_000_000L, 99L); // a second later
            busy.flush();
            assertThat(next(reader, 1)).containsExactly("event0 99");

            long nanos = System.nanoTime() - since;
            long most =
                    streams * (nanos / FollowedReader.LONG_WAIT_NANOS + 3)
                            + nanos / FollowedReader.WAIT_NANOS;
            assertThat(looks.get()).isLessThanOrEqualTo(most);
        }
    }

    /// Where a recorder is late, what others have recorded waits for it.
    @Test
    void waitsLongerWhereEventsHaveComeLate() throws IOException {
        long second = 1_000_000_000;
        long step = 10_000_000;
        monotonic.set(second);
        LongSupplier clock = () -> monotonic.addAndGet(step);
        try (FollowedReader reader = FollowedReader.open(root, clock);
                CtfWriter writer = writer(root)) {
            CtfStream one = writer.stream(STREAM, "channel0_0");
            CtfStream two = writer.stream(STREAM, "channel0_1");
            one.append(event(0), 1, 1L);
            two.append(event(0), 2, 2L);
            one.append(event(0), second, 3L);
            one.flush();
            two.flush();
            assertThat(next(reader, 3)).containsExactly("event0 1", "event0 2", "event0 3");
            two.append(event(0), second / 2, 4L); // half a second later than it may
            two.flush();
            assertThat(next(reader, 1)).containsExactly("event0 4");

            long now = monotonic.get();
            one.append(event(0), now, 5L);
            one.flush();
            assertThat(next(reader, 1)).containsExactly("event0 5");
            assertThat(monotonic.get() - now)
                    .isGreaterThanOrEqualTo(FollowedReader.MOMENT_NANOS + second / 2 - step);
        }
    }

    /// A recorder lets the last packet grow in place.
    @Test
    void givesTheEventsOfAPacketThatGrowsOnce() throws IOException {
        write(root.resolve("grown"), 5);
        Path followed = root.resolve("followed");
        write(followed, 2);
        try (FollowedReader reader = FollowedReader.open(followed, monotonic::get)) {
            assertThat(next(reader, 2)).containsExactly("event0 0", "event0 1");
            for (String each : List.of("channel0_0", "index/channel0_0.idx")) {
                Files.write(
                        followed.resolve(each),
                        Files.readAllBytes(root.resolve("grown").resolve(each)),
                        StandardOpenOption.WRITE);
            }
            assertThat(next(reader, 3)).containsExactly("event0 2", "event0 3", "event0 4");
        }
    }

    /// The header of the last packet says that it has grown before the index does.
    @Test
    void givesTheEventsOfAPacketWhoseIndexIsBehind() throws IOException {
        write(root.resolve("more"), 5);
        write(root.resolve("most"), 7);
        Path followed = root.resolve("followed");
        write(followed, 2);
        put("more", followed, "channel0_0");
        try (FollowedReader reader = FollowedReader.open(followed, monotonic::get)) {
            for (int i = 0; i < 5; i++) {
                assertThat(next(reader, 1)).containsExactly("event0 " + i);
            }
            put("most", followed, "channel0_0");
            put("most", followed, "index/channel0_0.idx");
            assertThat(next(reader, 2)).containsExactly("event0 5", "event0 6");
        }
    }

    private void put(String from, Path to, String file) throws IOException {
        Files.write(
                to.resolve(file),
                Files.readAllBytes(root.resolve(from).resolve(file)),
                StandardOpenOption.WRITE);
    }

    private static void write(Path folder, int events) throws IOException {
        try (CtfWriter writer = writer(folder)) {
            CtfStream stream = writer.stream(STREAM, "channel0_0");
            for (int i = 0; i < events; i++) {
                stream.append(event(0), 10 * i, (long) i);
            }
        }
    }

    /// With a limit to its files, a stream goes on in the next one, and begins again with the
    /// first.
    @Test
    void goesOnFromFileToFileAndSaysWhatItHasMissed() throws IOException {
        Path all = root.resolve("all");
        for (int file = 0; file < 4; file++) {
            try (CtfWriter writer = writer(all.resolve("" + file))) {
                CtfStream stream = writer.stream(STREAM, 0, "channel0_0_" + file % 2);
                stream.skipPackets(file);
                stream.append(event(0), 10 * file, (long) file);
            }
        }
        Path followed = Files.createDirectories(root.resolve("followed/index")).getParent();
        Files.copy(all.resolve("0/metadata"), followed.resolve("metadata"));
        try (FollowedReader reader = FollowedReader.open(followed, monotonic::get)) {
            move(all.resolve("0"), followed, "channel0_0_0");
            assertThat(next(reader, 1)).containsExactly("event0 0");
            move(all.resolve("1"), followed, "channel0_0_1");
            assertThat(next(reader, 1)).containsExactly("event0 1");
            move(all.resolve("3"), followed, "channel0_0_1");
            assertThat(next(reader, 1)).containsExactly("lost 1", "event0 3");
        }
    }

    /// As a recorder does: the file that was there goes, and another one comes.
    private static void move(Path from, Path to, String name) throws IOException {
        for (String each : List.of(name, "index/" + name + ".idx")) {
            Files.deleteIfExists(to.resolve(each));
            Files.move(from.resolve(each), to.resolve(each));
        }
    }

    private static long openFiles(Path folder) throws IOException {
        long open = 0;
        try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                try {
                    open += Files.readSymbolicLink(each).startsWith(folder) ? 1 : 0;
                } catch (NoSuchFileException e) {
                    continue; // closed meanwhile
                }
            }
        }
        return open;
    }

    /// Applications come and go for days.
    @Test
    void closesTheFilesOfStreamsThatHaveBeenQuietForVeryLong() throws Exception {
        monotonic.set(0);
        int streams = 300;
        try (FollowedReader reader = FollowedReader.open(root, monotonic::get);
                CtfWriter writer = writer(root)) {
            var all = new ArrayList<CtfStream>();
            for (int i = 0; i < streams; i++) {
                CtfStream stream = writer.stream(STREAM, "channel0_" + i);
                stream.append(event(0), i, (long) i);
                stream.flush();
                all.add(stream);
            }
            monotonic.set(LATER);
            assertThat(next(reader, streams)).hasSize(streams);
            long written = 2L * streams; // by who writes

            CtfStream busy = writer.stream(STREAM, "channel0_" + streams);
            while (reader.resting() < streams) {
                monotonic.addAndGet(FollowedReader.REST_NANOS);
                busy.append(event(0), monotonic.get() - FollowedReader.REST_NANOS / 2, -1L);
                busy.flush();
                assertThat(next(reader, 1)).containsExactly("event0 -1");
            }
            assertThat(openFiles(root.toRealPath())).isLessThan(written + 10);

            CtfStream woken = all.get(7);
            woken.append(event(0), monotonic.get() - FollowedReader.REST_NANOS / 4, 1007L);
            woken.flush();
            assertThat(next(reader, 1)).containsExactly("event0 1007");
            assertThat(reader.resting()).isEqualTo(streams - 1);
        }
    }
}
