// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.recorder.thread.TaskQueue;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A session's sender thread: owns the session's output, so that one that is slow, or blocks for
/// ever, keeps nobody else. What the consumer puts into its `Outbox` waits in a [PacketQueue], what
/// the kernel's drains have taken out in spills; both are bounded, and outlive the daemon.
///
/// Any thread may call it.
public final class Sender {
    /// An output that has been busy with one packet for so long is not waited for.
    public static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How long it waits for word of what was sent, when there is nothing else to do.
    private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// What is made free at once in a queue that is full.
    private static final long ROOM_BYTES = 1 << 20;

    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PACKETS_AT_A_TIME = 64;

    /// How often the spilled rings of a live session are looked at in its period.
    private static final int MARKS_A_BEAT = 3;

    private static final long SHORTEST_BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final SessionOutput output;
    private final PacketQueue queue;
    private final StreamPositions positions;
    private final AcknowledgedOutput acknowledged;
    private final Supplier<List<Ring>> allRings;
    private final Delivery delivery;
    private final Spool spool;
    private final boolean isSpooled;
    private final Supervisor supervisor;
    private final RecorderHost host;
    private final TimeSource clock;
    private final TaskQueue tasks;
    private final RingDrain drain;
    private final MarkedRings marked;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /// Whether a daemon that kept no positions may have begun the output.
    private volatile boolean isOutputOlder;

    /// What was last said.
    private long beatTicks = Long.MIN_VALUE;

    /// When the consumer began its last round.
    private volatile long consumerTicks;

    private volatile boolean isStarted;

    private volatile boolean isEnded;

    // Owned by the sender thread.
    private final LiveRounds rounds = new LiveRounds();
    private boolean isDraining;
    private long nextBeat;
    private long nextDrain;

    /// @param rings the session's, of which it drains those that are spilled
    /// @param given what the consumer has put into the queue last
    public Sender(
            String session,
            SessionOutput output,
            PacketQueue queue,
            StreamPositions positions,
            Supplier<List<Ring>> rings,
            Given given,
            Supervisor supervisor,
            RecorderHost host) {
        this.host = host;
        this.clock = host.clock();
        consumerTicks = clock.nanos();
        nextBeat = consumerTicks;
        nextDrain = consumerTicks;
        this.output = output;
        this.queue = queue;
        this.positions = positions;
        this.acknowledged = new AcknowledgedOutput(output, positions);
        this.delivery = new Delivery(output, acknowledged, queue, given, clock);
        this.spool = new Spool(output, delivery, queue, positions, given);
        this.isSpooled = output.isSpooled();
        this.allRings = rings;
        this.supervisor = supervisor;
        this.drain = new RingDrain(supervisor);
        this.marked = new MarkedRings(supervisor);
        this.thread = host.thread("contrail-sender-" + session, this::run);
        this.tasks = new TaskQueue(thread.getName(), supervisor, clock);
        if (!queue.isEmpty()) {
            start();
        }
    }

    /// The session is an earlier daemon's.
    void takenOver() {
        isOutputOlder = positions.isNew();
    }

    /// What its session's threads have of the machine.
    RecorderHost host() {
        return host;
    }

    /// Begins to drain what is spilled.
    void startDraining() {
        start();
        ask(() -> isDraining = true);
    }

    /// Before the session starts: its output is there, and takes packets.
    CompletableFuture<Void> prepare() {
        start();
        return ask(() -> {
            output.prepare();
            return null;
        });
    }

    /// Whether the last packet of a stream may grow after it was stored.
    boolean isGrowing() {
        return output.isGrowing();
    }

    /// Stores everything that was given until now, and all that the spills and the kernel hold:
    /// what cannot be stored is lost now, and counted. The future completes when that is done, or
    /// when the output is silent; then it goes on, and [#problem] tells.
    ///
    /// @param isLast whether what cannot be stored is lost also where it could be stored later: the
    ///   session is destroyed
    CompletableFuture<Void> finish(boolean isLast) {
        start();
        return unlessSilent(
                ask(() -> {
                    long ticks = clock.nanos();
                    output.beginLast();
                    while (delivery.sendNext(isLast || !output.isKept())) {}
                    settleAll();
                    output.beginRound();
                    drain.drain(spilled(), sink(), true);
                    while (isSpooled && delivery.sendNext(isLast || !output.isKept())) {}
                    settleAll();
                    output.tellLosses();
                    if (queue.isEmpty()) {
                        output.beat(ticks);
                    }
                    isDraining = false;
                    return null;
                }));
    }

    /// What was sent is stored, or is to be sent again.
    private void settleAll() throws IOException {
        while (delivery.isUnsettled() && delivery.settle(SETTLE_NANOS)) {}
    }

    /// Ends the thread, after it has stored what it can of what was given. The future completes
    /// then, or when the output is silent.
    CompletableFuture<Void> end() {
        isEnded = true;
        if (isStarted) {
            LockSupport.unpark(thread);
        } else {
            close();
        }
        return unlessSilent(ended);
    }

    /// When the thread has ended, however long the output keeps it. After [#end].
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /// What was taken out of the rings and is not stored. Any thread.
    public long waitingBytes() {
        return queue.waitingBytes() + spilled().stream().mapToLong(Ring::spilledBytes).sum();
    }

    /// How it stands with the relay; empty where the output is none. Any thread.
    public Optional<SessionView.RelayView> relayView() {
        if (!isSpooled) {
            return Optional.empty();
        }
        long now = clock.nanos();
        long lag =
                queue.oldest()
                        .filter(oldest -> oldest.kind() != QueuedPacket.Kind.END)
                        .map(oldest -> Math.max(0, now - oldest.entry().endTicks()))
                        .orElse(0L);
        return Optional.of(
                new SessionView.RelayView(
                        output.isConnected(),
                        output.isKept(),
                        lag,
                        waitingBytes(),
                        queue.mostBytes(),
                        output.viewers(),
                        output.directoryThere()));
    }

    /// What went wrong, empty for nothing. Any thread.
    String problem() {
        if (isSilent()) {
            return "No answer from %s for %d seconds: %,d bytes wait in memory"
                    .formatted(
                            output.place(),
                            TimeUnit.NANOSECONDS.toSeconds(output.busyNanos()),
                            waitingBytes());
        }
        String first = output.problem();
        first = first.isEmpty() ? drain.problem() : first;
        first = first.isEmpty() ? marked.problem() : first;
        return first.isEmpty() ? queue.damage().orElse("") : first;
    }

    /// The consumer has put what all rings had, and not what comes after that.
    ///
    /// @param ticks when it began to look at them
    void roundEnded(long ticks) {
        if (isSpooled && !spilled().isEmpty()) {
            consumerTicks = ticks; // until what is spilled has been looked at, too
        } else {
            rounds.ended(queue.put(), ticks);
        }
        wake();
    }

    /// There is something to do.
    void wake() {
        if (!queue.isEmpty()) {
            start();
            LockSupport.unpark(thread);
        }
    }

    UUID traceUuid(String traceDirectory) {
        return output.traceUuid(traceDirectory);
    }

    /// The last packet of a stream that is stored.
    Optional<IndexEntry> lastStored(StreamKey stream) throws IOException {
        Optional<IndexEntry> known = positions.of(stream);
        return known.isEmpty() && isOutputOlder ? lastInOutput(stream) : known;
    }

    /// A stream of an earlier daemon goes on, and may be quiet.
    void goesOn(StreamKey stream) {
        delivery.goesOn(stream);
    }

    /// Whether a packet that was given is stored, and its file has room for so many bytes more.
    boolean hasRoomBehind(StreamKey stream, IndexEntry packet, long moreBytes) {
        return acknowledged.hasRoomBehind(stream, packet, moreBytes);
    }

    /// Whether what waits becomes less.
    boolean isMakingRoom() {
        wake();
        return !queue.isEmpty() && !isSilent() && !delivery.isFailing();
    }

    /// A packet that found no room is given up: its records are counted as lost.
    ///
    /// @param why for the user
    void lose(StreamKey stream, IndexEntry entry, String why) {
        output.lose(stream, entry, why);
    }

    private Optional<IndexEntry> lastInOutput(StreamKey stream) throws IOException {
        start();
        try {
            return ask(() -> output.last(stream)).get(LONGEST_SILENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException unknown) {
            throw new IOException(Reason.of(unknown), unknown);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private void close() {
        try (queue) {
            acknowledged.close();
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "Cannot close the output", failed);
        } finally {
            ended.complete(null);
        }
    }

    private synchronized void start() {
        if (!isStarted) {
            isStarted = true;
            thread.start();
        }
    }

    private <T> CompletableFuture<T> ask(Callable<T> work) {
        CompletableFuture<T> answer = tasks.ask(work);
        LockSupport.unpark(thread);
        return answer;
    }

    private List<Ring> spilled() {
        return allRings.get().stream().filter(Ring::isSpilled).toList();
    }

    private void run() {
        while (!isEnded) {
            try {
                output.beginRound();
                boolean isAny = tasks.runNext(0) | sendSome();
                makeRoomIfWanted();
                drainIfDue();
                beatIfDue();
                if (!isAny && (!delivery.isUnsettled() || !isSettling())) {
                    spool.rest();
                    clock.park(this, pauseNanos());
                }
            } catch (Throwable failure) {
                delivery.putOff();
                supervisor.failed(thread.getName(), failure);
            }
        }
        supervisor.run(thread.getName(), this::sendRest);
        tasks.end();
        close();
    }

    /// Also what was asked for before an output was silent for too long: it has answered now.
    private void sendRest() {
        try {
            while (tasks.runNext(0)) {}
            while (delivery.sendNext(false)) {}
            settleAll();
        } catch (IOException later) { // a next daemon has what waits
            LOG.log(System.Logger.Level.DEBUG, "Not stored at the end", later);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Word of what was sent usually comes at once.
    private boolean isSettling() throws IOException {
        boolean isAsked = delivery.settle(ANSWER_NANOS);
        return isAsked && !delivery.isUnsettled();
    }

    private long pauseNanos() {
        long now = clock.nanos();
        long pause = isDraining && !spilled().isEmpty() ? nextDrain - now : IDLE_NANOS;
        if (output.beatNanos() > 0) {
            pause = Math.min(pause, Math.max(SHORTEST_BEAT_NANOS, nextBeat - now));
        }
        if (delivery.isUnsettled()) {
            pause = Math.min(pause, ANSWER_NANOS);
        }
        boolean isAnyDue = queue.first().isPresent() && mayBeSent() > 0;
        return Math.max(1, isAnyDue ? Math.min(pause, delivery.retryAt() - now) : pause);
    }

    private PacketSink sink() {
        return isSpooled ? spool : acknowledged;
    }

    /// What waits for an output that is away, or slow, gives way to what is newer.
    private void makeRoomIfWanted() throws IOException {
        if (isSpooled && queue.takeWanting()) {
            long most = Math.min(queue.mostBytes(), queue.waitingBytes()) - ROOM_BYTES;
            while (queue.waitingBytes() > most && delivery.makeRoom()) {}
        }
    }

    private void drainIfDue() {
        long now = clock.nanos();
        if (!isDraining || now - nextDrain < 0) {
            return;
        }
        long ticks = Math.min(consumerTicks, now);
        List<Ring> spilled = spilled();
        if (output.beatNanos() > 0 && !spilled.isEmpty()) {
            if (marked.mark(spilled, sink())) {
                rounds.ended(queue.put(), ticks);
            }
            nextDrain =
                    now
                            + Math.clamp(
                                    output.beatNanos() / MARKS_A_BEAT,
                                    SHORTEST_BEAT_NANOS,
                                    IDLE_NANOS);
            return;
        }
        drain.drain(spilled, sink(), false);
        if (isSpooled && !spilled.isEmpty()) {
            rounds.ended(queue.put(), ticks);
        }
        nextDrain = clock.nanos() + drain.periodNanos();
    }

    private boolean sendSome() throws IOException {
        return delivery.sendSome(Math.min(PACKETS_AT_A_TIME, mayBeSent()));
    }

    /// How many packets: in a live session those that wait for the end of a round must not be.
    private long mayBeSent() {
        return output.beatNanos() == 0
                ? Long.MAX_VALUE
                : rounds.settled().packets() - queue.sentOff();
    }

    private void beatIfDue() throws IOException {
        long now = clock.nanos();
        if (output.beatNanos() == 0 || now - nextBeat < 0) {
            return;
        }
        delivery.takeStored(); // what was cut off has not been sent
        LiveRounds.Settled settled = rounds.settled();
        if (isDraining && delivery.mayGoOn() && queue.sentOff() >= settled.packets()) {
            if (settled.ticks() > beatTicks) { // the same may be said by one stream only
                beatTicks = settled.ticks();
                output.beat(beatTicks);
            }
            nextBeat = now + output.beatNanos();
        }
    }

    /// Whether the output has not answered for so long that nobody waits for it. Any thread.
    public boolean isSilent() {
        return output.busyNanos() > LONGEST_SILENCE_NANOS;
    }

    private CompletableFuture<Void> unlessSilent(CompletableFuture<?> work) {
        var answer = new CompletableFuture<Void>();
        work.whenComplete((_, failure) -> {
            if (failure == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        look(answer);
        return answer;
    }

    private void look(CompletableFuture<Void> answer) {
        if (isSilent()) {
            answer.complete(null);
        } else if (!answer.isDone()) {
            clock.later(LOOK_NANOS, () -> look(answer));
        }
    }
}
