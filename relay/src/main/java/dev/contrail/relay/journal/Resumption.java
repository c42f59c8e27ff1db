// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import dev.contrail.relay.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lets a session outlive its producer's connection, and this relay: says in the journal how far
/// its streams are stored, and which connection it has.
///
/// One connection at a time appends and commits; any thread may ask for it.
public final class Resumption implements AutoCloseable {
    private final SessionJournal journal;
    private final Path root;
    private final Set<Journaled> changed = new LinkedHashSet<>();

    /// What of each stream's file has its name in directories that survive a loss of power.
    private final Map<Journaled, Named> named = new HashMap<>();

    private final Set<Path> syncedAbove = new HashSet<>();
    private Optional<Runnable> connection = Optional.empty();
    private boolean isSynced;
    private boolean isJournalSynced;
    private boolean isComplete;
    private boolean isBroken;
    private long packets;
    private long connections;

    /// @param hasIndex which comes with the first packet
    private record Named(long file, boolean hasIndex) {
        static Named of(JournalEntry its) {
            return new Named(its.file(), its.entries() > 0);
        }
    }

    /// @param root above which nothing was made for the session
    public Resumption(SessionJournal journal, Path root) {
        this.journal = journal;
        this.root = root;
    }

    /// A producer connects. An earlier connection is cut then, which may take a moment.
    ///
    /// @param cut ends the new connection
    /// @param synced whether what is acknowledged shall survive a loss of power
    /// @return whether there is none any more
    public synchronized boolean attach(Runnable cut, boolean synced) {
        if (connection.isPresent()) {
            connection.get().run();
            return false;
        }
        connection = Optional.of(cut);
        isSynced = synced;
        isJournalSynced = false;
        packets = 0;
        connections++;
        return true;
    }

    /// The connection has ended.
    ///
    /// @return which one it was
    public synchronized long detach() {
        connection = Optional.empty();
        return connections;
    }

    /// Whether its producer is gone, and may come back.
    public synchronized boolean isAbsent() {
        return connection.isEmpty() && connections > 0 && !isComplete;
    }

    /// Whether nobody has connected after that one.
    public synchronized boolean isDetachedSince(long which) {
        return connection.isEmpty() && connections == which;
    }

    /// Whether what is acknowledged shall survive a loss of power.
    public synchronized boolean isSynced() {
        return isSynced;
    }

    /// More of a stream has come.
    public synchronized void stored(Journaled stream, boolean isPacket) {
        changed.add(stream);
        if (isPacket) {
            packets++;
        }
    }

    /// What is stored of a stream, if it is known.
    public Optional<JournalEntry> of(JournalEntry.Key key) {
        return journal.of(key);
    }

    /// What is stored of all streams.
    public Collection<JournalEntry> all() {
        return journal.all();
    }

    /// All that has come is stored from now on. After a failure the session must be given up: what
    /// the journal says is what counts.
    ///
    /// @return how many packets of this connection
    public synchronized long commit() throws IOException {
        if (changed.isEmpty()) {
            return packets;
        }
        boolean wasBroken = isBroken;
        isBroken = true; // until it has succeeded
        if (wasBroken) {
            throw new IOException("the journal could not be written before");
        }
        var all = new ArrayList<JournalEntry>();
        for (Journaled each : changed) {
            Optional<JournalEntry> its = each.stored();
            if (its.isPresent()) {
                all.add(its.get());
                if (isSynced) {
                    sync(each, Named.of(its.get()));
                }
            }
        }
        journal.append(all, isSynced);
        for (Journaled each : changed) {
            journal.of(each.key()).ifPresent(each::committed);
        }
        changed.clear();
        isBroken = false;
        return packets;
    }

    /// What its producer is told of a stream that it goes on with is stored, and survives a loss of
    /// power where that is wanted: who has stored it may have been killed before that was so.
    public synchronized void resumed(Journaled stream) throws IOException {
        Optional<JournalEntry> its = journal.of(stream.key());
        if (isSynced && its.isPresent()) {
            sync(stream, Named.of(its.get()));
            if (!isJournalSynced) {
                journal.sync(); // once: what is appended from now on is synced at once
                isJournalSynced = true;
            }
        }
    }

    private void sync(Journaled stream, Named now) throws IOException {
        stream.sync();
        if (now.equals(named.get(stream))) {
            return;
        }
        for (Path each : stream.directories()) {
            StoredFiles.syncDirectory(each);
            syncAbove(each);
        }
        named.put(stream, now);
    }

    private void syncAbove(Path directory) throws IOException {
        Path above = directory;
        while (!above.equals(root) && !syncedAbove.contains(above)) {
            Path below = above;
            above = StoredFiles.parent(above);
            StoredFiles.syncDirectory(above);
            syncedAbove.add(below);
        }
    }

    /// Its producer has said all of a stream, and does not go on with it.
    public synchronized void finished(Journaled stream) throws IOException {
        commit(); // afterwards nothing is known of its files
        Optional<JournalEntry> its = journal.of(stream.key());
        if (its.isPresent()) {
            journal.append(List.of(its.get().closed()), false);
        }
    }

    /// A stream is closed: nothing is known of it beside the journal.
    public synchronized void closed(Journaled stream) {
        named.remove(stream);
    }

    /// Its producer has said all: nobody goes on with it.
    public synchronized void complete() throws IOException {
        commit();
        isComplete = true;
        journal.delete();
    }

    public synchronized boolean isComplete() {
        return isComplete;
    }

    /// Nothing more comes in this process.
    @Override
    public void close() throws IOException {
        journal.close();
    }
}
