// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.analysis.top.TopState;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Reads all sessions of a relay daemon, those that come later too, each on a thread of its own, so
/// that none waits for another. A relay that goes away is looked for until it is there again.
final class RelayFeed implements Feed {
    /// From one look at the relay's sessions to the next.
    private static final long LOOK_MILLIS = 1_000;

    /// A session that could not be read is left alone for so long.
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_END_MILLIS = 2_000;

    /// What is read of one session.
    private record Reading(TraceReader reader, Feed feed) {
        void close() throws IOException {
            feed.close();
            reader.close();
        }
    }

    private final String url;
    private final TopState state;
    private final Thread thread;
    private final List<String> notes = new ArrayList<>();

    /// By address. Changed by the thread only, under the lock.
    private final Map<String, Reading> readings = new HashMap<>();

    /// Until when sessions are left alone, by address ([System#nanoTime]).
    private final Map<String, Long> pauses = new HashMap<>();

    private boolean isAway;
    private boolean isEmpty;
    private long damaged;

    private RelayFeed(String url, TopState state) {
        this.url = url;
        this.state = state;
        thread = Thread.ofPlatform().daemon().name("contrail-top-relay").unstarted(this::run);
    }

    /// @param url of the relay
    static RelayFeed start(String url, TopState state) {
        var feed = new RelayFeed(url, state);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedIOException {
        removeEnded();
        try {
            List<String> recorded = LiveAddresses.recorded(url);
            if (isAway) {
                note(url + ": the relay daemon is there again");
            }
            isAway = false;
            if (recorded.isEmpty() && !isEmpty) {
                note(url + ": no live session yet; contrail create --live -U net://HOST makes one");
            }
            isEmpty = recorded.isEmpty();
            pauses.keySet().retainAll(recorded);
            Set<String> fresh = new LinkedHashSet<>(recorded);
            fresh.removeAll(readings.keySet());
            for (String each : fresh) {
                begin(each);
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | UsageException e) {
            if (!isAway) {
                note(Reason.of(e) + ": trying again until it is there");
            }
            isAway = true;
        }
    }

    private void begin(String session) throws InterruptedIOException {
        Long until = pauses.get(session);
        if (until != null && System.nanoTime() - until < 0) {
            return;
        }
        pauses.remove(session);
        try {
            TraceReader reader =
                    TraceReader.open(
                            OpenSources.of(
                                    List.of(), List.of(LiveAddresses.of(session)), List.of()),
                            0);
            var reading = new Reading(reader, ReaderFeed.live(reader, state));
            synchronized (this) {
                readings.put(session, reading);
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | UsageException e) {
            leave(session, Reason.of(e));
        }
    }

    private void leave(String session, String why) {
        note(session + ": " + why);
        pauses.put(session, System.nanoTime() + PAUSE_NANOS);
    }

    /// A session that was broken off is begun again when the relay has it.
    private void removeEnded() throws InterruptedIOException {
        for (Map.Entry<String, Reading> each : Map.copyOf(readings).entrySet()) {
            Feed feed = each.getValue().feed();
            if (!feed.isEnded()) {
                continue;
            }
            synchronized (this) {
                readings.remove(each.getKey());
                notes.addAll(feed.takeNotes());
                damaged += feed.damaged();
            }
            if (feed.failure().isPresent()) {
                leave(each.getKey(), Reason.of(feed.failure().get()));
            } else {
                note(each.getKey() + ": the session has ended");
            }
            try {
                each.getValue().close();
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                leave(each.getKey(), Reason.of(e));
            }
        }
    }

    private synchronized void note(String what) {
        if (notes.size() < ReaderFeed.MAX_NOTES) {
            notes.add(what);
        }
    }

    @Override
    public synchronized List<String> takeNotes() {
        var taken = new ArrayList<>(notes);
        notes.clear();
        readings.values().forEach(each -> taken.addAll(each.feed().takeNotes()));
        return List.copyOf(taken);
    }

    @Override
    public synchronized long damaged() {
        return damaged + readings.values().stream().mapToLong(each -> each.feed().damaged()).sum();
    }

    /// There may always come another session.
    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public Optional<Exception> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Reading> all;
        synchronized (this) {
            all = List.copyOf(readings.values());
            readings.clear();
        }
        for (Reading each : all) {
            try {
                each.close();
            } catch (IOException e) {
                note(Reason.of(e)); // the relay finds out that nobody is there
            }
        }
    }
}
