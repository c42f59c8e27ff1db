// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.Damage;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.top.TopState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads messages into a state, on a thread of its own: those of a live session as they come, those
/// of a stored trace interval by interval as they are played.
final class Feed implements AutoCloseable {
    /// As many things that could not be read are told one by one.
    static final int MAX_DAMAGE = 100;

    private static final long LONGEST_END_MILLIS = 2_000;

    private final MessageIterator reader;
    private final TopState state;
    private final Thread thread;
    private final List<String> damage = new ArrayList<>();
    private long damaged;
    private boolean isEnded;
    private boolean isClosed;
    private @Nullable Exception failure;

    private Feed(MessageIterator reader, TopState state, Task task) {
        this.reader = reader;
        this.state = state;
        thread = Thread.ofPlatform().daemon().name("contrail-top").unstarted(() -> run(task));
    }

    /// What is read, until its end.
    @FunctionalInterface
    private interface Task {
        void run(Feed feed) throws IOException, InterruptedException;
    }

    /// As the messages come.
    static Feed live(MessageIterator reader, TopState state) {
        return start(new Feed(reader, state, Feed::readAll));
    }

    /// Interval by interval.
    ///
    /// @param intervalNanos of the trace's time
    static Feed played(
            MessageIterator reader, TopState state, Playback playback, long intervalNanos) {
        return start(new Feed(reader, state, feed -> feed.play(playback, intervalNanos)));
    }

    private static Feed start(Feed feed) {
        feed.thread.start();
        return feed;
    }

    private void run(Task task) {
        try {
            task.run(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            synchronized (this) {
                failure = isClosed ? null : e;
            }
        } finally {
            synchronized (this) {
                isEnded = true;
                notifyAll();
            }
        }
    }

    private void readAll() throws IOException {
        while (reader.next()) {
            take(reader.current());
        }
    }

    private void play(Playback playback, long interval) throws IOException, InterruptedException {
        long end = Long.MIN_VALUE;
        long began = System.nanoTime();
        while (reader.next()) {
            long nanos = reader.nanos();
            boolean isEvent = reader.current() instanceof Message.EventRecord;
            while (end != Long.MIN_VALUE && isEvent && nanos >= end) {
                state.endInterval(end);
                if (!playback.await(interval, began)) {
                    return;
                }
                began = System.nanoTime();
                end += interval;
            }
            take(reader.current());
            if (end == Long.MIN_VALUE && isEvent && nanos != Long.MIN_VALUE) {
                end = nanos + interval;
            }
        }
        state.endInterval(state.now());
    }

    private void take(Message message) {
        if (message instanceof Damage(String what)) {
            synchronized (this) {
                damaged++;
                if (damaged <= MAX_DAMAGE) {
                    damage.add(what);
                }
            }
        }
        state.accept(message);
    }

    /// What could not be read since it was last asked, of the first that are told one by one.
    synchronized List<String> takeDamage() {
        var taken = List.copyOf(damage);
        damage.clear();
        return taken;
    }

    /// How much could not be read.
    synchronized long damaged() {
        return damaged;
    }

    /// Whether there is no more to read.
    synchronized boolean isEnded() {
        return isEnded;
    }

    /// Why reading has ended before the end.
    synchronized Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }

    /// Waits for the end, so long.
    synchronized boolean awaitEnd(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        while (!isEnded) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        thread.interrupt();
        try {
            thread.join(LONGEST_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
