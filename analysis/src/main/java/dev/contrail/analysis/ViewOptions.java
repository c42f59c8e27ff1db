// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What to view and how; the options are babeltrace2's.
///
/// @param clockOffsetNanos added to every clock's offset
/// @param names what is written with a name before it
/// @param fields what is written of an event besides its name and fields
/// @param begin only events from then on, if present; times without a date take the first event's
/// @param filter which events are wanted, if not all
/// @param sources other people's, to be read beside the traces
/// @param sink where events go, and with what parameters
/// @param pluginPaths where jars with other people's sources and sinks are
/// @param output a file instead of standard output, if present
public record ViewOptions(
        List<Path> traces,
        boolean clockGmt,
        boolean clockDate,
        boolean clockSeconds,
        boolean clockCycles,
        boolean withDelta,
        Colours colours,
        long clockOffsetNanos,
        Set<NameGroup> names,
        Set<HeaderField> fields,
        Optional<TimeBound> begin,
        Optional<TimeBound> end,
        boolean isIntersection,
        Optional<EventFilter> filter,
        List<Component> sources,
        Component sink,
        List<Path> pluginPaths,
        Optional<Path> output) {

    /// What may be written with names.
    public enum NameGroup {
        PAYLOAD,
        CONTEXT,
        HEADER,
        SCOPE
    }

    /// What may be written before an event's name.
    public enum HeaderField {
        TRACE,
        HOSTNAME,
        DOMAIN,
        PROCESS_NAME,
        PROCESS_ID,
        LOG_LEVEL,
        EMF_URI
    }

    /// How babeltrace2 shows traces when it is not told otherwise.
    public static final ViewOptions DEFAULT =
            new ViewOptions(
                    List.of(),
                    false,
                    false,
                    false,
                    false,
                    true,
                    Colours.NONE,
                    0,
                    EnumSet.of(NameGroup.PAYLOAD, NameGroup.CONTEXT),
                    EnumSet.of(
                            HeaderField.HOSTNAME, HeaderField.PROCESS_NAME, HeaderField.PROCESS_ID),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    List.of(),
                    Sinks.DEFAULT,
                    List.of(),
                    Optional.empty());

    public ViewOptions {
        traces = List.copyOf(traces);
        sources = List.copyOf(sources);
        pluginPaths = List.copyOf(pluginPaths);
        names = Set.copyOf(names);
        fields = Set.copyOf(fields);
    }

    /// Reads a command line.
    ///
    /// @throws ViewArguments.UsageException when it cannot be understood
    public static ViewOptions parse(String[] arguments) throws ViewArguments.UsageException {
        return ViewArguments.parse(arguments, false);
    }

    /// Reads a command line whose text goes to a terminal: coloured, unless it says otherwise.
    ///
    /// @throws ViewArguments.UsageException when it cannot be understood
    public static ViewOptions parseForTerminal(String[] arguments)
            throws ViewArguments.UsageException {
        return ViewArguments.parse(arguments, true);
    }

    /// Reads the command line of `babeltrace2 run`, whose components are all explicit.
    ///
    /// @throws ViewArguments.UsageException when it cannot be understood
    public static ViewOptions parseRun(String[] arguments) throws ViewArguments.UsageException {
        return RunArguments.parse(arguments);
    }

    /// The same options for other traces.
    public ViewOptions withTraces(List<Path> others) {
        return new ViewOptions(
                others,
                clockGmt,
                clockDate,
                clockSeconds,
                clockCycles,
                withDelta,
                colours,
                clockOffsetNanos,
                names,
                fields,
                begin,
                end,
                isIntersection,
                filter,
                sources,
                sink,
                pluginPaths,
                output);
    }
}
