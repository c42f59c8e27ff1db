// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
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

    private final RingView view;
    private final Object fileKey;
    private final int owner;
    private final long processId;
    private final long processStart;
    private final UUID uuid;
    private final WriterProcess writer;
    private final long clockOffset;
    private final Map<Integer, Pool> known = new HashMap<>();

    private RingFile(RingView view, int owner, Object fileKey) {
        this.view = view;
        this.owner = owner;
        this.fileKey = fileKey;
        processId = view.getLong(Layout.H_PROCESS_ID);
        processStart = view.getLong(Layout.H_PROCESS_START);
        uuid = uuid(view, Layout.H_UUID);
        boolean isNamespaceTold = view.getShort(Layout.H_MINOR) >= 1;
        writer =
                new WriterProcess(
                        processId,
                        processStart,
                        isNamespaceTold ? view.getLong(Layout.H_PID_NAMESPACE) : 0,
                        isNamespaceTold ? uuid(view, Layout.H_BOOT) : ProcFiles.NO_BOOT);
        clockOffset = view.getLong(Layout.H_REALTIME) - view.getLong(Layout.H_MONOTONIC);
    }

    private static UUID uuid(RingView view, int at) {
        return new UUID(
                Long.reverseBytes(view.getLong(at)), Long.reverseBytes(view.getLong(at + 8)));
    }

    /// Opens `file` without following links.
    ///
    /// @param ownerUid the user who must own the file, or -1 for any
    /// @throws RingException when it is not a regular file with one link and that owner, or not a
    ///   ring, or damaged
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
                if (view != null) view.close();
                throw e;
            }
        }
        throw new RingException(file, "replaced each time that it was being opened");
    }

    private static Map<String, Object> checkedAttributes(Path file, int ownerUid)
            throws IOException {
        Map<String, Object> found = Files.readAttributes(file, ATTRIBUTES, NOFOLLOW_LINKS);
        if (!(Boolean) found.get("isRegularFile"))
            throw new RingException(file, "not a regular file");
        if ((Integer) found.get("nlink") != 1)
            throw new RingException(file, found.get("nlink") + " links, want 1");
        if (ownerUid != -1 && (Integer) found.get("uid") != ownerUid)
            throw new RingException(
                    file, "owned by user " + found.get("uid") + ", want " + ownerUid);
        return found;
    }

    private static void checkHeader(RingView view) throws RingException {
        long magic = view.getLongAcquire(Layout.H_MAGIC);
        if (magic != Layout.MAGIC)
            throw RingException.at(
                    view.file(),
                    Layout.H_MAGIC,
                    "magic",
                    Long.toHexString(Layout.MAGIC),
                    Long.toHexString(magic));
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

    /// An offset and, behind it, a number of elements, that must lie inside the file.
    private static void checkArea(RingView view, String what, long at, long elementSize)
            throws RingException {
        long offset = Integer.toUnsignedLong(view.getInt(at));
        long length = Integer.toUnsignedLong(view.getInt(at + 4)) * elementSize;
        view.checked(what + " offset", at, offset, Layout.HEADER_SIZE, view.size());
        if (offset % 8 != 0)
            throw RingException.at(view.file(), at, what + " offset", "a multiple of 8", offset);
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

    /// The user id that owns the file.
    public int owner() {
        return owner;
    }

    /// Nanoseconds since 1970 at tick zero: what to add to a time of a record.
    public long clockOffset() {
        return clockOffset;
    }

    /// Whether the process that writes the file still runs.
    public WriterState writer() {
        return writer.state();
    }

    /// The id of that process as this one counts; 0 when it cannot be found.
    public long foundProcessId() {
        return writer.foundId();
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
        return view.guarded(() ->
                view.getShort(Layout.H_MINOR) < 1
                        || uuid(view, Layout.H_BOOT).equals(ProcFiles.BOOT));
    }

    /// How long ago its process last gave a sign of life, in nanoseconds.
    public long silentNanos() throws IOException {
        return silentNanos(0);
    }

    /// The same when there was another sign at the time `sign`, by the ring's clock; 0 for none.
    long silentNanos(long sign) throws IOException {
        return view.guarded(() -> {
            long beat = view.getLongAcquire(Layout.H_HEARTBEAT);
            long last = sign == 0 ? beat : Math.max(sign, beat);
            if (!isOfThisBoot()) {
                ClockPair now = ClockPair.read(1);
                return Math.max(0, now.realtime() - clockOffset - last);
            }
            return Math.max(0, TracerClock.nanos() - last);
        });
    }

    /// How much memory the file takes, about.
    public long storedBytes() throws IOException {
        return view.guarded(() -> {
            long shrunk = view.getLong(Layout.H_SHRUNK_BYTES);
            if (shrunk > 0) return Math.min(shrunk, view.size());
            long sum = Layout.METADATA_OFFSET + view.getLongAcquire(Layout.H_METADATA_LENGTH);
            for (Pool pool : pools()) sum += pool.descriptor().bytes();
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
        return new ShrunkRing(this, to).write();
    }

    RingView view() {
        return view;
    }

    /// When the tracer's link thread last ran (`CLOCK_MONOTONIC`).
    public long heartbeatNanos() throws IOException {
        return view.guarded(() -> view.getLongAcquire(Layout.H_HEARTBEAT));
    }

    /// The pools that are active or draining now. The same object is returned for the same pool.
    public List<Pool> pools() throws IOException {
        return view.guarded(() -> {
            long from = Integer.toUnsignedLong(view.getInt(Layout.H_POOLS_OFFSET));
            int count = Math.min(view.getInt(Layout.H_POOLS), Layout.POOLS);
            List<Pool> found = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                PoolDescriptor read =
                        PoolDescriptor.read(view, from + (long) i * Layout.POOL_SIZE, i);
                if (read == null) continue;
                Pool pool = known.get(i);
                if (pool == null || !pool.descriptor().equals(read))
                    known.put(i, pool = new Pool(this, view, read));
                found.add(pool);
            }
            return found;
        });
    }

    /// The event classes described for `pool`. Read them after the packets that need them.
    public List<EventDescription> events(Pool pool) throws IOException {
        return view.guarded(() -> MetadataReader.events(view, pool.descriptor()));
    }

    /// What the records of `pool` have between header and payload, as [EventContext#fields].
    public List<EventField> context(Pool pool) throws IOException {
        return view.guarded(() -> MetadataReader.context(view, pool.descriptor()));
    }

    @Override
    public void close() throws IOException {
        view.close();
    }
}
