// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A session's sender thread: owns the session's output, so that one that is slow, or blocks for
/// ever, keeps nobody else. What the consumer gives waits in a [PacketQueue], what the kernel's
/// drains have taken out in spills; both are bounded, and outlive the daemon.
///
/// As a [PacketSink] it belongs to the consumer thread. What was given is as good as stored: a next
/// daemon stores what this one has not.
final class Sender implements PacketSink {
    /// An output that has been busy with one packet for so long is not waited for.
    static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MILLIS = 100;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// A packet that could not be stored, and may wait, is tried again after so long.
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long ROOM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int PACKETS_AT_A_TIME = 64;
    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final TraceOutput output;
    private final PacketQueue queue;
    private final StreamPositions positions;
    private final AcknowledgedOutput acknowledged;
    private final Supplier<List<Ring>> rings;
    private final Path stateDirectory;
    private final Supervisor supervisor;
    private final TaskQueue tasks;
    private final RingDrain drain;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /// Metadata of each trace, as it was last given.
    private final Map<String, String> metadata = new ConcurrentHashMap<>();

    /// The last packet of each stream that was given, unless it was lost.
    private final Map<StreamKey, IndexEntry> given = new ConcurrentHashMap<>();

    private final Map<StreamKey, Long> roomLeft = new ConcurrentHashMap<>();

    /// Whether a daemon that kept no positions may have begun the output.
    private volatile boolean isOutputOlder;

    private volatile boolean isStarted;

    /// Whether the oldest packet could not be stored, and is tried again.
    private volatile boolean isFailing;

    private volatile boolean isEnded;

    // Owned by the sender thread.
    private boolean isDraining;
    private long nextDrain = System.nanoTime();
    private long retryAt = nextDrain;

    /// @param rings the session's, of which it drains those that are spilled
    /// @param stateDirectory of the session
    Sender(
            String session,
            TraceOutput output,
            PacketQueue queue,
            StreamPositions positions,
            Supplier<List<Ring>> rings,
            Path stateDirectory,
            Supervisor supervisor) {
        this.output = output;
        this.queue = queue;
        this.positions = positions;
        this.acknowledged = new AcknowledgedOutput(output, positions);
        this.rings = rings;
        this.stateDirectory = stateDirectory;
        this.supervisor = supervisor;
        this.drain = new RingDrain(supervisor);
        this.thread = new Thread(this::run, "contrail-sender-" + session);
        this.tasks = new TaskQueue(thread.getName(), supervisor);
        thread.setDaemon(true);
        if (!queue.isEmpty()) {
            start();
        }
    }

    /// The session is an earlier daemon's.
    void takenOver() {
        isOutputOlder = positions.isNew();
    }

    /// Begins to drain what is spilled.
    void startDraining() {
        start();
        ask(() -> isDraining = true);
    }

    /// Stores everything that was given until now, and all that the spills and the kernel hold:
    /// what cannot be stored is lost now, and counted. The future completes when that is done, or
    /// when the output is silent; then it goes on, and [#problem] tells.
    CompletableFuture<Void> finish() {
        start();
        return unlessSilent(
                ask(() -> {
                    while (sendNext(true)) {}
                    output.beginRound();
                    drain.drain(spilled(), acknowledged, true);
                    output.tellLosses();
                    isDraining = false;
                    return null;
                }));
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

    /// What went wrong, empty for nothing. Any thread.
    String problem() {
        if (isSilent()) {
            long spilled = spilled().stream().mapToLong(Ring::spilledBytes).sum();
            return "No answer from %s for %d seconds: %,d bytes wait in memory"
                    .formatted(
                            output.directory(),
                            TimeUnit.NANOSECONDS.toSeconds(output.busyNanos()),
                            queue.waitingBytes() + spilled);
        }
        return output.problem().isEmpty() ? drain.problem() : output.problem();
    }

    /// There is something to do.
    void wake() {
        if (!queue.isEmpty()) {
            start();
            LockSupport.unpark(thread);
        }
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return output.traceUuid(traceDirectory);
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        IndexEntry known = given.get(stream);
        if (known == null) {
            Optional<IndexEntry> found = queue.inherited(stream).or(() -> positions.of(stream));
            if (found.isEmpty() && isOutputOlder) {
                found = lastInOutput(stream);
            }
            found.ifPresent(last -> given.put(stream, last));
            return found;
        }
        return Optional.of(known);
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

    /// Kept in a file, so that a next daemon can store what waits.
    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        String before = metadata.get(traceDirectory);
        if (text.equals(before)) {
            return;
        }
        Path kept = PrivateFiles.directory(stateDirectory).resolve(metadataName(traceDirectory));
        if (before != null && text.startsWith(before)) {
            PrivateFiles.append(kept, text.substring(before.length()));
        } else {
            PrivateFiles.replace(kept, text);
        }
        metadata.put(traceDirectory, text);
    }

    @Override
    public boolean hasRoom() {
        return queue.hasRoom();
    }

    /// Of a ring that nobody empties again: waits for room as long as the output makes some.
    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
        while (true) {
            boolean isMaking = isMakingRoom();
            if (isMaking && !queue.hasRoom()) {
                LockSupport.parkNanos(this, ROOM_NANOS);
                continue;
            }
            try {
                put(PacketQueue.Kind.PACKET, stream, entry, packet);
                return;
            } catch (IOException full) {
                if (!isMaking) {
                    output.lose(
                            stream,
                            entry,
                            "No room in %s for what waits to be stored: %s"
                                    .formatted(stateDirectory, Reason.of(full)));
                    return;
                }
                LockSupport.parkNanos(this, ROOM_NANOS);
            }
        }
    }

    private boolean isMakingRoom() {
        wake();
        return !queue.isEmpty() && !isSilent() && !isFailing;
    }

    @Override
    public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        put(PacketQueue.Kind.KEPT_PACKET, stream, entry, packet);
    }

    private void put(PacketQueue.Kind kind, StreamKey stream, IndexEntry entry, ByteBuffer packet)
            throws IOException {
        Optional<IndexEntry> before = Optional.ofNullable(given.put(stream, entry));
        try {
            queue.put(kind, stream, entry, packet);
        } catch (IOException full) {
            given.remove(stream, entry);
            before.ifPresent(last -> given.putIfAbsent(stream, last));
            throw full;
        }
    }

    @Override
    public boolean mayGrow(StreamKey stream, long sequence, long moreBytes) {
        IndexEntry last = given.get(stream);
        if (last == null || last.sequence() != sequence) {
            return false;
        }
        boolean isAcknowledged = positions.of(stream).filter(last::equals).isPresent();
        return stream.fileBytes() == 0
                || isAcknowledged && roomLeft.getOrDefault(stream, 0L) >= moreBytes;
    }

    /// Where there is no room to say so, the stream's files stay open until the session ends.
    @Override
    public void end(StreamKey stream) {
        given.remove(stream);
        try {
            queue.putEnd(stream);
        } catch (IOException full) {
            LOG.log(System.Logger.Level.DEBUG, "Cannot end a stream", full);
        }
    }

    /// As [#end].
    @Override
    public void close() {
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
        return rings.get().stream().filter(Ring::isSpilled).toList();
    }

    private void run() {
        while (!isEnded) {
            try {
                output.beginRound();
                boolean isAny = tasks.runNext(0) | sendSome() | drainIfDue();
                if (!isAny) {
                    LockSupport.parkNanos(this, pauseNanos());
                }
            } catch (Throwable failure) {
                retryAt = System.nanoTime() + RETRY_NANOS;
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
            while (sendNext(false)) {}
        } catch (IOException later) { // a next daemon has what waits
            LOG.log(System.Logger.Level.DEBUG, "Not stored at the end", later);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long pauseNanos() {
        long now = System.nanoTime();
        long pause = isDraining && !spilled().isEmpty() ? nextDrain - now : IDLE_NANOS;
        return Math.max(1, queue.isEmpty() ? pause : Math.min(pause, retryAt - now));
    }

    private boolean drainIfDue() {
        if (!isDraining || System.nanoTime() - nextDrain < 0) {
            return false;
        }
        drain.drain(spilled(), acknowledged, false);
        nextDrain = System.nanoTime() + drain.periodNanos();
        return false;
    }

    private boolean sendSome() throws IOException {
        int sent = 0;
        while (sent < PACKETS_AT_A_TIME && System.nanoTime() - retryAt >= 0 && sendNext(false)) {
            sent++;
        }
        return sent > 0;
    }

    /// Stores the oldest one that waits.
    ///
    /// @param isFinal whether it is lost, and counted, when it cannot be stored
    /// @return whether there was one, and it waits no more
    private boolean sendNext(boolean isFinal) throws IOException {
        Optional<PacketQueue.Item> first = queue.first();
        if (first.isEmpty()) {
            return false;
        }
        PacketQueue.Item item = first.get();
        boolean isEnd = item.kind() == PacketQueue.Kind.END;
        try {
            if (isEnd) {
                roomLeft.remove(item.stream());
                acknowledged.end(item.stream());
            } else if (!isStored(item)) {
                store(item);
            }
        } catch (IOException | RuntimeException failed) {
            if (!isFinal && item.kind() == PacketQueue.Kind.KEPT_PACKET) {
                isFailing = true;
                retryAt = System.nanoTime() + RETRY_NANOS;
                return false;
            }
            if (!isEnd) {
                output.lose(item.stream(), item.entry());
                given.remove(item.stream(), item.entry());
            }
            LOG.log(System.Logger.Level.DEBUG, "Not stored: " + item.stream(), failed);
        }
        isFailing = false;
        queue.taken();
        return true;
    }

    private void store(PacketQueue.Item item) throws IOException {
        acknowledged.metadata(item.stream().traceDirectory(), metadataOf(item.stream()));
        output.store(item.stream(), item.entry(), queue.packet(item));
        if (item.stream().fileBytes() > 0) { // before the consumer sees that it is acknowledged
            roomLeft.put(item.stream(), output.roomLeft(item.stream()));
        }
        positions.stored(item.stream(), item.entry());
    }

    /// Whether the daemon before this one has stored it, and died before it could take it off.
    private boolean isStored(PacketQueue.Item item) throws IOException {
        if (!item.isInherited()) {
            return false;
        }
        Optional<IndexEntry> last = acknowledged.last(item.stream());
        return last.isPresent()
                && item.entry().sequence() <= last.get().sequence()
                && !item.entry().isGrownFrom(last.get());
    }

    private String metadataOf(StreamKey stream) throws IOException {
        String trace = stream.traceDirectory();
        String known = metadata.get(trace);
        if (known == null) { // what waits is a daemon's before this one
            known =
                    new String(
                            Files.readAllBytes(stateDirectory.resolve(metadataName(trace))),
                            StandardCharsets.UTF_8);
        }
        return known;
    }

    private static String metadataName(String traceDirectory) {
        return "metadata-" + traceDirectory.replace('/', '_');
    }

    private boolean isSilent() {
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
            CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> look(answer));
        }
    }
}
