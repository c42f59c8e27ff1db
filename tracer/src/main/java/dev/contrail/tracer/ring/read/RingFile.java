// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.ProgramName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// One process's ring file, opened by a reader or consumer in another process. Owned by one thread.
///
/// Works alike while the process lives and after its death. Everything read from the file is
/// checked; what cannot be is a [RingException], and the file is of no more use then.
public final class RingFile implements AutoCloseable {
    private static final String ATTRIBUTES = "unix:isRegularFile,uid,nlink,fileKey";

    private static final int OPEN_ATTEMPTS = 8;

    private static final String UNMADE =
            "not a ring yet, or no more: its first bytes are zero. Its program is just making it,"
                    + " was killed at that, or gave it up; nothing can be read from it, and once"
                    + " that program has ended it can be deleted";

    private static final String OTHER =
            "not a ring: it does not begin with the word CONTRAIL. Rings are the files that"
                    + " programs leave in /dev/shm/contrail-UID, and whole copies of them";

    private final RingView view;
    private final Object fileKey;
    private final int owner;
    private final long processId;
    private final long processStart;
    private final UUID uuid;
    private final LifeSigns life;
    private final Map<Integer, Pool> known = new HashMap<>();

    private RingFile(RingView view, int owner, Object fileKey) {
        this.view = view;
        this.owner = owner;
        this.fileKey = fileKey;
        processId = view.getLong(Layout.H_PROCESS_ID);
        processStart = view.getLong(Layout.H_PROCESS_START);
        uuid = view.getUuid(Layout.H_UUID);
        life = new LifeSigns(view);
    }

    /// Opens `file` without following links.
    ///
    /// @param ownerUid the user who must own the file, or -1 for any
    /// @throws RingException when it is not a regular file with one link and that owner, or not a
    ///   ring, or damaged
    @SuppressWarnings("NullAway") // the attributes asked for are there
    public static RingFile open(Path file, int ownerUid) throws IOException, RingException {
        // A smaller copy takes the place of an ended process's ring: then it is looked at again.
        for (int attempt = 1; attempt <= OPEN_ATTEMPTS; attempt++) {
            Map<String, Object> before = checkedAttributes(file, ownerUid);
            FileChannel channel = FileChannel.open(file, Set.of(READ, WRITE, NOFOLLOW_LINKS));
            RingView view = null;
            try {
                Map<String, Object> after = checkedAttributes(file, ownerUid);
                if (!before.equals(after)) {
                    channel.close();
                    continue;
                }
                RingView opened = view = new RingView(file, channel);
                return view.guarded(() -> {
                    checkHeader(opened);
                    return new RingFile(opened, (Integer) after.get("uid"), after.get("fileKey"));
                });
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                if (view != null) {
                    view.close();
                }
                throw e;
            }
        }
        throw new RingException(file, "replaced each time that it was being opened");
    }

    @SuppressWarnings("NullAway") // they are there
    private static Map<String, Object> checkedAttributes(Path file, int ownerUid)
            throws IOException {
        Map<String, Object> found = Files.readAttributes(file, ATTRIBUTES, NOFOLLOW_LINKS);
        if (!(Boolean) found.get("isRegularFile")) {
            throw new RingException(file, "not a regular file");
        }
        if ((Integer) found.get("nlink") != 1) {
            throw new RingException(file, found.get("nlink") + " links, want 1");
        }
        if (ownerUid != -1 && (Integer) found.get("uid") != ownerUid) {
            throw new RingException(
                    file, "owned by user " + found.get("uid") + ", want " + ownerUid);
        }
        return found;
    }

    private static void checkHeader(RingView view) throws RingException {
        long magic = view.getLongAcquire(Layout.H_MAGIC);
        if (magic != Layout.MAGIC) {
            throw new RingException(view.file(), magic == 0 ? UNMADE : OTHER);
        }
        view.isRing();
        int major = view.getShort(Layout.H_MAJOR);
        view.checked("layout version", Layout.H_MAJOR, major, Layout.MAJOR, Layout.MAJOR);
        checkInt(view, "header size", Layout.H_HEADER_SIZE, Layout.HEADER_SIZE, view.size());
        checkInt(view, "clock kind", Layout.H_CLOCK_KIND, 0, 1);
        long frequency = view.getLong(Layout.H_CLOCK_FREQUENCY);
        view.checked("clock frequency", Layout.H_CLOCK_FREQUENCY, frequency, 1, Long.MAX_VALUE);
        checkArea(view, "metadata", Layout.H_METADATA_OFFSET, 1);
        view.checked(
                "number of pools",
                Layout.H_POOLS,
                Integer.toUnsignedLong(view.getInt(Layout.H_POOLS)),
                0,
                Layout.POOLS);
        checkArea(view, "pools", Layout.H_POOLS_OFFSET, Layout.POOL_SIZE);
    }

    private static void checkInt(RingView view, String what, long at, long least, long most)
            throws RingException {
        view.checked(what, at, Integer.toUnsignedLong(view.getInt(at)), least, most);
    }

    /// An offset and, after it, a number of elements, that must lie inside the file.
    private static void checkArea(RingView view, String what, long at, long elementSize)
            throws RingException {
        long offset = Integer.toUnsignedLong(view.getInt(at));
        long length = Integer.toUnsignedLong(view.getInt(at + 4)) * elementSize;
        view.checked(what + " offset", at, offset, Layout.HEADER_SIZE, view.size());
        if (offset % 8 != 0) {
            throw RingException.at(view.file(), at, what + " offset", "a multiple of 8", offset);
        }
        view.checked(what + " end", at + 4, offset + length, offset, view.size());
    }

    public Path path() {
        return view.file();
    }

    /// As the process itself sees it.
    public long processId() {
        return processId;
    }

    /// The start time of the process, in clock ticks after boot (`/proc/PID/stat`).
    public long processStart() {
        return processStart;
    }

    public UUID uuid() {
        return uuid;
    }

    /// What the process is called; empty where its tracer did not tell yet.
    public String programName() throws IOException {
        return view.guarded(() -> {
            if (view.getShort(Layout.H_MINOR) < 4) {
                return "";
            }
            ByteBuffer name = ByteBuffer.allocate(Layout.PROGRAM_SIZE);
            view.copy(Layout.H_PROGRAM, name, Layout.PROGRAM_SIZE);
            return ProgramName.decoded(name.array());
        });
    }

    /// The user id that owns the file.
    public int owner() {
        return owner;
    }

    /// Nanoseconds since 1970 at tick zero: what to add to a time of a record.
    public long clockOffset() {
        return life.clockOffset();
    }

    /// Whether the process that writes the file still runs.
    public WriterState writer() {
        return life.writer();
    }

    /// The id of that process as this one counts; 0 when it cannot be found.
    public long foundProcessId() {
        return life.foundProcessId();
    }

    /// Whether the file that was opened still lies at its path.
    public boolean isInPlace() {
        try {
            return fileKey.equals(checkedAttributes(path(), owner).get("fileKey"));
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether its times are of this boot of the machine: a ring on a disk outlives one.
    public boolean isOfThisBoot() throws IOException {
        return life.isOfThisBoot();
    }

    /// How long ago its process last gave a sign of life, in nanoseconds.
    public long silentNanos() throws IOException {
        return life.silentNanos(0);
    }

    /// How much memory the file takes, about.
    public long storedBytes() throws IOException {
        return view.guarded(() -> {
            long shrunk = view.getLong(Layout.H_SHRUNK_BYTES);
            if (shrunk > 0) {
                return Math.min(shrunk, view.size());
            }
            long sum = Layout.METADATA_OFFSET + view.getLongAcquire(Layout.H_METADATA_LENGTH);
            for (PoolDescriptor pool : PoolDescriptor.readAll(view)) {
                sum += pool.bytes();
            }
            return Math.max(0, Math.min(sum, view.size()));
        });
    }

    /// Whether it is a copy that holds only what an ended process has left to read.
    public boolean isShrunk() throws IOException {
        return view.guarded(() -> view.getLong(Layout.H_SHRUNK_BYTES) > 0);
    }

    /// Writes a copy that holds only what is left to read. The process must have ended.
    ///
    /// @param to an empty file
    /// @return the bytes that it takes
    public long writeShrunk(SeekableByteChannel to) throws IOException {
        return new ShrunkRing(view, to).write();
    }

    /// When the tracer's link thread last ran (`CLOCK_MONOTONIC`).
    public long heartbeatNanos() throws IOException {
        return life.heartbeatNanos();
    }

    /// Whether its process has begun to end in order, by an exit, a signal that it has handled, or
    /// with its last thread: one that has ended and has not was killed, has crashed or has halted.
    /// True for one with a tracer that did not say so yet.
    public boolean isEndTold() throws IOException {
        return life.isEndTold();
    }

    /// Until when the process may have recorded, by the ring's clock: for one that has ended a
    /// little after its last sign of life, and always the same; `Long.MAX_VALUE` for one that may
    /// live.
    public long untilTicks() throws IOException {
        return life.untilTicks();
    }

    /// The pools that are active or draining now. The same object is returned for the same pool.
    public List<Pool> pools() throws IOException {
        return view.guarded(() -> {
            List<Pool> found = new ArrayList<>();
            for (PoolDescriptor read : PoolDescriptor.readAll(view)) {
                Pool pool = known.get(read.index());
                if (pool == null || !pool.descriptor().equals(read)) {
                    known.put(read.index(), pool = new Pool(view, read, life));
                }
                found.add(pool);
            }
            return found;
        });
    }

    /// The event classes described for `pool`. Read them after the packets that need them.
    public List<EventDescription> events(Pool pool) throws IOException {
        return view.guarded(() -> MetadataReader.events(view, pool.descriptor()));
    }

    /// What the records of `pool` have between header and payload, as `EventContext.fields`.
    public List<EventField> context(Pool pool) throws IOException {
        return view.guarded(() -> MetadataReader.context(view, pool.descriptor()));
    }

    @Override
    public void close() throws IOException {
        view.close();
    }
}
