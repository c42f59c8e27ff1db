// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.analysis.select.EventFilter;
import dev.contrail.analysis.select.SelectionOptions;
import dev.contrail.analysis.select.TimeBound;
import dev.contrail.analysis.text.Colours;
import dev.contrail.analysis.text.TextComponent;
import dev.contrail.analysis.text.TextOptions;
import dev.contrail.analysis.text.TextOptions.HeaderField;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.UtcOffset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the command line of `view`, whose options are those of `babeltrace2 convert`.
public final class ViewArguments {
    private static final long NANOS = 1_000_000_000L;
    private static final String SOURCE = "source.ctf.fs";
    private static final Pattern RANGE = Pattern.compile("\\[?([^\\[\\],]+),([^\\[\\],]+)]?");

    private final List<Path> traces = new ArrayList<>();
    private boolean clockGmt;
    private boolean clockDate;
    private boolean clockSeconds;
    private boolean clockCycles;
    private boolean withDelta = true;
    private boolean isColoured;
    private long clockOffsetNanos;
    private Set<NameGroup> names = TextOptions.DEFAULT.names();
    private Set<HeaderField> fields = TextOptions.DEFAULT.fields();
    private Optional<String> begin = Optional.empty();
    private Optional<String> end = Optional.empty();
    private boolean isIntersection;
    private Optional<EventFilter> filter = Optional.empty();
    private Optional<Path> output = Optional.empty();
    private boolean isFromBeginning;
    private Optional<String> viewer = Optional.empty();

    /// Those of the command line; the last is the one that `--params` is for.
    private final List<Component> components = new ArrayList<>();

    /// Of other people's classes.
    private final List<Component> sources = new ArrayList<>();

    private final List<Path> pluginPaths = new ArrayList<>();
    private boolean isCurrentImplicit = true;

    private ViewArguments() {}

    /// Reads a command line.
    ///
    /// @throws UsageException when it cannot be parsed
    public static ViewOptions parse(String[] arguments) throws UsageException {
        return parse(arguments, false);
    }

    /// Reads a command line whose text goes to a terminal: coloured, unless it says otherwise.
    ///
    /// @throws UsageException when it cannot be parsed
    public static ViewOptions parseForTerminal(String[] arguments) throws UsageException {
        return parse(arguments, true);
    }

    private static ViewOptions parse(String[] arguments, boolean isTerminal) throws UsageException {
        var read = new ViewArguments();
        read.isColoured = isTerminal;
        var words = new OptionWords(arguments);
        while (words.next()) {
            if (words.isOption()) {
                read.option(words);
            } else {
                read.trace(words.text());
            }
        }
        return read.options();
    }

    /// The options that a graph of explicit components amounts to: every graph of ours is a chain.
    static ViewOptions of(List<Component> components, List<Path> pluginPaths)
            throws UsageException {
        var read = new ViewArguments();
        read.components.addAll(components);
        read.pluginPaths.addAll(pluginPaths);
        return read.options();
    }

    private ViewOptions options() throws UsageException {
        Component sink = sink();
        UtcOffset zone = clockGmt ? UtcOffset.NONE : LocalTimeZone.offset();
        var text =
                new TextOptions(
                        clockGmt,
                        clockDate,
                        clockSeconds,
                        clockCycles,
                        withDelta,
                        isColoured && output.isEmpty() ? Colours.TERMINAL : Colours.NONE,
                        names,
                        fields);
        var selection =
                new SelectionOptions(
                        bound("begin", begin, zone),
                        bound("end", end, zone),
                        isIntersection,
                        filter);
        var watching = new Watching(isFromBeginning, viewer);
        List<Component> wanted = LiveSource.changed(sources, watching::of);
        return new ViewOptions(
                traces,
                text,
                selection,
                clockOffsetNanos,
                wanted,
                sink,
                pluginPaths,
                output,
                watching);
    }

    private void option(OptionWords option) throws UsageException {
        switch (option.text()) {
            case "--clock-gmt" -> clockGmt = option.isSet();
            case "--clock-date" -> clockDate = option.isSet();
            case "--clock-seconds" -> clockSeconds = option.isSet();
            case "--clock-cycles" -> clockCycles = option.isSet();
            case "--clock-force-correlate" -> option.isSet(); // clocks are never kept apart here
            case "--no-delta" -> withDelta = !option.isSet();
            case "--clock-offset" -> addOffset(option.number(), NANOS);
            case "--clock-offset-ns" -> addOffset(option.number(), 1);
            case "--names", "-n" -> names = TextComponent.names(option.value(), names);
            case "--fields", "-f" -> fields = TextComponent.fields(option.value(), fields);
            case "--begin", "-b" -> begin = Optional.of(option.value());
            case "--end", "-e" -> end = Optional.of(option.value());
            case "--timerange", "-t" -> range(option.value());
            case "--stream-intersection" -> isIntersection = option.isSet();
            case "--from-beginning" -> isFromBeginning = option.isSet();
            case "--as" -> viewer = Optional.of(viewer(option.value()));
            case "--filter" -> filter = Optional.of(EventFilter.parse(option.value()));
            case "--plugin-path" -> pluginPaths.addAll(paths(option.value()));
            case "--color" -> isColoured &= isColourWanted(option.value());
            case "--output", "-w" -> output = Optional.of(Component.path(option.value()));
            case "--output-format", "-o" -> output(option.value());
            case "--input-format", "-i" -> input(option.value());
            case "--component", "-c" -> component(Component.parse(option.value()));
            case "--params", "-p" -> parameters(option.value());
            // Accepted for scripts; they change nothing here.
            case "--debug-info",
                    "--debug-info-full-path",
                    "--debug",
                    "-d",
                    "--verbose",
                    "-v",
                    "--omit-home-plugin-path",
                    "--omit-system-plugin-path" ->
                    option.isSet();
            case "--debug-info-dir", "--debug-info-target-prefix", "--log-level", "-l" ->
                    option.value();
            case "--retry-duration" -> checkDuration(option.value());
            default -> throw UsageException.unknownOption(option.text());
        }
    }

    private static String viewer(String name) throws UsageException {
        if (name.isEmpty()) {
            throw new UsageException("--as wants the name of this viewer");
        }
        return name;
    }

    /// No component of ours asks to be tried again later: all that counts is that it is a number.
    static void checkDuration(String text) throws UsageException {
        try {
            if (Long.parseLong(text) < 0) {
                throw new UsageException(
                        "--retry-duration option's argument must be positive or 0: " + text);
            }
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "Could not parse --retry-duration option's argument as an unsigned integer: `"
                            + text
                            + "`");
        }
    }

    private void addOffset(long count, long nanos) throws UsageException {
        try {
            clockOffsetNanos = Math.addExact(clockOffsetNanos, Math.multiplyExact(count, nanos));
        } catch (ArithmeticException e) {
            throw new UsageException("Clock offset " + count + " is too large");
        }
    }

    private void range(String value) throws UsageException {
        Matcher bounds = RANGE.matcher(value);
        if (!bounds.matches()) {
            throw new UsageException(
                    "Invalid time range `" + value + "`: want BEGIN,END, each " + TimeBound.FORMS);
        }
        begin = Optional.of(bounds.group(1));
        end = Optional.of(bounds.group(2));
    }

    private static Optional<TimeBound> bound(String which, Optional<String> text, UtcOffset zone)
            throws UsageException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<TimeBound> bound = TimeBound.parse(text.get(), zone);
        if (bound.isEmpty()) {
            throw new UsageException(
                    "Invalid %s time `%s`: want %s".formatted(which, text.get(), TimeBound.FORMS));
        }
        return bound;
    }

    /// As in babeltrace2 2.0.4, `always` colours nothing but terminals.
    private static boolean isColourWanted(String when) throws UsageException {
        return switch (when) {
            case "never" -> false;
            case "auto", "always" -> true;
            default ->
                    throw new UsageException(
                            "Unknown value of `--color`: `"
                                    + when
                                    + "`, want auto, never or always");
        };
    }

    private void output(String format) throws UsageException {
        component(new Component(Sinks.ofFormat(format).className(), Map.of()));
    }

    private void trace(String text) throws UsageException {
        if (LiveSource.isAddress(text)) {
            component(LiveSource.of(text));
            return;
        }
        traces.add(Component.path(text));
        isCurrentImplicit = true;
    }

    private void component(Component component) {
        components.add(component);
        isCurrentImplicit = false;
    }

    private void parameters(String text) throws UsageException {
        Map<String, Object> more = Parameters.parse(text);
        if (!isCurrentImplicit) {
            components.add(components.removeLast().with(more));
        } else if (traces.isEmpty()) {
            throw new UsageException("No component for the parameters `" + text + "`");
        } else {
            source(new Component(SOURCE, more));
        }
    }

    /// Takes what explicit components say, and finds the one sink.
    private Component sink() throws UsageException {
        Optional<Component> sink = Optional.empty();
        for (Component component : components) {
            if (component.isSink()) {
                if (sink.isPresent()) {
                    throw new UsageException(
                            "Two sinks: " + sink.get().className() + ", " + component.className());
                }
                sink = Optional.of(component);
            } else {
                switch (component.className()) {
                    case SOURCE -> source(component);
                    case "filter.utils.trimmer" -> {
                        component.allow(Set.of("begin", "end", "gmt"));
                        begin = bound(component, "begin", begin);
                        end = bound(component, "end", end);
                        clockGmt |= component.isSet("gmt", false);
                    }
                    case "filter.utils.muxer", "filter.lttng-utils.debug-info" -> {}
                    default -> {
                        if (!component.isSource()) {
                            throw component.unknown();
                        }
                        sources.add(component);
                    }
                }
            }
        }
        return sink.isPresent() ? text(sink.get()) : TextComponent.DEFAULT;
    }

    private static Optional<String> bound(
            Component trimmer, String name, Optional<String> otherwise) {
        Object value = trimmer.parameters().get(name);
        return value == null ? otherwise : Optional.of(value.toString());
    }

    private void source(Component source) throws UsageException {
        source.allow(
                Set.of(
                        "inputs",
                        "clock-class-offset-s",
                        "clock-class-offset-ns",
                        "force-clock-class-origin-unix-epoch",
                        "trace-name"));
        traces.addAll(source.inputs());
        addOffset(source.number("clock-class-offset-s", 0), NANOS);
        addOffset(source.number("clock-class-offset-ns", 0), 1);
    }

    /// The parameters of an explicit `sink.text.pretty` are the options of the implicit one.
    private Component text(Component sink) throws UsageException {
        if (!sink.className().equals(TextComponent.NAME)) {
            return sink;
        }
        var text = new TextComponent(sink);
        clockGmt |= text.isSet("clock-gmt");
        clockDate |= text.isSet("clock-date");
        clockSeconds |= text.isSet("clock-seconds");
        clockCycles |= text.isSet("clock-cycles");
        withDelta &= !text.isSet("no-delta");
        names = text.names(names);
        fields = text.fields(fields);
        if (output.isEmpty() && sink.parameters().get("path") instanceof String file) {
            output = Optional.of(Component.path(file));
        }
        return TextComponent.DEFAULT;
    }

    private static void input(String format) throws UsageException {
        if (!format.equals("ctf") && !format.equals("lttng-live")) {
            throw new UsageException(
                    "Unsupported input format: `" + format + "`, want ctf or lttng-live");
        }
    }

    /// Takes apart paths with colons in between, as those after `--plugin-path`.
    public static List<Path> paths(String text) throws UsageException {
        var paths = new ArrayList<Path>();
        for (String each : text.split(":")) {
            paths.add(Component.path(each));
        }
        return paths;
    }
}
