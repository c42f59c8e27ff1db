// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.SourceProvider;
import dev.contrail.analysis.SourceStream;
import dev.contrail.analysis.SourceTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.analysis.live.LiveSession;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.analysis.ring.RingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What a user named, opened: folders of CTF traces, the traces of other sources, live sessions.
public final class OpenSources implements AutoCloseable {
    /// Those that are built in, besides `source.ctf.fs`.
    public static final List<SourceProvider> BUILT_IN = List.of(new RingSource());

    /// How sure `source.ctf.fs` is of a folder with metadata that it can read.
    public static final double FOLDER_WEIGHT = 0.75;

    /// Nothing.
    public static final OpenSources NONE = new OpenSources();

    private final List<Path> roots = new ArrayList<>();
    private final List<SourceTrace> traces = new ArrayList<>();
    private final List<LiveSession> live = new ArrayList<>();

    private OpenSources() {}

    /// As [#of(List, List, List)], with nothing but what is built in.
    static OpenSources of(List<Path> named) throws IOException {
        try {
            return of(named, List.of(), List.of());
        } catch (UsageException e) {
            throw new AssertionError("without options", e);
        }
    }

    /// Finds out who reads what, and opens it.
    ///
    /// @param named what the user named without a component
    /// @param components sources that the user named with their parameters
    /// @param pluginPaths where jars with other people's sources are
    public static OpenSources of(
            List<Path> named, List<Component> components, List<Path> pluginPaths)
            throws IOException, UsageException {
        List<SourceProvider> providers =
                Stream.concat(BUILT_IN.stream(), Plugins.load(pluginPaths).sources().stream())
                        .toList();
        var sources = new OpenSources();
        try {
            for (Path input : named) {
                Optional<SourceProvider> best = best(input, providers);
                if (best.isPresent()) {
                    String className = best.get().className();
                    var inputs = Map.<String, Object>of("inputs", List.of(input.toString()));
                    sources.open(best.get(), new Component(className, inputs));
                } else {
                    sources.roots.add(input);
                }
            }
            for (Component source : components) {
                if (source.className().equals(LiveSource.NAME)) {
                    sources.live.add(LiveSource.open(source));
                    continue;
                }
                SourceProvider provider =
                        providers.stream()
                                .filter(each -> each.className().equals(source.className()))
                                .findFirst()
                                .orElseThrow(() -> source.unknown());
                sources.open(provider, source);
            }
            return sources;
        } catch (IOException | UsageException e) {
            sources.close();
            throw e;
        }
    }

    /// Folders with traces in and below them.
    public List<Path> roots() {
        return List.copyOf(roots);
    }

    /// Those that lie in no folder.
    public List<SourceTrace> traces() {
        return List.copyOf(traces);
    }

    /// Whether there are live sessions, which go on.
    public boolean isLive() {
        return !live.isEmpty();
    }

    /// Those of relays, which go on.
    List<LiveSession> live() {
        return List.copyOf(live);
    }

    /// The source that is surer of an input than `source.ctf.fs`.
    private static Optional<SourceProvider> best(Path input, List<SourceProvider> providers)
            throws IOException {
        List<SourceProvider> able =
                providers.stream().filter(each -> each.weight(input) > 0).toList();
        if (able.isEmpty()) {
            return Optional.empty();
        }
        boolean isOurs = Files.isDirectory(input) && !TraceFolder.find(input, _ -> {}).isEmpty();
        double least = isOurs ? FOLDER_WEIGHT : 0;
        return able.stream()
                .filter(each -> each.weight(input) > least)
                .max(Comparator.comparingDouble(each -> each.weight(input)));
    }

    private void open(SourceProvider provider, Component source)
            throws IOException, UsageException {
        try {
            for (SourceTrace trace : provider.open(source)) {
                traces.add(named(source.className(), trace));
            }
        } catch (IOException | RuntimeException e) {
            throw new IOException(source.className() + ": " + e, e);
        }
    }

    /// Whatever its streams throw names the source.
    private static SourceTrace named(String className, SourceTrace trace) {
        List<SourceStream> streams =
                trace.streams().stream()
                        .map(each ->
                                new SourceStream(
                                        each.classId(),
                                        each.id(),
                                        each.name(),
                                        NamedPackets.of(className, each.packets())))
                        .toList();
        return new SourceTrace(trace.name(), trace.metadata(), streams);
    }

    @Override
    public void close() throws IOException {
        for (SourceTrace trace : traces) {
            trace.close();
        }
        for (LiveSession session : live) {
            session.close();
        }
    }
}
