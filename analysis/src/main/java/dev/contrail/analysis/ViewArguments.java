// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.ViewOptions.HeaderField;
import dev.contrail.analysis.ViewOptions.NameGroup;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the command line of `view`, whose options are those of `babeltrace2 convert`.
///
/// Both `--option=VALUE` and `--option VALUE` are understood, `-xVALUE` and `-x VALUE`.
public final class ViewArguments {
    private static final long NANOS = 1_000_000_000L;
    private static final String SOURCE = "source.ctf.fs";
    private static final Pattern RANGE = Pattern.compile("\\[?([^\\[\\],]+),([^\\[\\],]+)]?");

    /// A command line that makes no sense; the message says which word.
    public static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    private final String[] arguments;
    private int next;

    private final List<Path> traces = new ArrayList<>();
    private boolean clockGmt;
    private boolean clockDate;
    private boolean clockSeconds;
    private boolean clockCycles;
    private boolean withDelta = true;
    private boolean isColoured;
    private long clockOffsetNanos;
    private Set<NameGroup> names = ViewOptions.DEFAULT.names();
    private Set<HeaderField> fields = ViewOptions.DEFAULT.fields();
    private Optional<String> begin = Optional.empty();
    private Optional<String> end = Optional.empty();
    private boolean isIntersection;
    private Optional<EventFilter> filter = Optional.empty();
    private Optional<Path> output = Optional.empty();

    /// Those of the command line; the last is the one that `--params` is for.
    private final List<Component> components = new ArrayList<>();

    private final List<Path> pluginPaths = new ArrayList<>();
    private final List<String> connections = new ArrayList<>();
    private boolean isCurrentImplicit = true;

    private ViewArguments(String[] arguments) {
        this.arguments = arguments;
    }

    static ViewOptions parse(String[] arguments, boolean isTerminal) throws UsageException {
        var read = new ViewArguments(arguments);
        read.isColoured = isTerminal;
        return read.options();
    }

    /// The arguments of `babeltrace2 run`: components and connections, and nothing implicit. Every
    /// graph of our components is a chain, so that its connections only need to make sense.
    static ViewOptions parseRun(String[] arguments) throws UsageException {
        var run = new ViewArguments(arguments);
        ViewOptions options = run.options();
        if (run.components.stream().noneMatch(Component::isSink)) {
            throw new UsageException("No sink component");
        }
        for (String connection : run.connections) {
            if (connection.split(":", -1).length != 2) {
                throw new UsageException(
                        "Invalid connection `" + connection + "`, want UPSTREAM:DOWNSTREAM");
            }
        }
        return options;
    }

    private ViewOptions options() throws UsageException {
        while (next < arguments.length) {
            String argument = arguments[next++];
            if (argument.equals("--")) {
                while (next < arguments.length) {
                    trace(arguments[next++]);
                }
            } else if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                String name = equals < 0 ? argument : argument.substring(0, equals);
                option(name, equals < 0 ? null : argument.substring(equals + 1));
            } else if (argument.startsWith("-") && argument.length() > 1) {
                String value = argument.substring(2);
                option(argument.substring(0, 2), value.isEmpty() ? null : value);
            } else {
                trace(argument);
            }
        }
        Component sink = sink();
        ZoneId zone = clockGmt ? ZoneOffset.UTC : ZoneId.systemDefault();
        return new ViewOptions(
                traces,
                clockGmt,
                clockDate,
                clockSeconds,
                clockCycles,
                withDelta,
                isColoured && output.isEmpty() ? Colours.TERMINAL : Colours.NONE,
                clockOffsetNanos,
                names,
                fields,
                bound("begin", begin, zone),
                bound("end", end, zone),
                isIntersection,
                filter,
                sink,
                pluginPaths,
                output);
    }

    /// @param value what stands behind the equals sign or the letter; null when there is none
    private void option(String name, String value) throws UsageException {
        switch (name) {
            case "--clock-gmt" -> clockGmt = isSet(name, value);
            case "--clock-date" -> clockDate = isSet(name, value);
            case "--clock-seconds" -> clockSeconds = isSet(name, value);
            case "--clock-cycles" -> clockCycles = isSet(name, value);
            case "--clock-force-correlate" ->
                    isSet(name, value); // clocks are never kept apart here
            case "--no-delta" -> withDelta = !isSet(name, value);
            case "--clock-offset" -> addOffset(number(name, value(name, value)), NANOS);
            case "--clock-offset-ns" -> addOffset(number(name, value(name, value)), 1);
            case "--names", "-n" -> names = TextComponent.names(value(name, value));
            case "--fields", "-f" -> fields = TextComponent.fields(value(name, value));
            case "--begin", "-b" -> begin = Optional.of(value(name, value));
            case "--end", "-e" -> end = Optional.of(value(name, value));
            case "--timerange", "-t" -> range(value(name, value));
            case "--stream-intersection" -> isIntersection = isSet(name, value);
            case "--filter" -> filter = Optional.of(EventFilter.parse(value(name, value)));
            case "--plugin-path" -> {
                for (String each : value(name, value).split(":")) {
                    pluginPaths.add(path(each));
                }
            }
            case "--color" -> isColoured &= isColourWanted(value(name, value));
            case "--output", "-w" -> output = Optional.of(path(value(name, value)));
            case "--output-format", "-o" -> output(value(name, value));
            case "--input-format", "-i" -> input(value(name, value));
            case "--component", "-c" -> component(Component.parse(value(name, value)));
            case "--connect", "-x" -> connections.add(value(name, value));
            case "--params", "-p" -> parameters(value(name, value));
            // Accepted for scripts; they change nothing here.
            case "--debug-info",
                    "--debug-info-full-path",
                    "--debug",
                    "-d",
                    "--verbose",
                    "-v",
                    "--omit-home-plugin-path",
                    "--omit-system-plugin-path" ->
                    isSet(name, value);
            case "--debug-info-dir",
                    "--debug-info-target-prefix",
                    "--log-level",
                    "-l",
                    "--retry-duration" ->
                    value(name, value);
            default -> throw new UsageException("Unknown option `" + name + "`");
        }
    }

    private static boolean isSet(String name, String value) throws UsageException {
        if (value != null) {
            throw new UsageException("Option `" + name + "` takes no value");
        }
        return true;
    }

    private String value(String name, String value) throws UsageException {
        if (value != null) {
            return value;
        }
        if (next == arguments.length) {
            throw new UsageException("Missing value of option `" + name + "`");
        }
        return arguments[next++];
    }

    private static long number(String name, String value) throws UsageException {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UsageException("Invalid value of `" + name + "`: `" + value + "`");
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
            throw new UsageException("Invalid time range `" + value + "`, want BEGIN,END");
        }
        begin = Optional.of(bounds.group(1));
        end = Optional.of(bounds.group(2));
    }

    private static Optional<TimeBound> bound(String which, Optional<String> text, ZoneId zone)
            throws UsageException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<TimeBound> bound = TimeBound.parse(text.get(), zone);
        if (bound.isEmpty()) {
            throw new UsageException("Invalid " + which + " time `" + text.get() + "`");
        }
        return bound;
    }

    /// As in babeltrace2 2.0.4, `always` colours nothing but terminals.
    private static boolean isColourWanted(String when) throws UsageException {
        return switch (when) {
            case "never" -> false;
            case "auto", "always" -> true;
            default -> throw new UsageException("Unknown value of `--color`: `" + when + "`");
        };
    }

    private void output(String format) throws UsageException {
        component(
                new Component(
                        switch (format) {
                            case "text" -> TextComponent.NAME;
                            case "dummy" -> "sink.utils.dummy";
                            case "ctf" -> "sink.ctf.fs";
                            case "ctf-metadata" -> "sink.contrail.metadata";
                            case "json" -> "sink.contrail.json";
                            default ->
                                    throw new UsageException(
                                            "Unknown output format `" + format + "`");
                        },
                        Map.of()));
    }

    private void trace(String text) throws UsageException {
        traces.add(path(text));
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
                    default ->
                            throw new UsageException(
                                    "Unknown component class `" + component.className() + "`");
                }
            }
        }
        return sink.isPresent() ? text(sink.get()) : ViewOptions.DEFAULT.sink();
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
        if (source.parameters().get("inputs") instanceof List<?> inputs) {
            for (Object input : inputs) {
                traces.add(path(input.toString()));
            }
        }
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
            output = Optional.of(path(file));
        }
        return ViewOptions.DEFAULT.sink();
    }

    private static void input(String format) throws UsageException {
        if (!format.equals("ctf")) {
            throw new UsageException("Unsupported input format: `" + format + "`");
        }
    }

    private static Path path(String text) throws UsageException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("Invalid path: " + e.getMessage());
        }
    }
}
