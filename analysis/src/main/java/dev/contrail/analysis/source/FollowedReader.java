// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.PacketSource;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Follows the traces that sessions of this machine write into a folder, merged in time order, a
/// moment after they were recorded.
///
/// Files do not say that nothing comes. So a stream that has nothing new counts as silent up to a
/// moment ago: what is written later than that comes out of order, and makes the moment longer.
public final class FollowedReader implements MessageIterator {
    /// How long an event may take to the disk: measured at most half of this (`bench/RESULTS.md`).
    static final long MOMENT_NANOS = 400_000_000;

    /// How long it may take where it was seen to take longer, as on a machine that is overloaded.
    static final long LONGEST_MOMENT_NANOS = 5_000_000_000L;

    /// By so much of it a longer moment becomes shorter with each packet that came in time.
    private static final int SHORTER = 64;

    private static final long SCAN_NANOS = 100_000_000;

    /// At most one in so many nanoseconds is spent on looking for new files.
    private static final int SCAN_PART = 20;

    /// Between two looks at a stream that has nothing new. Looking costs system calls, which a
    /// trace of system calls has in it.
    static final long WAIT_NANOS = 20_000_000;

    /// Between two looks at one that has had nothing for long: of an application that idles, or has
    /// ended.
    static final long LONG_WAIT_NANOS = 200_000_000;

    private static final long LONG_QUIET_NANOS = 10_000_000_000L;

    /// A stream that has had nothing for so long rests: its files are closed, it is looked at as
    /// often as for new files, and nobody waits for it. Most of them never get anything again.
    static final long REST_NANOS = 60_000_000_000L;

    /// One stream.
    private static final class Lane {
        private final FollowedFolder folder;
        private final FollowedStream packets;
        private @Nullable StreamSource source;
        private boolean isReady;

        /// When it was found to have nothing new ([System#nanoTime]).
        private long looked;

        private boolean isSilent;

        /// When it had something new, by the traces' clock.
        private long heard;

        /// How long it is left alone.
        private long waitNanos = WAIT_NANOS;

        /// Nothing comes from before this time, or it is late.
        private long floor = Long.MIN_VALUE;

        /// The moment by which that time was promised.
        private long moment = MOMENT_NANOS;

        /// Whether the packet that it is in has given nothing yet.
        private boolean isFresh;

        /// The packet that it is in, and how many of its events were given.
        private long sequence = -1;

        private long given;

        /// Events of the packet that were given before it grew.
        private long known;

        Lane(FollowedFolder folder, FollowedStream packets) {
            this.folder = folder;
            this.packets = packets;
        }

        long time() {
            return isReady ? at().nanos() : floor;
        }

        boolean isBefore(Lane other) {
            return time() < other.time() || time() == other.time() && isReady && !other.isReady;
        }

        StreamSource at() {
            return Objects.requireNonNull(source);
        }

        /// Whether the message is new, and none of a packet that has grown.
        boolean isNew() {
            switch (at().current()) {
                case Message.PacketBegin _ -> {
                    long number = at().entry().sequence();
                    known = number == sequence ? given : 0;
                    given = number == sequence ? given : 0;
                    sequence = number;
                }
                case Message.EventRecord _ -> {
                    if (known > 0) {
                        known--;
                        return false;
                    }
                    given++;
                }
                case Message _ -> {}
            }
            return true;
        }
    }

    private final Path root;
    private final LongSupplier monotonic;
    private final Map<Path, FollowedFolder> folders = new HashMap<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Lane> resting = new ArrayList<>();
    private @Nullable Lane present;

    /// No other lane has anything from before this time.
    private long othersNanos = Long.MIN_VALUE;

    private long momentNanos = MOMENT_NANOS;
    private long scanned;
    private long scanWaitNanos = SCAN_NANOS;
    private boolean isScanned;
    private volatile boolean isClosed;

    private FollowedReader(Path root, LongSupplier monotonic) {
        this.root = root;
        this.monotonic = monotonic;
    }

    /// Follows what is written in and below a folder, which may not be there yet. It has no end: an
    /// interrupt ends waiting.
    public static FollowedReader open(Path root) {
        return new FollowedReader(root, System::nanoTime);
    }

    /// @param monotonic the time of the traces' clock, CLOCK_MONOTONIC
    static FollowedReader open(Path root, LongSupplier monotonic) {
        return new FollowedReader(root, monotonic);
    }

    @Override
    public boolean next() throws IOException {
        Lane moved = present;
        if (moved != null) {
            advance(moved);
            if (moved.isReady && moved.time() < othersNanos && !isScanDue()) {
                return true;
            }
            present = null;
        }
        while (true) {
            scan();
            Lane least = least();
            if (least != null && least.isReady) {
                present = least;
                return true;
            }
            if (least == null || !advance(least)) {
                await();
            }
        }
    }

    private @Nullable Lane least() {
        Lane least = null;
        othersNanos = Long.MAX_VALUE;
        for (Lane each : lanes) {
            if (least == null) {
                least = each;
            } else if (each.isBefore(least)) {
                othersNanos = Math.min(othersNanos, least.time());
                least = each;
            } else {
                othersNanos = Math.min(othersNanos, each.time());
            }
        }
        return least;
    }

    private void await() throws InterruptedIOException {
        LockSupport.parkNanos(this, WAIT_NANOS);
        if (Thread.currentThread().isInterrupted() || isClosed) {
            throw new InterruptedIOException("interrupted in waiting for what is recorded");
        }
    }

    private boolean isScanDue() {
        return !isScanned || System.nanoTime() - scanned >= scanWaitNanos;
    }

    private void scan() throws IOException {
        if (!isScanDue()) {
            return;
        }
        long begin = System.nanoTime();
        if (Files.isDirectory(root)) {
            find();
        }
        rouse();
        scanned = System.nanoTime();
        scanWaitNanos = Math.max(SCAN_NANOS, SCAN_PART * (scanned - begin));
        isScanned = true;
    }

    private void find() throws IOException {
        for (Path each : TraceFolder.find(root, _ -> {})) {
            FollowedFolder folder = folders.computeIfAbsent(each, FollowedFolder::new);
            for (FollowedStream stream : folder.look()) {
                lanes.add(new Lane(folder, stream));
            }
        }
    }

    private void rouse() throws IOException {
        var roused = new ArrayList<Lane>();
        for (Lane each : resting) {
            if (each.packets.isRoused()) {
                roused.add(each);
            }
        }
        long now = monotonic.getAsLong();
        for (Lane each : roused) {
            each.isSilent = false;
            each.heard = now;
        }
        resting.removeAll(Set.copyOf(roused));
        lanes.addAll(roused);
        for (Lane each : roused) {
            advance(each);
        }
    }

    /// Streams that rest: their files are closed.
    int resting() {
        return resting.size();
    }

    /// Moves a lane on if that can be done without waiting.
    ///
    /// @return whether more is known now
    private boolean advance(Lane lane) throws IOException {
        do {
            if (lane.source == null || lane.source.needsPacket()) {
                lane.isReady = false;
                if (lane.isSilent && System.nanoTime() - lane.looked < lane.waitNanos) {
                    return false;
                }
                long before = lane.floor;
                long now = monotonic.getAsLong();
                lane.isSilent = lane.packets.look() instanceof PacketSource.NotYet;
                if (lane.isSilent) {
                    lane.looked = System.nanoTime();
                    lane.floor = Math.max(before, aMomentBefore(lane, now));
                    lane.moment = momentNanos;
                    boolean isLong = now - lane.heard > LONG_QUIET_NANOS;
                    lane.waitNanos = isLong ? LONG_WAIT_NANOS : WAIT_NANOS;
                    if (now - lane.heard > REST_NANOS && lane.packets.rest()) {
                        lanes.remove(lane);
                        resting.add(lane);
                        if (lane.source != null) {
                            lane.source.redeclare(lane.source.tracePlan()); // holds no packet
                        }
                        return true;
                    }
                    return lane.floor > before;
                }
                if (!declare(lane)) {
                    return false;
                }
                lane.isFresh = true;
                lane.heard = now;
            }
            lane.isReady = lane.at().next();
        } while (lane.isReady && !lane.isNew());
        long nanos = lane.at().nanos();
        if (lane.isReady && lane.isFresh && lane.at().current() instanceof Message.EventRecord) {
            lane.isFresh = false;
            learn(lane, lane.floor - nanos);
        }
        lane.floor = Math.max(lane.floor, nanos);
        return true;
    }

    /// @param late how much earlier a packet begins than was promised; not above 0 for one in time
    private void learn(Lane lane, long late) {
        if (late > 0) {
            momentNanos = Math.clamp(lane.moment + late, momentNanos, LONGEST_MOMENT_NANOS);
        } else {
            long more = momentNanos - MOMENT_NANOS;
            momentNanos -= more > SHORTER ? more / SHORTER : more;
        }
    }

    /// What a stream without news promises.
    private long aMomentBefore(Lane lane, long monotonic) throws IOException {
        TracePlan plan = lane.folder.plan();
        Optional<ClockTime> clock =
                lane.source != null
                        ? lane.source.clock()
                        : plan == null
                                ? Optional.empty()
                                : plan.stream(lane.packets.classId())
                                        .flatMap(StreamPlan::clock)
                                        .map(each -> new ClockTime(each, 0));
        long ticks = Math.max(0, monotonic - momentNanos); // a clock that has just begun
        return clock.map(each -> each.nanos(ticks)).orElse(Long.MIN_VALUE);
    }

    /// Has the packets of a lane declared as they are by now.
    ///
    /// @return whether they are declared
    private static boolean declare(Lane lane) throws IOException {
        TracePlan plan = lane.folder.plan();
        if (plan == null) {
            return false;
        }
        StreamSource source = lane.source;
        if (source == null) {
            Optional<StreamPlan> of = plan.stream(lane.packets.classId());
            if (of.isEmpty()) {
                return false;
            }
            var stream =
                    new TraceStream(
                            lane.folder.trace(),
                            of.get().streamClass(),
                            lane.packets.id(),
                            lane.packets.name());
            lane.source = new StreamSource(stream, plan, of.get(), lane.packets, 0);
        } else if (source.tracePlan() != plan) {
            source.redeclare(plan);
        }
        return true;
    }

    @Override
    public Message current() {
        return Objects.requireNonNull(present).at().current();
    }

    @Override
    public long nanos() {
        return Objects.requireNonNull(present).at().nanos();
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        lanes.addAll(resting);
        for (Lane each : lanes) {
            if (each.source != null) {
                each.source.close();
            } else {
                each.packets.close();
            }
        }
    }
}
