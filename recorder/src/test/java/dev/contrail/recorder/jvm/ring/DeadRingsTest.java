// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadRingsTest {
    private static final int PROCESS_START = 24;
    private static final int HEARTBEAT = 192;
    private static final AtomicLong SESSIONS = new AtomicLong(0xdead0000L);

    @TempDir private Path directory;
    private final List<Path> givenUp = new ArrayList<>();
    private final int uid = uid();
    private final RingDirectories directories = new RingDirectories(uid);
    private final DeadRings dead = new DeadRings(directories, this::givenUp);

    /// Others may have rings on this machine too.
    private void givenUp(Path ring) {
        if (ring.startsWith(directory)) {
            givenUp.add(ring);
        }
    }

    @Test
    void theLastClaimThatEndsTakesTheRingWithIt() throws Exception {
        long one = SESSIONS.incrementAndGet();
        long other = SESSIONS.incrementAndGet();
        Path ring = ended(one, other);

        dead.release(ring, uid, pool -> pool.sessionId() == one);
        assertThat(ring).exists();
        dead.tidy();
        assertThat(ring).exists();
        assertThat(dead.hasDeleted(ring)).isFalse();
        dead.release(ring, uid, pool -> pool.sessionId() == other);

        assertThat(ring).doesNotExist();
        assertThat(dead.hasDeleted(ring)).isTrue();
    }

    @Test
    void aRingThatOnlyKeepersClaimTakesNoMoreThanItHolds() throws Exception {
        long session = SESSIONS.incrementAndGet();
        Path ring = ended(session);
        long before = stored(ring);
        dead.keeper(session);

        dead.tidy();

        assertThat(stored(ring)).isLessThan(before / 4);
        try (RingFile shrunk = RingFile.open(ring, uid)) {
            assertThat(shrunk.isShrunk()).isTrue();
            for (Pool pool : shrunk.pools()) {
                assertThat(pool.snapshot().totals().recorded()).isZero();
            }
        }
        assertThat(directory.toFile().list()).containsExactly(ring.getFileName().toString());
    }

    /// As many as would be too large as they were: shrunk they are small, also in the pass that
    /// shrinks them.
    @Test
    void programsThatEndTogetherCostNoHistoryThatFits() throws Exception {
        long session = SESSIONS.incrementAndGet();
        dead.keeper(session);
        long one = stored(ended(session));
        long most =
                Math.min(DeadRings.MAX_BYTES, Files.getFileStore(directory).getTotalSpace() / 4);
        SortedMap<Long, byte[]> pages = pages(directory.resolve(session + ".ring"));
        for (long bytes = one; bytes < most + one && bytes < 200 * one; bytes += one) {
            copy(pages, "more" + bytes);
        }

        dead.tidy();

        assertThat(givenUp).isEmpty();
    }

    @Test
    void theOldestBeyondTheBoundAreGivenUp() throws Exception {
        long session = SESSIONS.incrementAndGet();
        dead.keeper(session);
        Path ring = ended(session);
        dead.tidy(); // shrinks it: its copies are small
        SortedMap<Long, byte[]> pages = pages(ring);
        var older = new ArrayList<Path>();
        for (int i = 1; i < DeadRings.MAX_RINGS + 3; i++) {
            Path copy = copy(pages, "older" + i);
            try (var file = new RandomAccessFile(copy.toFile(), "rw")) {
                file.seek(HEARTBEAT);
                file.writeLong(Long.reverseBytes(System.nanoTime() - i * 1_000_000_000L));
            }
            older.add(copy);
        }

        dead.tidy();

        assertThat(givenUp)
                .containsExactlyElementsOf(older.subList(DeadRings.MAX_RINGS - 1, older.size()));
    }

    /// Such as a pool that was made, and not told of, when its process was killed.
    @Test
    void aDestroyedSessionClaimsNothing() throws Exception {
        long session = SESSIONS.incrementAndGet();
        Path ring = ended(session);
        Path other = ended(SESSIONS.incrementAndGet());
        dead.noKeeper(session);

        dead.tidy();

        assertThat(ring).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void aDaemonThatEndsAtOnceLeavesNothingOfASessionThatWasDestroyed() throws Exception {
        var housekeeping = new Housekeeping(directories, this::givenUp, () -> {});
        Path before = ended(SESSIONS.incrementAndGet());
        housekeeping.noKeeper(SESSIONS.get());
        housekeeping.start();
        while (Files.exists(before)) { // the first look has been
            Thread.onSpinWait();
        }
        Path ring = ended(SESSIONS.incrementAndGet());
        housekeeping.noKeeper(SESSIONS.get());

        housekeeping.close();

        assertThat(ring).doesNotExist();
    }

    @Test
    void whatAnotherDaemonClaimsIsLeftAsItIs() throws Exception {
        long ours = SESSIONS.incrementAndGet();
        Path ring = ended(ours, SESSIONS.incrementAndGet());
        dead.keeper(ours);

        dead.tidy();

        try (RingFile file = RingFile.open(ring, uid)) {
            assertThat(file.isShrunk()).isFalse();
        }
    }

    @Test
    void aClaimThatNobodyLooksAfterEndsAfterADay() throws Exception {
        long session = SESSIONS.incrementAndGet();
        Path fresh = ended(session);
        Path old = ended(SESSIONS.incrementAndGet());
        try (var file = new RandomAccessFile(old.toFile(), "rw")) {
            file.seek(HEARTBEAT);
            file.writeLong(Long.reverseBytes(System.nanoTime() - 90_000_000_000_000L));
        }

        dead.tidy();

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void aLivingProcessKeepsItsRing() throws Exception {
        Path own = RingWriter.open().file();
        RingWriter.open().openPool(SESSIONS.incrementAndGet(), 0, PoolMode.DISCARD, 4096, 16);
        dead.release(own, uid, pool -> pool.sessionId() == SESSIONS.get());
        directories.remember(own, uid);

        dead.tidy();

        assertThat(own).exists();
        try (RingFile file = RingFile.open(own, uid)) {
            assertThat(file.pools()).anyMatch(pool -> pool.sessionId() == SESSIONS.get());
        }
    }

    /// A ring with a pool of each session, whose process has another's id.
    private Path ended(long... sessions) throws IOException, PoolRefusedException {
        RingWriter writer = RingWriter.open();
        var pools = new ArrayList<dev.contrail.tracer.ring.write.WriterPool>();
        for (long session : sessions) {
            pools.add(writer.openPool(session, 0, PoolMode.OVERWRITE, 4096, 64));
        }
        Path ring = directory.resolve(sessions[0] + ".ring");
        Files.copy(writer.file(), ring);
        pools.forEach(writer::dropPool);
        try (var file = new RandomAccessFile(ring.toFile(), "rw")) {
            file.seek(PROCESS_START);
            file.writeLong(Long.reverseBytes(1));
        }
        try (RingFile file = RingFile.open(ring, uid)) { // what other tests have left in it
            for (Pool pool : file.pools()) {
                if (!List.of(box(sessions)).contains(pool.sessionId())) {
                    pool.release();
                }
            }
        }
        directories.remember(ring, uid);
        return ring;
    }

    /// What a ring holds, by its place: most of the file is nothing.
    private static SortedMap<Long, byte[]> pages(Path ring) throws IOException {
        var pages = new TreeMap<Long, byte[]>();
        byte[] nothing = new byte[4096];
        try (var file = new BufferedInputStream(Files.newInputStream(ring), 1 << 20)) {
            long at = 0;
            for (byte[] page; (page = file.readNBytes(nothing.length)).length > 0; ) {
                at += page.length;
                if (at == Files.size(ring) || !Arrays.equals(page, nothing)) {
                    pages.put(at - page.length, page);
                }
            }
        }
        return pages;
    }

    private Path copy(SortedMap<Long, byte[]> pages, String name) throws IOException {
        Path copy = directory.resolve(name + ".ring");
        try (var file = new RandomAccessFile(copy.toFile(), "rw")) {
            for (var page : pages.entrySet()) {
                file.seek(page.getKey());
                file.write(page.getValue());
            }
        }
        directories.remember(copy, uid);
        return copy;
    }

    private static Long[] box(long... sessions) {
        return Arrays.stream(sessions).boxed().toArray(Long[]::new);
    }

    private long stored(Path ring) throws IOException {
        try (RingFile file = RingFile.open(ring, uid)) {
            return file.storedBytes();
        }
    }

    private static int uid() {
        try {
            return ProcFacts.userId();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
