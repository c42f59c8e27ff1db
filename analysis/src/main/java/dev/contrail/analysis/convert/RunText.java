// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.analysis.text.TextComponent;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Says a `convert` command line as one of `run`, in which nothing is implicit: what babeltrace2
/// 2.0.4 prints for `--run-args`.
public final class RunText {
    private static final Pattern PLAIN = Pattern.compile("[-\\w@%+=:,./]+");
    private static final Pattern SPECIAL = Pattern.compile("[\\\\.:]");

    private final List<String> words = new ArrayList<>();

    /// The names of components by what they are, as connections write them.
    private final List<String> sources = new ArrayList<>();

    private final List<String> filters = new ArrayList<>();
    private final List<String> sinks = new ArrayList<>();

    private final List<Path> traces = new ArrayList<>();
    private final List<String> sourceParameters = new ArrayList<>();
    private final List<String> prettyParameters = new ArrayList<>();
    private final List<String> trimmerParameters = new ArrayList<>();
    private String colour = "";
    private String format = "text";
    private String output = "";
    private boolean isCurrentExplicit;

    private RunText() {}

    /// The arguments of `run`.
    ///
    /// @param arguments those of `convert`
    /// @throws UsageException when they make no sense, or cannot be said so
    public static List<String> of(String[] arguments) throws UsageException {
        var text = new RunText();
        var options = new OptionWords(arguments);
        while (options.next()) {
            if (options.isOption()) {
                text.option(options);
            } else {
                text.traces.add(Component.path(options.text()));
                text.isCurrentExplicit = false;
            }
        }
        text.addImplicit();
        return text.words;
    }

    /// The arguments as one types them at a shell.
    public static String quoted(List<String> arguments) {
        return arguments.stream()
                .map(each ->
                        PLAIN.matcher(each).matches()
                                ? each
                                : "'" + each.replace("'", "'\"'\"'") + "'")
                .collect(Collectors.joining(" "));
    }

    private void option(OptionWords option) throws UsageException {
        String name = option.text();
        switch (name) {
            case "--component", "-c" -> component(option.value());
            case "--params", "-p" -> {
                if (isCurrentExplicit) {
                    add("--params", option.value());
                } else {
                    sourceParameters.add(option.value());
                }
            }
            case "--log-level", "-l" -> {
                String level = option.value();
                if (isCurrentExplicit) {
                    add("--log-level", level);
                }
            }
            case "--clock-gmt" -> {
                prettyParameters.add("clock-gmt=yes");
                trimmerParameters.addFirst("gmt=yes");
            }
            case "--clock-cycles", "--clock-date", "--clock-seconds", "--no-delta" ->
                    prettyParameters.add(name.substring(2) + "=yes");
            case "--names", "-n" -> names(option.value());
            case "--fields", "-f" -> fields(option.value());
            case "--color" -> colour = option.value();
            case "--clock-force-correlate" ->
                    sourceParameters.add("force-clock-class-origin-unix-epoch=yes");
            case "--clock-offset" -> sourceParameters.add("clock-class-offset-s=" + option.value());
            case "--clock-offset-ns" ->
                    sourceParameters.add("clock-class-offset-ns=" + option.value());
            case "--begin", "-b" -> trimmerParameters.add("begin=\"" + option.value() + "\"");
            case "--end", "-e" -> trimmerParameters.add("end=\"" + option.value() + "\"");
            case "--timerange" -> {
                String[] bounds = option.value().replaceAll("^\\[|]$", "").split(",", 2);
                trimmerParameters.add("begin=\"" + bounds[0].strip() + "\"");
                trimmerParameters.add("end=\"" + bounds[bounds.length - 1].strip() + "\"");
            }
            case "--output", "-w" -> output = option.value();
            case "--output-format", "-o" -> format = option.value();
            case "--input-format", "-i", "--plugin-path", "--retry-duration" -> option.value();
            case "--run-args", "--run-args-0" -> option.isSet();
            default ->
                    throw new UsageException(
                            "Cannot specify " + name + " with --run-args or --run-args-0.");
        }
    }

    private void add(String... more) {
        words.addAll(List.of(more));
    }

    private void component(String text) throws UsageException {
        Component component = Component.parse(text);
        int colon = text.indexOf(':');
        String className = text.substring(colon + 1);
        String name = colon > 0 ? text.substring(0, colon) : className;
        add("--component", name + ":" + className);
        String escaped = SPECIAL.matcher(name).replaceAll("\\\\$0");
        if (component.isSource()) {
            sources.add(escaped);
        } else if (component.isSink()) {
            sinks.add(escaped);
        } else {
            filters.add(escaped);
        }
        isCurrentExplicit = true;
    }

    private void names(String given) throws UsageException {
        TextComponent.names(given, Set.of());
        choose(
                "name",
                TextComponent.words(given).stream()
                        .map(each ->
                                switch (each) {
                                    case "arg", "args" -> "payload";
                                    case "ctx" -> "context";
                                    default -> each;
                                })
                        .toList());
    }

    private void fields(String given) throws UsageException {
        TextComponent.fields(given, Set.of());
        choose("field", TextComponent.words(given));
    }

    /// What is named is shown, and what is not is hidden.
    private void choose(String what, List<String> words) {
        for (String word : words) {
            prettyParameters.add(
                    switch (word) {
                        case "all" -> what + "-default=show";
                        case "none" -> what + "-default=hide";
                        default -> what + "-" + word + "=yes";
                    });
        }
        boolean isSaid = words.isEmpty() || words.contains("all") || words.contains("none");
        if (!isSaid) {
            prettyParameters.add(what + "-default=hide");
        }
    }

    private void addImplicit() throws UsageException {
        int number = -1;
        for (List<Path> inputs : inputs()) {
            String name = "auto-disc-source-ctf-fs" + (number < 0 ? "" : "-" + number);
            number++;
            add("--component", name + ":source.ctf.fs");
            if (!sourceParameters.isEmpty()) {
                add("--params", String.join(",", sourceParameters));
            }
            add(
                    "--params",
                    inputs.stream()
                            .map(each -> "\"" + each + "\"")
                            .collect(Collectors.joining(", ", "inputs=[", "]")));
            sources.add(name);
        }
        if (sources.isEmpty()) {
            throw new UsageException("No source component.");
        }
        if (sinks.isEmpty()) {
            addSink();
        }
        add("--component", "muxer:filter.utils.muxer");
        boolean isTrimmed = trimmerParameters.stream().anyMatch(each -> !each.startsWith("gmt"));
        if (isTrimmed) {
            add("--component", "trimmer:filter.utils.trimmer");
            trimmerParameters.forEach(each -> add("--params", each));
            filters.addFirst("trimmer");
        }
        filters.addFirst("muxer");
        sources.forEach(each -> add("--connect", each + ":muxer"));
        for (int i = 1; i < filters.size(); i++) {
            add("--connect", filters.get(i - 1) + ":" + filters.get(i));
        }
        sinks.forEach(each -> add("--connect", filters.getLast() + ":" + each));
    }

    private void addSink() throws UsageException {
        BuiltInSink sink = Sinks.ofFormat(format);
        if (sink.runName().isEmpty()) {
            throw new UsageException(
                    "Cannot specify the output format `" + format + "` with --run-args.");
        }
        add("--component", sink.runName() + ":" + sink.className());
        if (sink.className().equals(TextComponent.NAME)) {
            if (!prettyParameters.isEmpty()) {
                add("--params", String.join(",", prettyParameters));
            }
            if (!colour.isEmpty()) {
                add("--params", "color=\"" + colour + "\"");
            }
        }
        sinks.add(sink.runName());
        if (!output.isEmpty() && sink.output() != BuiltInSink.Output.NOTHING) {
            add("--params", "path=\"" + output + "\"");
        }
    }

    /// The traces in and below what was named; those of one UUID are one source's.
    private Collection<List<Path>> inputs() throws UsageException {
        Map<Object, List<Path>> groups = new LinkedHashMap<>();
        try {
            for (Path root : traces) {
                for (Path folder :
                        Files.isDirectory(root) ? TraceFolder.find(root) : List.<Path>of()) {
                    Path file = TraceFolder.metadataFile(folder).orElseThrow();
                    byte[] untrusted = TraceFolder.metadataBytes(file);
                    var trace = new Trace("", MetadataFile.parse(file.toString(), untrusted));
                    Object key = trace.identity().orElse(folder);
                    groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(folder);
                }
            }
            return groups.values();
        } catch (IOException | CtfException e) {
            throw new UsageException(Reason.of(e));
        }
    }
}
