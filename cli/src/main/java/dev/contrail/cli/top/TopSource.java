// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.analysis.source.FollowedReader;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.analysis.top.LocalFacts;
import dev.contrail.analysis.top.TopState;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.read.FoundTrace;
import dev.contrail.cli.read.SessionTraces;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is looked at, opened.
///
/// @param title what it is, for people
/// @param readers of what is stored one, of what is live any number
/// @param relays addresses of relay daemons whose sessions are read, whichever there come to be
/// @param facts what is known of the machine besides, where it is this one
/// @param damage what could not be read in opening
/// @param note what is to be known of it; may be empty
/// @param rest what is closed after the messages
record TopSource(
        String title,
        List<MessageIterator> readers,
        List<String> relays,
        boolean isLive,
        LocalFacts facts,
        List<String> damage,
        String note,
        List<Closing> rest)
        implements AutoCloseable {
    /// What is to be closed.
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }

    /// Opens what a user named: sessions, folders of traces, live sessions of relays; this machine,
    /// if nothing.
    static TopSource open(List<String> named, Console console) throws IOException, Failure {
        if (named.isEmpty()) {
            return local(LocalSession.open(console));
        }
        var folders = new ArrayList<Path>();
        var sessions = new ArrayList<String>();
        var relays = new ArrayList<String>();
        try {
            for (String each : named) {
                if (ViewOptions.isAddress(each)) {
                    (LiveAddresses.isWhole(each) ? relays : sessions).add(each);
                } else {
                    switch (found(each, console)) {
                        case FoundTrace.Here(Path folder) -> folders.add(folder);
                        case FoundTrace.AtRelay(String url) -> sessions.add(url);
                    }
                }
            }
            String title = String.join(", ", named);
            if (relays.isEmpty() && sessions.isEmpty()) {
                return open(title, OpenSources.of(folders, List.of(), List.of()));
            }
            return live(title, folders, sessions, relays);
        } catch (UsageException e) {
            throw new Failure(e.getMessage());
        }
    }

    private static TopSource local(LocalSession session) {
        String refusal = session.kernelRefusal();
        return new TopSource(
                refusal.isEmpty() ? "this machine" : "the JVMs of this machine",
                List.of(FollowedReader.open(session.trace())),
                List.of(),
                true,
                new LocalProcesses(),
                List.of(),
                refusal.isEmpty() ? "" : "Not the kernel: " + refusal,
                List.of(session::close));
    }

    /// Each is read for itself, so that none waits for another.
    private static TopSource live(
            String title, List<Path> folders, List<String> sessions, List<String> relays)
            throws IOException, UsageException {
        var opened = new ArrayList<OpenSources>();
        var readers = new ArrayList<MessageIterator>();
        var damage = new ArrayList<String>();
        try {
            if (!folders.isEmpty()) {
                opened.add(OpenSources.of(folders, List.of(), List.of()));
            }
            for (String each : sessions) {
                opened.add(OpenSources.of(List.of(), List.of(LiveAddresses.of(each)), List.of()));
            }
            for (OpenSources each : opened) {
                TraceReader reader = TraceReader.open(each, 0);
                readers.add(reader);
                damage.addAll(reader.damage());
            }
            needOne(relays, !sessions.isEmpty());
        } catch (IOException | UsageException e) {
            for (OpenSources each : opened) {
                each.close();
            }
            throw e;
        }
        List<Closing> rest = opened.stream().map(each -> (Closing) each::close).toList();
        return new TopSource(
                title, readers, relays, true, LocalFacts.NONE, List.copyOf(damage), "", rest);
    }

    /// Where no relay daemon can be reached, there is nothing to look at; others may come.
    private static void needOne(List<String> relays, boolean hasOthers)
            throws IOException, UsageException {
        IOException failure = null;
        for (String each : relays) {
            try {
                LiveAddresses.recorded(each);
                return;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null && !hasOthers) {
            throw failure;
        }
    }

    /// Reads what is open already.
    static TopSource open(String title, OpenSources opened) throws IOException {
        try {
            TraceReader reader = TraceReader.open(opened, 0);
            return new TopSource(
                    title,
                    List.of(reader),
                    List.of(),
                    reader.isLive(),
                    LocalFacts.NONE,
                    reader.damage(),
                    "",
                    List.of(opened::close));
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /// Whether it is about this machine's own time, in which something always happens.
    boolean isPresent() {
        return isLive && facts != LocalFacts.NONE && note.isEmpty();
    }

    /// Nothing of it yet.
    TopState state() {
        return isLive ? TopState.live(facts) : new TopState();
    }

    /// The messages of what is stored.
    MessageIterator messages() {
        return readers.getFirst();
    }

    /// Gives the messages of what is live, as they come.
    Feed live(TopState state) {
        var feeds = new ArrayList<Feed>();
        readers.forEach(each -> feeds.add(ReaderFeed.live(each, state)));
        relays.forEach(each -> feeds.add(RelayFeed.start(each, state)));
        return feeds.size() == 1 ? feeds.getFirst() : new AllFeeds(feeds);
    }

    private static FoundTrace found(String named, Console console) throws IOException, Failure {
        if (named.isEmpty()) {
            throw new Failure(
                    "The path of a trace is empty: is a variable that it is made of empty?");
        }
        Path given = Path.of(named);
        FoundTrace found =
                SessionTraces.find(given, console)
                        .orElseThrow(() -> SessionTraces.neither(given, console));
        if (found instanceof FoundTrace.Here(Path folder) && !Files.exists(folder)) {
            throw new Failure(folder + ": no such file or folder");
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        try {
            for (MessageIterator each : readers) {
                each.close();
            }
        } finally {
            for (Closing each : rest) {
                each.close();
            }
        }
    }
}
