// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.event.BoxedRecord;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.jfr.JfrWish.Found;
import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.process.TracerThread;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/// What sessions want of JFR, told to it: one recording for each channel, which has nothing but its
/// settings, and one stream that gets the events of all. With the last channel both end, and JFR is
/// set as before.
///
/// Owned by `contrail-jfr-orders`. What `contrail-jfr` uses is volatile, or its own.
final class JfrRecorder {
    static final JfrRecorder INSTANCE = new JfrRecorder();

    private static final String DATA_LOSS = "jdk.DataLoss";

    /// The stream reads what it needs, which then may go.
    private static final Duration KEPT = Duration.ofSeconds(10);

    /// As often as JFR gives events to streams.
    private static final Duration SYNC_PERIOD = Duration.ofSeconds(1);

    private static final Runnable SYNC = SyncEvent::emit;

    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long LOOK_NANOS = 1_000_000;

    private record Waiting(long ticks, Runnable then) {}

    private final Map<String, JfrType> types = new HashMap<>();

    /// Those that the stream looks for.
    private final Set<String> handled = new HashSet<>();

    private @Nullable RecordingStream stream;

    /// In a list that never changes.
    private volatile List<JfrChannel> channels = List.of();

    /// What is to be done when all that happened until then is in the pools.
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    private JfrRecorder() {}

    void list(JfrWish wish) {
        checkThere();
        for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes()) {
            if (!type.getName().equals(SyncEvent.NAME)) {
                wish.found(new Found(JfrType.eventName(type), JfrType.fields(type)));
            }
        }
        wish.done("");
    }

    void flush(JfrWish wish) {
        await(() -> wish.done(""));
    }

    /// Runs `then` when all that happened until now is in the pools.
    private void await(Runnable then) {
        if (stream == null) {
            then.run();
            return;
        }
        waiting.add(new Waiting(TracerClock.nanos(), then));
    }

    void want(WriterPool pool, String who, List<JfrRule> rules, JfrWish wish) {
        JfrChannel known = channel(pool);
        if (rules.isEmpty()) {
            if (known == null) {
                wish.done("");
            } else {
                end(known, () -> wish.done(""));
            }
            return;
        }
        try {
            checkThere();
            start();
            JfrChannel channel = known == null ? open(pool, who) : known;
            channel.rules = rules;
            set(channel);
            if (channel.recording.getState() == RecordingState.NEW) {
                channel.recording.start();
            }
            wish.done("");
        } catch (IOException | RuntimeException e) {
            JfrChannel failed = channel(pool);
            if (failed != null) {
                end(failed, () -> {});
            }
            stopUnused();
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            wish.done("JFR: " + why);
        }
    }

    private static void checkThere() {
        if (!FlightRecorder.isAvailable()) {
            throw new IllegalStateException("not available in this JVM");
        }
    }

    private @Nullable JfrChannel channel(WriterPool pool) {
        for (JfrChannel each : channels) {
            if (each.pool == pool && !each.isLeaving()) {
                return each;
            }
        }
        return null;
    }

    private JfrChannel open(WriterPool pool, String who) {
        long now = TracerClock.nanos();
        Recording recording = new Recording();
        recording.setName(who);
        recording.setToDisk(true);
        recording.setMaxAge(KEPT);
        JfrChannel channel = new JfrChannel(pool, recording, now);
        channel.promise(now); // before there is a record
        change(channel, true);
        return channel;
    }

    private synchronized void change(JfrChannel channel, boolean isAdded) {
        List<JfrChannel> next = new ArrayList<>(channels);
        next.remove(channel);
        if (isAdded) {
            next.add(channel);
        }
        channels = List.copyOf(next);
    }

    /// Sets its recording as its rules say, for the event types that there are now.
    private void set(JfrChannel channel) throws IOException {
        List<EventType> known = FlightRecorder.getFlightRecorder().getEventTypes();
        JfrSelection selection = JfrSelection.of(channel.rules, known);
        Map<String, Long> thresholds = new HashMap<>();
        for (EventType type : selection.types.values()) {
            String name = type.getName();
            JfrType wanted = types.computeIfAbsent(name, n -> JfrType.of(type));
            wanted.mostFrames(selection.frames.getOrDefault(name, JfrStack.MOST_FRAMES));
            thresholds.put(name, selection.thresholdNanos(name, wanted.defaultThreshold()));
            handle(wanted);
        }
        channel.want(thresholds, TracerClock.nanos());
        channel.recording.setSettings(selection.settings);
    }

    @SuppressWarnings("NullAway") // there is a stream where there is a channel
    private void handle(JfrType type) {
        if (handled.add(type.name())) {
            stream.onEvent(type.name(), event -> reader.accept(type, event));
        }
    }

    /// Ends a channel. What it wanted is recorded until now.
    private void end(JfrChannel channel, Runnable then) {
        channel.want(Map.of(), TracerClock.nanos());
        channel.leave();
        channel.recording.close();
        await(() -> {
            change(channel, false);
            if (channel(channel.pool) == null) {
                channel.pool.promise(0);
            }
            then.run();
            JfrTasks.add(this::stopUnused);
        });
    }

    /// What has been put off, of a class that is loaded in the meantime.
    private void lookAgain() {
        for (JfrChannel channel : channels) {
            try {
                if (!channel.isLeaving()) {
                    set(channel);
                }
            } catch (IOException | RuntimeException e) {
                ErrorLine.say(ErrorLine.About.ORDER, "JFR: " + e);
            }
        }
        JfrTasks.tell();
    }

    private void start() throws IOException {
        if (stream != null) {
            return;
        }
        FlightRecorder.register(SyncEvent.class);
        FlightRecorder.addPeriodicEvent(SyncEvent.class, SYNC);
        try {
            startStream();
        } catch (IOException | RuntimeException | Error e) {
            if (stream == null) {
                forgetSync(); // so that the next attempt says the same
            }
            throw e;
        }
    }

    private static void forgetSync() {
        FlightRecorder.removePeriodicEvent(SYNC);
        FlightRecorder.unregister(SyncEvent.class);
    }

    private void startStream() throws IOException {
        Set<Recording> before = Set.copyOf(FlightRecorder.getFlightRecorder().getRecordings());
        RecordingStream made = new RecordingStream();
        made.setOrdered(false); // that is done here, over two deliveries
        made.enable(SyncEvent.NAME).withPeriod(SYNC_PERIOD);
        made.enable(DATA_LOSS);
        reader = new Reader();
        Reader own = reader;
        made.onEvent(SyncEvent.NAME, own::sync);
        made.onEvent(DATA_LOSS, event -> own.lost());
        made.onFlush(own::delivered);
        made.onMetadata(event -> {
            if (!event.getAddedEventTypes().isEmpty()) {
                JfrTasks.add(this::lookAgain);
            }
        });
        made.onError(own::failed);
        TracerThread.named("contrail-jfr", () -> run(made)).start();
        stream = made;
        awaitRunning(before);
    }

    private void run(RecordingStream made) {
        try {
            made.start();
        } catch (Throwable e) {
            ErrorLine.say(ErrorLine.About.THREADS, "no JFR events any more: " + e);
        } finally {
            waitNoMore(); // nothing comes that could end it
        }
    }

    /// What the stream's own recording does not see yet, it never gets.
    private static void awaitRunning(Set<Recording> before) throws IOException {
        long from = System.nanoTime();
        while (System.nanoTime() - from < PATIENCE_NANOS) {
            for (Recording each : FlightRecorder.getFlightRecorder().getRecordings()) {
                if (!before.contains(each) && each.getState() == RecordingState.RUNNING) {
                    return;
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new IOException("its stream does not start");
    }

    private void stopUnused() {
        RecordingStream unused = stream;
        if (unused == null || !channels.isEmpty()) {
            return;
        }
        stream = null;
        handled.clear();
        unused.close();
        forgetSync();
        waitNoMore();
    }

    private void waitNoMore() {
        for (Waiting each = waiting.poll(); each != null; each = waiting.poll()) {
            each.then.run();
        }
    }

    /// The other end of the stream.
    private volatile Reader reader = new Reader();

    /// What comes from JFR, in the thread that it gives it to.
    private final class Reader {
        private final LateRecords late = new LateRecords();
        private final JfrStack stacks = new JfrStack();

        void accept(JfrType type, RecordedEvent event) {
            boolean isWanted = false;
            for (JfrChannel each : channels) {
                isWanted |= each.mayWant(type.name());
            }
            if (!isWanted || isOurs(event)) {
                return;
            }
            boolean isKept = false;
            try {
                isKept = late.add(type.read(event, stacks));
            } catch (RuntimeException | OutOfMemoryError e) {
                // counted
            }
            for (JfrChannel each : channels) {
                if (!isKept && each.mayWant(type.name())) {
                    each.pool.countLostDated(1);
                }
            }
        }

        /// Reading events makes events.
        private boolean isOurs(RecordedEvent event) {
            RecordedThread thread = event.getThread();
            return thread != null && thread.getJavaThreadId() == Thread.currentThread().getId();
        }

        void sync(RecordedEvent event) {
            late.sync(JfrFields.nanos(event.getEndTime()), event.getLong("ticks"));
        }

        void failed(Throwable failure) {
            ErrorLine.say(ErrorLine.About.ORDER, "events of JFR are lost: " + failure);
            lost();
        }

        /// How many, JFR does not say.
        void lost() {
            for (JfrChannel each : channels) {
                each.pool.countLostDated(1);
            }
        }

        void delivered() {
            stacks.clear();
            long horizon = late.delivered(TracerClock.nanos(), this::record);
            if (horizon != Long.MIN_VALUE) {
                for (JfrChannel each : channels) {
                    each.promise(horizon);
                    if (each.pool.isOver()) {
                        JfrTasks.add(() -> drop(each));
                    }
                }
                waiting.removeIf(each -> {
                    boolean isDue = each.ticks <= horizon;
                    if (isDue) {
                        each.then.run();
                    }
                    return isDue;
                });
            }
        }

        private void record(long ticks, LateRecord record) {
            for (JfrChannel each : channels) {
                if (each.wants(record, ticks)) {
                    record(each, ticks, record);
                }
            }
        }

        private void record(JfrChannel channel, long ticks, LateRecord record) {
            Target all = record.point().target;
            for (Target target = all; target != null; target = target.next) {
                if (target.pool == channel.pool) {
                    BoxedRecord.putAt(target, ticks, record.thread(), record.values());
                    return;
                }
            }
            channel.pool.countLostDated(1); // the daemon has not said its number
        }
    }

    private void drop(JfrChannel over) {
        if (!over.isLeaving()) {
            end(over, () -> {});
        }
    }
}
