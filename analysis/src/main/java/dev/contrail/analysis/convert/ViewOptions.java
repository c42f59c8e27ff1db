// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.analysis.select.Around;
import dev.contrail.analysis.select.Ending;
import dev.contrail.analysis.select.SelectionOptions;
import dev.contrail.analysis.text.TextComponent;
import dev.contrail.analysis.text.TextOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What to view and how; the options are babeltrace2's.
///
/// @param text how events look where the sink is text
/// @param selection which messages are wanted
/// @param clockOffsetNanos added to every clock's offset
/// @param sources other people's, to be read beside the traces
/// @param sink where events go, and with what parameters
/// @param pluginPaths where jars with other people's sources and sinks are
/// @param output a file instead of standard output, if present
/// @param watching how sessions of relays are looked at
public record ViewOptions(
        List<Path> traces,
        TextOptions text,
        SelectionOptions selection,
        long clockOffsetNanos,
        List<Component> sources,
        Component sink,
        List<Path> pluginPaths,
        Optional<Path> output,
        Watching watching) {

    /// Their times are held in memory.
    public static final int MOST_LAST_EVENTS = Ending.MOST_EVENTS;

    /// How babeltrace2 shows traces when it is not told otherwise.
    public static final ViewOptions DEFAULT =
            new ViewOptions(
                    List.of(),
                    TextOptions.DEFAULT,
                    SelectionOptions.DEFAULT,
                    0,
                    List.of(),
                    TextComponent.DEFAULT,
                    List.of(),
                    Optional.empty(),
                    Watching.DEFAULT);

    public ViewOptions {
        traces = List.copyOf(traces);
        sources = List.copyOf(sources);
        pluginPaths = List.copyOf(pluginPaths);
    }

    /// Whether what a user names is the address of live sessions, and no path.
    public static boolean isAddress(String named) {
        return LiveSource.isAddress(named);
    }

    /// Whether they have a source that goes on, until it has ended or somebody does not want to see
    /// more.
    public boolean isLive() {
        return sources.stream().anyMatch(each -> each.className().equals(LiveSource.NAME));
    }

    /// Whether they have a source that remembers how far this viewer has come.
    boolean isNamed() {
        return sources.stream()
                .anyMatch(each ->
                        each.className().equals(LiveSource.NAME) && LiveSource.isNamed(each));
    }

    /// The same options for other traces.
    public ViewOptions withTraces(List<Path> others) {
        return new ViewOptions(
                others,
                text,
                selection,
                clockOffsetNanos,
                sources,
                sink,
                pluginPaths,
                output,
                watching);
    }

    /// The same options, where it is an error that a relay has no session of a name.
    public ViewOptions withExistingSessions() {
        return withSources(LiveSource.changed(sources, LiveSource::existing));
    }

    /// The same options for a session of a relay as well.
    public ViewOptions withLive(String url) {
        var all = new ArrayList<>(sources);
        all.add(watching.of(LiveSource.existing(LiveSource.of(url))));
        return withSources(all);
    }

    /// The same options for a viewer that waits for a relay which is away for a while, and that
    /// `--as` names.
    ViewOptions lasting() {
        return withSources(
                LiveSource.changed(sources, each -> LiveSource.lasting(LiveSource.nameable(each))));
    }

    private ViewOptions withSources(List<Component> others) {
        return new ViewOptions(
                traces,
                text,
                selection,
                clockOffsetNanos,
                others,
                sink,
                pluginPaths,
                output,
                watching);
    }

    /// The same options for what is around some events of what they select.
    ///
    /// @param names of these events; `*` stands for anything
    /// @param count of events before and after each
    public ViewOptions around(List<String> names, int count) {
        return with(selection.with(Around.events(names, count)));
    }

    /// The same options for the time around some events of what they select.
    ///
    /// @param names of these events; `*` stands for anything
    /// @param nanos before and after each
    public ViewOptions aroundTime(List<String> names, long nanos) {
        return with(selection.with(Around.time(names, nanos)));
    }

    /// The same options for what is around the events for which an expression is true.
    ///
    /// @param expression as `--filter` takes it
    /// @param reach a number of events, or nanoseconds, before and after each
    /// @throws UsageException when the expression makes no sense
    public ViewOptions aroundMatches(String expression, long reach, boolean isTime)
            throws UsageException {
        return with(selection.with(Around.matches(expression, reach, isTime)));
    }

    /// The same options for the end of what they select.
    ///
    /// @param nanos only events this long before the last one, and that
    /// @param events only so many, the last ones, 1 to [#MOST_LAST_EVENTS]
    public ViewOptions endingWith(OptionalLong nanos, OptionalInt events) {
        return with(selection.with(new Ending(nanos, events)));
    }

    private ViewOptions with(SelectionOptions wanted) {
        return new ViewOptions(
                traces,
                text,
                wanted,
                clockOffsetNanos,
                sources,
                sink,
                pluginPaths,
                output,
                watching);
    }

    /// The options that may leave nothing of a trace, as users write them.
    public List<String> selecting() {
        var selecting = new ArrayList<String>();
        selection.begin().ifPresent(_ -> selecting.add("--begin"));
        selection.end().ifPresent(_ -> selecting.add("--end"));
        if (selection.isIntersection()) {
            selecting.add("--stream-intersection");
        }
        selection.filter().ifPresent(_ -> selecting.add("--filter"));
        return selecting;
    }
}
