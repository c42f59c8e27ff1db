// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.ring;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.SourceProvider;
import dev.contrail.analysis.SourceTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.TraceClass;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads rings of JVMs, also those that dead ones have left: without daemon, trace or session.
public final class RingSource implements SourceProvider {
    static final String NAME = "source.contrail.ring";

    /// Surer of a file of that name than of a directory that has one.
    private static final double FILE = 0.9;

    private static final double DIRECTORY = 0.5;

    @Override
    public String className() {
        return NAME;
    }

    @Override
    public String description() {
        return "Read rings of JVMs, living or dead, from files or their directories.";
    }

    @Override
    public double weight(Path input) {
        try {
            return rings(input).isEmpty() ? 0 : Files.isDirectory(input) ? DIRECTORY : FILE;
        } catch (IOException e) {
            return 0;
        }
    }

    /// Damaged rings are told beside the traces of those that are intact.
    @Override
    public List<SourceTrace> open(Component component) throws IOException, UsageException {
        component.allow(Set.of("inputs"));
        var traces = new ArrayList<SourceTrace>();
        for (Path input : component.inputs()) {
            for (Path ring : Files.isDirectory(input) ? rings(input) : List.of(input)) {
                try {
                    traces.addAll(RingTraces.of(ring));
                } catch (IOException e) {
                    traces.add(damaged(ring, e));
                }
            }
        }
        return traces;
    }

    /// The ring that the path is, or those that are in the directory.
    private static List<Path> rings(Path input) throws IOException {
        if (!Files.isDirectory(input)) {
            return input.toString().endsWith(".ring") ? List.of(input) : List.of();
        }
        var rings = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(input, "*.ring")) {
            found.forEach(rings::add);
        }
        rings.sort(null);
        return rings;
    }

    private static SourceTrace damaged(Path ring, IOException why) {
        String message = Reason.of(why);
        String told = message.contains(ring.toString()) ? message : ring + ": " + message;
        var nothing =
                new Metadata(new TraceClass(), List.of(), List.of(), List.of(), List.of(told));
        return new SourceTrace(ring.toString(), nothing, List.of());
    }
}
