// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers `babeltrace2 query`: what a component class knows without a graph.
///
/// Ours know three objects of `source.ctf.fs`, named and answered as by babeltrace2 2.0.4 (manual
/// page babeltrace2-source.ctf.fs(7), "Query objects"): `metadata-info`, `babeltrace.trace-infos`
/// and `babeltrace.support-info`; one of `source.ctf.lttng-live`, `sessions`.
public final class Query {
    private static final String SOURCE = "source.ctf.fs";

    private Query() {}

    /// Parses `[-p PARAMS] TYPE.PLUGIN.CLASS OBJECT` and answers.
    ///
    /// @return text of several lines; empty when the command line names no class and object, and
    ///   wants the usage then
    /// @throws UsageException when the command line makes no sense, there is no such class or
    ///   object, or the answer cannot be found out
    public static Optional<String> answer(String[] arguments) throws UsageException {
        var named = new ArrayList<String>();
        var parameters = new LinkedHashMap<String, Object>();
        var pluginPaths = new ArrayList<Path>();
        var words = new OptionWords(arguments);
        while (words.next()) {
            if (!words.isOption()) {
                named.add(words.text());
            } else if (words.text().equals("-p") || words.text().equals("--params")) {
                parameters.clear();
                parameters.putAll(Parameters.parse(words.value()));
            } else if (words.text().equals("--plugin-path")) {
                pluginPaths.addAll(ViewArguments.paths(words.value()));
            } else {
                throw UsageException.unknownOption(words.text());
            }
        }
        if (named.size() > 2) {
            throw new UsageException(
                    "Extraneous command-line argument specified to `query` command: `%s`."
                            .formatted(named.get(2)));
        }
        if (named.size() < 2) {
            return Optional.empty();
        }
        Component component = Component.parse(named.get(0)).with(parameters);
        if (!new ComponentClasses(pluginPaths).has(component.className())) {
            throw component.unknown();
        }
        return Optional.of(QueryText.of(answer(component, named.get(1))));
    }

    private static Object answer(Component component, String object) throws UsageException {
        String why;
        try {
            if (component.className().equals(SOURCE)) {
                switch (object) {
                    case "metadata-info" -> {
                        return metadataInfo(component);
                    }
                    case "babeltrace.trace-infos" -> {
                        return traceInfos(component);
                    }
                    case "babeltrace.support-info" -> {
                        return supportInfo(component);
                    }
                    default -> {}
                }
            }
            if (component.className().equals(LiveSource.NAME) && object.equals("sessions")) {
                return sessions(component);
            }
            throw new UsageException(
                    "Failed to query component class: unknown query object: %s object=\"%s\""
                            .formatted(component.ids(), object));
        } catch (IOException | CtfException e) {
            why = e.getMessage();
        }
        throw new UsageException(
                "Failed to query component class: unknown error: %s object=\"%s\"%nCAUSED BY ['%s']: %s"
                        .formatted(component.ids(), object, component.className(), why));
    }

    private static List<Map<String, Object>> sessions(Component component)
            throws IOException, UsageException {
        if (!component.parameters().containsKey("url")) {
            throw new IOException("Error validating parameters: missing mandatory entry `url`");
        }
        if (!(component.parameters().get("url") instanceof String url)) {
            throw new IOException("Error validating parameters: `url` is to be a string");
        }
        return LiveSource.sessions(url);
    }

    private static Map<String, Object> metadataInfo(Component component)
            throws IOException, CtfException {
        if (!component.parameters().containsKey("path")) {
            throw new IOException("Mandatory `path` parameter missing");
        }
        if (!(component.parameters().get("path") instanceof String path)) {
            throw new IOException("`path` parameter is required to be a string value");
        }
        Path file =
                TraceFolder.metadataFile(Path.of(path))
                        .orElseThrow(() ->
                                new IOException(
                                        "Cannot open trace metadata: path=\"%s\"."
                                                .formatted(path)));
        byte[] untrusted = TraceFolder.metadataBytes(file);
        var info = new LinkedHashMap<String, Object>();
        info.put("is-packetized", MetadataFile.isPacketized(untrusted));
        info.put("text", MetadataFile.text(file.toString(), untrusted));
        return info;
    }

    private static List<Object> traceInfos(Component component) throws IOException, UsageException {
        if (!component.parameters().containsKey("inputs")) {
            throw new IOException("Error validating parameters: missing mandatory entry `inputs`");
        }
        List<Path> folders = component.inputs();
        for (Path folder : folders) {
            if (!isTrace(folder)) {
                throw new IOException(
                        "Path is not a CTF trace (does not contain a metadata file): `%s`."
                                .formatted(folder));
            }
        }
        if (folders.isEmpty()) {
            throw new IOException("`inputs` parameter is required to be an array of paths");
        }
        try (TraceReader reader = TraceReader.open(folders)) {
            if (!reader.damage().isEmpty()) {
                throw new IOException(reader.damage().getFirst());
            }
            if (reader.traces().size() > 1) {
                throw new IOException("Multiple traces given, but UUIDs don't match");
            }
            if (reader.sources().isEmpty()) {
                throw new IOException("Trace has no streams: trace-path=" + folders.getFirst());
            }
            var sources = new ArrayList<>(reader.sources());
            sources.sort(Comparator.comparing(source -> source.stream().name()));
            var streams = new ArrayList<Object>();
            for (StreamSource source : sources) {
                streams.add(streamInfo(source));
            }
            return List.of(Map.of("stream-infos", streams));
        }
    }

    private static Map<String, Object> streamInfo(StreamSource source) throws IOException {
        TraceStream stream = source.stream();
        Path file = Path.of(stream.name());
        String trace = stream.trace().uid().orElseGet(() -> String.valueOf(file.getParent()));
        String instance =
                source.tracePlan().hasInstanceId()
                        ? Long.toUnsignedString(stream.id())
                        : stream.name();
        var info = new LinkedHashMap<String, Object>();
        info.put(
                "port-name",
                "%s | %s | %s"
                        .formatted(
                                trace, Long.toUnsignedString(stream.streamClass().id()), instance));
        Optional<long[]> range = source.packets().range();
        if (range.isPresent()) {
            var times = new LinkedHashMap<String, Object>();
            times.put("begin", range.get()[0]);
            times.put("end", source.lastEndNanos());
            info.put("range-ns", times);
        }
        return info;
    }

    private static Map<String, Object> supportInfo(Component component)
            throws IOException, CtfException {
        var info = new LinkedHashMap<String, Object>();
        if (!(component.parameters().get("type") instanceof String type
                && component.parameters().get("input") instanceof String input)) {
            throw new IOException("`type` and `input` parameters are required to be strings");
        }
        Path folder = Path.of(input);
        if (!type.equals("directory") || !isTrace(folder)) {
            info.put("weight", 0.0);
            return info;
        }
        Path file = TraceFolder.metadataFile(folder).orElseThrow();
        new Trace("", MetadataFile.parse(file.toString(), TraceFolder.metadataBytes(file)))
                .uid()
                .ifPresent(uid -> info.put("group", uid));
        info.put("weight", OpenSources.FOLDER_WEIGHT);
        return info;
    }

    private static boolean isTrace(Path folder) {
        return TraceFolder.metadataFile(folder).isPresent();
    }
}
