// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.Damage;
import dev.contrail.analysis.Message.Remark;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.top.TopState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads messages into a state, on a thread of its own: those of a live session as they come, those
/// of a stored trace interval by interval as they are played.
final class ReaderFeed implements Feed {
    /// As many things are told one by one, until they are taken.
    static final int MAX_NOTES = 100;

    private static final long LONGEST_END_MILLIS = 2_000;

    private final MessageIterator reader;
    private final TopState state;
    private final Thread thread;
    private final List<String> notes = new ArrayList<>();
    private long damaged;
    private boolean isEnded;
    private boolean isClosed;
    private @Nullable Exception failure;

    private ReaderFeed(MessageIterator reader, TopState state, Task task) {
        this.reader = reader;
        this.state = state;
        thread = Thread.ofPlatform().daemon().name("contrail-top").unstarted(() -> run(task));
    }

    /// What is read, until its end.
    @FunctionalInterface
    private interface Task {
        void run(ReaderFeed feed) throws IOException, InterruptedException;
    }

    /// As the messages come.
    static ReaderFeed live(MessageIterator reader, TopState state) {
        return start(new ReaderFeed(reader, state, ReaderFeed::readAll));
    }

    /// Interval by interval.
    ///
    /// @param intervalNanos of the trace's time
    static ReaderFeed played(
            MessageIterator reader, TopState state, Playback playback, long intervalNanos) {
        return start(new ReaderFeed(reader, state, feed -> feed.play(playback, intervalNanos)));
    }

    private static ReaderFeed start(ReaderFeed feed) {
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
        switch (message) {
            case Damage(String what) -> note(what, true);
            case Remark(String what) -> note(what, false);
            case Message _ -> {}
        }
        state.accept(message);
    }

    private synchronized void note(String what, boolean isDamage) {
        damaged += isDamage ? 1 : 0;
        if (notes.size() < MAX_NOTES) {
            notes.add(what);
        }
    }

    @Override
    public synchronized List<String> takeNotes() {
        var taken = List.copyOf(notes);
        notes.clear();
        return taken;
    }

    @Override
    public synchronized long damaged() {
        return damaged;
    }

    @Override
    public synchronized boolean isEnded() {
        return isEnded;
    }

    @Override
    public synchronized Optional<Exception> failure() {
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
