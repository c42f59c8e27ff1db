// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.analysis.source.FollowedReader;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.read.FoundTrace;
import dev.contrail.cli.read.SessionTraces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is looked at, opened.
///
/// @param title what it is, for people
/// @param damage what could not be read in opening
/// @param note what is to be known of it; may be empty
/// @param rest what is closed after the messages
record TopSource(
        String title,
        MessageIterator messages,
        boolean isLive,
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
            LocalSession session = LocalSession.open(console);
            String refusal = session.kernelRefusal();
            return new TopSource(
                    refusal.isEmpty() ? "this machine" : "the JVMs of this machine",
                    FollowedReader.open(session.trace()),
                    true,
                    List.of(),
                    refusal.isEmpty() ? "" : "Not the kernel: " + refusal,
                    List.of(session::close));
        }
        var folders = new ArrayList<Path>();
        var live = new ArrayList<Component>();
        for (String each : named) {
            if (ViewOptions.isAddress(each)) {
                for (String url : meant(each)) {
                    live.add(LiveAddresses.of(url));
                }
            } else {
                switch (found(each, console)) {
                    case FoundTrace.Here(Path folder) -> folders.add(folder);
                    case FoundTrace.AtRelay(String url) -> live.add(LiveAddresses.of(url));
                }
            }
        }
        try {
            return open(String.join(", ", named), OpenSources.of(folders, live, List.of()));
        } catch (UsageException e) {
            throw new Failure(e.getMessage());
        }
    }

    /// Reads what is open already.
    static TopSource open(String title, OpenSources opened) throws IOException {
        try {
            TraceReader reader = TraceReader.open(opened, 0);
            return new TopSource(
                    title, reader, reader.isLive(), reader.damage(), "", List.of(opened::close));
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private static List<String> meant(String url) throws IOException, Failure {
        try {
            List<String> all = LiveAddresses.recorded(url);
            if (all.isEmpty()) {
                throw new Failure(
                        url
                                + ": the relay has no live session now; on the traced machine"
                                + " contrail create --live -U net://HOST makes one");
            }
            return all;
        } catch (UsageException e) {
            throw new Failure(e.getMessage());
        }
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
            messages.close();
        } finally {
            for (Closing each : rest) {
                each.close();
            }
        }
    }
}
