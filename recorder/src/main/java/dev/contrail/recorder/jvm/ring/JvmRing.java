// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingException;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// One channel's pools in one process's ring file: one, and one more for large records.
///
/// A damaged ring is set apart: it says so in its account, and costs the others nothing. So is one
/// that this daemon cannot read for now, because it lacks memory or descriptors: until it can.
///
/// Owned by the session's consumer thread, but for what is volatile.
public final class JvmRing implements Ring {
    /// Pools beyond it are not copied as a whole: a snapshot has room for a few.
    private static final long LARGEST_HELD_BYTES = 8 << 20;

    /// How often the pools are told that somebody wants it.
    private static final long VISIT_NANOS = TimeUnit.HOURS.toNanos(1);

    /// A process that cannot be seen and has not said anything for so long has ended.
    private static final long SILENT_NANOS = TimeUnit.DAYS.toNanos(1);

    /// A ring that could not be read is tried again after so long, then after twice as long: a map
    /// that fails costs this process a collection of its whole heap.
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Viewers wait for a process that tells its late events no more, as one that somebody has
    /// stopped, but not longer: its own late records are younger.
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path path;
    private final int uid;
    private final String processName;
    private final JvmTrace trace;
    private final long sessionId;
    private final ChannelPlan channel;
    private final boolean isKept;
    private final Consumer<JvmRing> onDiscarded;
    private final Departed departed;
    private final Predicate<Path> isTidied;

    private volatile boolean isApplicationGone;

    /// When its connection was closed, by the ring's clock; 0 when this daemon has not seen it.
    private volatile long goneTicks;

    private volatile boolean isGivenUp;
    private volatile String who;
    private Optional<RingFile> file = Optional.empty();
    private Optional<JvmPackets> packets = Optional.empty();
    private Optional<SuddenEnd> end = Optional.empty();

    /// As the last drain found them: a look at their fill costs next to nothing.
    private List<Pool> drained = List.of();

    private long floorTicks = Long.MAX_VALUE;

    /// For how long, when it was last looked at, records may have happened that are not told yet;
    /// 0: all are told at once.
    private long lateNanos;

    private Optional<PacketSink> lastSink = Optional.empty();
    private boolean hasEnded;
    private boolean isFinished;
    private long visitedAt;

    /// The last account that could be made, for the time when none can.
    private Optional<RingAccount> known = Optional.empty();

    /// Nothing is in it any more: [Departed] has its account. The control thread takes such a ring
    /// off the list a moment later, and its file may be deleted by then.
    private boolean isDiscarded;

    private volatile String quarantine = "";

    /// Why it cannot be read for now; empty while it can.
    private volatile String hindrance = "";

    private long pauseNanos;
    private long hinderedAt;

    /// @param uid who must own the file
    /// @param isKept whether the ring of a dead process stays, for snapshots
    /// @param departed takes over the account when the ring goes
    /// @param isTidied whether this daemon has deleted that ring, as nothing was left in it
    /// @param onDiscarded runs on the consumer thread when the ring has been let go
    public JvmRing(
            Path path,
            int uid,
            String processName,
            JvmTrace trace,
            long sessionId,
            ChannelPlan channel,
            boolean isKept,
            Departed departed,
            Predicate<Path> isTidied,
            Consumer<JvmRing> onDiscarded) {
        this.path = path;
        this.uid = uid;
        this.processName = processName;
        this.who = processName;
        this.trace = trace;
        this.sessionId = sessionId;
        this.channel = channel;
        this.isKept = isKept;
        this.departed = departed;
        this.isTidied = isTidied;
        this.onDiscarded = onDiscarded;
    }

    public Path path() {
        return path;
    }

    public int uid() {
        return uid;
    }

    /// The application has closed its connection: from now on its death is looked for. Any thread.
    public void applicationGone(boolean gone) {
        if (gone != isApplicationGone) {
            goneTicks = gone ? TracerClock.nanos() : 0;
        }
        isApplicationGone = gone;
    }

    /// Opens it while its process lives: the path of one in another namespace ends with it. Before
    /// the consumer has this.
    public void hold() {
        try {
            pools();
        } catch (IOException e) { // the consumer will tell
            System.getLogger("dev.contrail.recorder")
                    .log(System.Logger.Level.DEBUG, "opening " + path, e);
        }
    }

    /// The consumer shall let go of the ring, whatever it holds. Any thread.
    public void giveUp() {
        isGivenUp = true;
    }

    /// Why the ring is set apart; empty when it is not. Any thread.
    public String obstacle() {
        return quarantine.isEmpty() ? hindrance : quarantine;
    }

    @Override
    public int channelId() {
        return channel.id();
    }

    @Override
    public String who() {
        return who;
    }

    @Override
    public boolean isOfProgram() {
        return true;
    }

    @Override
    public double drain(PacketSink sink, boolean isFinal) throws IOException {
        lastSink = Optional.of(sink);
        if (isFinal) {
            hinderedAt = 0; // The last chance is not let go by.
        }
        if (!isFinal && !sink.hasRoom()) {
            return 1; // what is in it waits there
        }
        double fullest = 0;
        floorTicks = Long.MAX_VALUE;
        try {
            List<Pool> pools = pools();
            drained = pools;
            if (pools.isEmpty()) {
                isFinished |= !quarantine.isEmpty() || hindrance.isEmpty() && hasEnded() && !isKept;
                return 0;
            }
            // Looked at before the drain: what a dead process has written is then all drained.
            boolean isDead = hasEnded();
            fullest = pools.get(0).fill();
            for (Pool pool : pools) {
                floorTicks = Math.min(floorTicks, isDead ? Long.MAX_VALUE : pool.floorTicks());
                pool.drain(packets.orElseThrow().receiver(sink, pool, isFinal), true);
            }
            isFinished = isDead && !isKept;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RingException e) {
            damaged(e);
        } catch (VirtualMachineError e) {
            hindered(e);
        }
        return Math.min(1, fullest);
    }

    @Override
    public long floorTicks() {
        return floorTicks == Long.MAX_VALUE
                ? floorTicks
                : Math.max(floorTicks, TracerClock.nanos() - LONGEST_WAIT_NANOS);
    }

    /// What the last drain has not found can wait for the next one.
    @Override
    public double fill() throws IOException {
        if (isKept) {
            return -1;
        }
        try {
            return drained.isEmpty() ? 0 : drained.getFirst().fill();
        } catch (RingException damage) {
            return 1; // the drain tells
        }
    }

    @Override
    public Capture capture() throws IOException {
        hinderedAt = 0; // A snapshot is asked for now.
        List<Pool> pools = pools();
        if (!pools.isEmpty()) {
            try {
                lookForLate(pools);
                if (pools.stream().mapToLong(Pool::bytes).sum() > LARGEST_HELD_BYTES) {
                    return new StreamedCapture(packets.orElseThrow(), pools, this::account);
                }
                return JvmCapture.of(packets.orElseThrow(), pools, this::account);
            } catch (RingException e) {
                damaged(e);
            } catch (VirtualMachineError e) {
                hindered(e);
            }
        }
        return JvmCapture.empty(account());
    }

    @Override
    public RingAccount account() throws IOException {
        if (file.isEmpty() && known.isPresent() && hasEnded && !isDiscarded) {
            return known.get(); // nobody writes into it any more
        }
        List<Pool> pools = pools();
        if (!pools.isEmpty()) {
            try {
                lookForLate(pools);
                if (!isKept) {
                    PoolTotals totals = pools.get(0).totals();
                    for (Pool more : pools.subList(1, pools.size())) {
                        totals = totals.plus(more.totals());
                    }
                    return account(totals, Long.MAX_VALUE, Long.MIN_VALUE);
                }
                return StreamedCapture.survey(pools, this::account);
            } catch (RingException e) {
                damaged(e);
            } catch (VirtualMachineError e) {
                hindered(e);
            }
        }
        List<String> notes = obstacle().isEmpty() || isDiscarded ? List.of() : List.of(obstacle());
        if (known.isPresent() && !isDiscarded) { // what was in it and was not stored is lost
            RingAccount last = known.get();
            return new RingAccount(
                    trace.directory(),
                    who,
                    last.recorded(),
                    last.discarded(),
                    isKept ? last.recorded() : last.overwritten(),
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    notes);
        }
        return new RingAccount(
                trace.directory(), who, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE, notes);
    }

    private void lookForLate(List<Pool> pools) throws IOException {
        lateNanos = 0;
        for (Pool pool : pools) {
            long floor = pool.floorTicks();
            if (floor != Long.MAX_VALUE) {
                long until = goneTicks == 0 ? pool.untilTicks() : goneTicks;
                lateNanos = Math.max(lateNanos, Math.max(1, until - floor));
            }
        }
    }

    private RingAccount account(PoolSnapshot seen, long oldestTicks) throws IOException {
        return account(seen.totals(), oldestTicks, seen.horizonTicks());
    }

    private RingAccount account(PoolTotals totals, long oldestTicks, long horizonTicks)
            throws IOException {
        var notes = new ArrayList<String>();
        if (hasEnded() && file.isPresent() && end.isPresent()) {
            end.get().tell(file.get(), who).ifPresent(notes::add);
        }
        if (hasEnded() && totals.inFlight() > 0) {
            notes.add(
                    "%s was cut off while it wrote %d event%s"
                            .formatted(
                                    processName,
                                    totals.inFlight(),
                                    totals.inFlight() == 1 ? "" : "s"));
        }
        if (lateNanos > 0 && hasEnded()) {
            notes.add(
                    "%s ended %.1f s after JFR had told its last events: those of that time are missing"
                            .formatted(who, lateNanos / 1e9));
        }
        if (totals.cut() > 0) {
            notes.add(
                    "%d string%s of %s %s cut to fit"
                            .formatted(
                                    totals.cut(),
                                    totals.cut() == 1 ? "" : "s",
                                    processName,
                                    totals.cut() == 1 ? "was" : "were"));
        }
        var account =
                new RingAccount(
                        trace.directory(),
                        who,
                        totals.recorded(),
                        totals.lost(),
                        totals.overwritten(),
                        oldestTicks,
                        horizonTicks,
                        notes);
        known = Optional.of(account);
        return account;
    }

    /// Also looks after the ring: this is asked at least once a second.
    @Override
    public boolean isFinished() {
        if (!isDiscarded && quarantine.isEmpty()) {
            try {
                lookAfter();
            } catch (IOException e) { // such as no descriptor left: the next look tells more
                System.getLogger("dev.contrail.recorder")
                        .log(System.Logger.Level.DEBUG, "looking after " + path, e);
            }
        }
        return !isDiscarded && (isFinished || isGivenUp);
    }

    /// Says in the pools that they are wanted; and has the ring of an ended process open only while
    /// it is read, so that its memory is what its file takes, which housekeeping makes smaller.
    private void lookAfter() throws IOException {
        long now = System.nanoTime();
        if (visitedAt == 0 || now - visitedAt > VISIT_NANOS) {
            for (Pool pool : pools()) {
                pool.visit();
                visitedAt = now;
            }
        }
        if (isKept && hasEnded() && file.isPresent() && isPathOurs()) {
            account();
            close();
        }
    }

    /// Whether the file can be opened again: the path of a process in another namespace ends with
    /// it, and others may delete what they own.
    private boolean isPathOurs() {
        try (RingFile again = RingFile.open(path, uid)) {
            return again.uuid().equals(file.orElseThrow().uuid());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void discard() throws IOException {
        RingAccount last = account();
        trace.departed(path, channel.id(), last, isKept);
        departed.note(last.notes());
        isDiscarded = true;
        try {
            if (packets.isPresent() && lastSink.isPresent()) {
                packets.get().end(lastSink.get());
            }
            close();
        } finally {
            onDiscarded.accept(this);
        }
    }

    /// Gives back what the ring takes in this process; it is opened again when it is needed.
    public void close() throws IOException {
        drained = List.of();
        if (file.isPresent()) {
            file.get().close();
            file = Optional.empty();
        }
    }

    private boolean hasEnded() throws IOException {
        if (!hasEnded && isApplicationGone && file.isPresent()) {
            WriterState state = file.get().writer();
            hasEnded =
                    state == WriterState.ENDED
                            || state == WriterState.UNKNOWN
                                    && file.get().silentNanos() > SILENT_NANOS;
        }
        return hasEnded;
    }

    /// The channel's pools, if the process has opened them by now.
    private List<Pool> pools() throws IOException {
        if (isDiscarded || !quarantine.isEmpty() || isPausing()) {
            return List.of();
        }
        try {
            if (file.isEmpty()) {
                RingFile opened = RingFile.open(path, uid);
                file = Optional.of(opened);
                opened.writer(); // it can be found only while it runs
                if (end.isEmpty()) {
                    end = Optional.of(new SuddenEnd(opened));
                }
                if (!opened.isOfThisBoot()) { // its times would be told by another clock
                    quarantined(
                            "Ring of %s is from before the machine was restarted: %s"
                                    .formatted(who, path));
                    return List.of();
                }
                if (packets.isEmpty()) {
                    long seen = opened.foundProcessId(); // as its application is called
                    who = "%s (%d)".formatted(processName, seen == 0 ? opened.processId() : seen);
                    packets =
                            Optional.of(
                                    new JvmPackets(
                                            trace,
                                            channel,
                                            processName,
                                            opened.uuid(),
                                            opened.processId()));
                }
            }
            List<Pool> pools =
                    file.get().pools().stream()
                            .filter(pool ->
                                    pool.sessionId() == sessionId
                                            && pool.channelId() == channel.id())
                            .toList();
            hindrance = "";
            pauseNanos = 0;
            return pools;
        } catch (RingException e) {
            damaged(e);
        } catch (NoSuchFileException e) {
            gone();
        } catch (IOException | VirtualMachineError e) {
            hindered(e);
        }
        return List.of();
    }

    private boolean isPausing() {
        return !hindrance.isEmpty()
                && hinderedAt != 0
                && System.nanoTime() - hinderedAt < pauseNanos;
    }

    private void gone() {
        if (packets.isEmpty() && isTidied.test(path)) {
            isFinished = true; // Its process ended before there was anything in it for us.
            hindrance = "";
            return;
        }
        quarantined(
                packets.isEmpty() && isApplicationGone
                        ? ("Ring of %s has gone before it was looked at: nothing was recorded in"
                                        + " it, or somebody has deleted %s")
                                .formatted(who, path)
                        : "Ring of %s is gone, and its records with it: somebody has deleted %s"
                                .formatted(who, path));
    }

    /// It cannot be read now, which is not its fault: what is in it stays there.
    private void hindered(Throwable why) {
        boolean isNews = hindrance.isEmpty();
        hindrance =
                ("Ring of %s cannot be read for now, and what is in it is neither stored nor"
                                + " counted: %s")
                        .formatted(
                                who,
                                Reason.of(
                                        why.getCause() instanceof OutOfMemoryError memory
                                                ? memory
                                                : why));
        pauseNanos =
                pauseNanos == 0 ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
        if (isNews) {
            System.getLogger("dev.contrail.recorder")
                    .log(System.Logger.Level.WARNING, hindrance, why);
        }
        closeQuietly();
        hinderedAt = System.nanoTime();
    }

    private void damaged(RingException e) {
        quarantined("Ring of %s is damaged: %s".formatted(who, e.getMessage()));
    }

    private void quarantined(String why) {
        quarantine = why;
        System.getLogger("dev.contrail.recorder").log(System.Logger.Level.WARNING, why);
        closeQuietly();
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            System.getLogger("dev.contrail.recorder")
                    .log(System.Logger.Level.DEBUG, "closing " + path, e);
        }
    }
}
