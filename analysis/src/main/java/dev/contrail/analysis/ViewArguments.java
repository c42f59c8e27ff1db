// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.ViewOptions.HeaderField;
import dev.contrail.analysis.ViewOptions.NameGroup;
import dev.contrail.analysis.ViewOptions.SinkKind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the command line of `view`, whose options are those of `babeltrace2 convert`.
///
/// Both `--option=VALUE` and `--option VALUE` are understood, `-xVALUE` and `-x VALUE`.
public final class ViewArguments {
    private static final long NANOS = 1_000_000_000L;

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
    private long clockOffsetNanos;
    private Set<NameGroup> names = ViewOptions.DEFAULT.names();
    private Set<HeaderField> fields = ViewOptions.DEFAULT.fields();
    private String begin = "";
    private String end = "";
    private boolean isIntersection;
    private SinkKind sink = SinkKind.TEXT;
    private Optional<Path> output = Optional.empty();

    private ViewArguments(String[] arguments) {
        this.arguments = arguments;
    }

    static ViewOptions parse(String[] arguments) throws UsageException {
        return new ViewArguments(arguments).options();
    }

    private ViewOptions options() throws UsageException {
        while (next < arguments.length) {
            String argument = arguments[next++];
            if (argument.equals("--")) {
                while (next < arguments.length) {
                    traces.add(path(arguments[next++]));
                }
            } else if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                String name = equals < 0 ? argument : argument.substring(0, equals);
                option(name, equals < 0 ? null : argument.substring(equals + 1));
            } else if (argument.startsWith("-") && argument.length() > 1) {
                String value = argument.substring(2);
                option(argument.substring(0, 2), value.isEmpty() ? null : value);
            } else {
                traces.add(path(argument));
            }
        }
        ZoneId zone = clockGmt ? ZoneOffset.UTC : ZoneId.systemDefault();
        return new ViewOptions(
                traces,
                clockGmt,
                clockDate,
                clockSeconds,
                clockCycles,
                withDelta,
                clockOffsetNanos,
                names,
                fields,
                bound("begin", begin, zone),
                bound("end", end, zone),
                isIntersection,
                sink,
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
            case "--names", "-n" -> names = names(value(name, value));
            case "--fields", "-f" -> fields = fields(value(name, value));
            case "--begin", "-b" -> begin = value(name, value);
            case "--end", "-e" -> end = value(name, value);
            case "--timerange", "-t" -> range(value(name, value));
            case "--stream-intersection" -> isIntersection = isSet(name, value);
            case "--color" -> color(value(name, value));
            case "--output", "-w" -> output = Optional.of(path(value(name, value)));
            case "--output-format", "-o" -> sink(name, value(name, value));
            case "--input-format", "-i" -> input(value(name, value));
            case "--component", "-c" -> sink(name, value(name, value));
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

    private static Set<NameGroup> names(String list) throws UsageException {
        var groups = EnumSet.noneOf(NameGroup.class);
        for (String word : list.split(",")) {
            switch (word.strip()) {
                case "all" -> groups.addAll(EnumSet.allOf(NameGroup.class));
                case "none" -> groups.clear();
                case "payload", "arg", "args" -> groups.add(NameGroup.PAYLOAD);
                case "context", "ctx" -> groups.add(NameGroup.CONTEXT);
                case "header" -> groups.add(NameGroup.HEADER);
                case "scope" -> groups.add(NameGroup.SCOPE);
                default -> throw new UsageException("Unknown name in `--names`: `" + word + "`");
            }
        }
        return groups;
    }

    private static Set<HeaderField> fields(String list) throws UsageException {
        var chosen = EnumSet.noneOf(HeaderField.class);
        for (String word : list.split(",")) {
            switch (word.strip()) {
                case "all" -> chosen.addAll(EnumSet.allOf(HeaderField.class));
                case "none" -> chosen.clear();
                case "trace" -> chosen.add(HeaderField.TRACE);
                case "trace:hostname" -> chosen.add(HeaderField.HOSTNAME);
                case "trace:domain" -> chosen.add(HeaderField.DOMAIN);
                case "trace:procname" -> chosen.add(HeaderField.PROCESS_NAME);
                case "trace:vpid" -> chosen.add(HeaderField.PROCESS_ID);
                case "loglevel" -> chosen.add(HeaderField.LOG_LEVEL);
                case "emf" -> chosen.add(HeaderField.EMF_URI);
                case "callsite" -> {} // accepted by babeltrace2, which has none to show
                default -> throw new UsageException("Unknown field in `--fields`: `" + word + "`");
            }
        }
        return chosen;
    }

    private void range(String value) throws UsageException {
        String range = value;
        if (range.startsWith("[") && range.endsWith("]")) {
            range = range.substring(1, range.length() - 1);
        }
        String[] bounds = range.split(",", -1);
        if (bounds.length != 2) {
            throw new UsageException("Invalid time range `" + value + "`, want BEGIN,END");
        }
        begin = bounds[0].strip();
        end = bounds[1].strip();
    }

    private static Optional<TimeBound> bound(String which, String text, ZoneId zone)
            throws UsageException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<TimeBound> bound = TimeBound.parse(text, zone);
        if (bound.isEmpty()) {
            throw new UsageException("Invalid " + which + " time `" + text + "`");
        }
        return bound;
    }

    private static void color(String when) throws UsageException {
        switch (when) {
            case "never", "auto" -> {}
            case "always" ->
                    throw new UsageException("Colours are not supported: `--color always`");
            default -> throw new UsageException("Unknown value of `--color`: `" + when + "`");
        }
    }

    private void sink(String option, String name) throws UsageException {
        sink =
                switch (name) {
                    case "text", "sink.text.pretty" -> SinkKind.TEXT;
                    case "dummy", "sink.utils.dummy" -> SinkKind.DUMMY;
                    default ->
                            throw new UsageException(
                                    "Unsupported output of `" + option + "`: `" + name + "`");
                };
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
