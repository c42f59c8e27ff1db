// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.ViewArguments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Folders of CTF traces, some of them written by other people's sources: those are temporary.
final class SourceFolders implements AutoCloseable {
    private final List<Path> roots = new ArrayList<>();
    private final List<Path> written = new ArrayList<>();

    /// For when the process is told to end.
    private final Thread cleaner = new Thread(this::delete, "source-folders");

    private SourceFolders() {}

    /// Finds out who reads what, and has other people's sources write their traces.
    ///
    /// @param named what the user named without a component
    static SourceFolders of(List<Path> named, ViewOptions options)
            throws IOException, UsageException {
        Plugins plugins = Plugins.load(options.pluginPaths());
        var folders = new SourceFolders();
        try {
            for (Path input : named) {
                Optional<SourceProvider> best = best(input, plugins);
                if (best.isPresent()) {
                    String className = best.get().className();
                    var inputs = Map.<String, Object>of("inputs", List.of(input.toString()));
                    folders.write(best.get(), new Component(className, inputs));
                } else {
                    folders.roots.add(input);
                }
            }
            for (Component source : options.sources()) {
                SourceProvider provider =
                        plugins.source(source.className())
                                .orElseThrow(() -> ComponentClasses.missing(source));
                folders.write(provider, source);
            }
            return folders;
        } catch (IOException | UsageException e) {
            folders.close();
            throw e;
        }
    }

    List<Path> roots() {
        return List.copyOf(roots);
    }

    /// The source that is surer of an input than ours.
    private static Optional<SourceProvider> best(Path input, Plugins plugins) throws IOException {
        if (plugins.sources().isEmpty()) {
            return Optional.empty();
        }
        boolean isOurs = Files.isDirectory(input) && !TraceFolder.find(input).isEmpty();
        double least = isOurs ? Query.WEIGHT : 0;
        return plugins.sources().stream()
                .filter(each -> each.weight(input) > least)
                .max(Comparator.comparingDouble(each -> each.weight(input)));
    }

    private void write(SourceProvider provider, Component source)
            throws IOException, UsageException {
        if (written.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(cleaner);
        }
        Path folder = Files.createTempDirectory("contrail-source-");
        written.add(folder);
        try {
            provider.write(source, folder);
        } catch (IOException | RuntimeException e) {
            throw new IOException(source.className() + ": " + e, e);
        }
        roots.add(folder);
    }

    private void delete() {
        for (Path folder : written) {
            try (Stream<Path> below = Files.walk(folder)) {
                for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException e) {
                // A temporary folder stays behind: it harms nobody.
            }
        }
    }

    @Override
    public void close() {
        if (written.isEmpty()) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            return; // the process ends, and the hook deletes
        }
        delete();
    }
}
