// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.BuiltInSink.Output;
import dev.contrail.analysis.copy.CtfSink;
import dev.contrail.analysis.details.DetailsOptions;
import dev.contrail.analysis.details.DetailsSink;
import dev.contrail.analysis.json.JsonSink;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.Plugins;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.text.TextComponent;
import dev.contrail.analysis.text.TextSink;
import dev.contrail.ctf.CtfException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The sinks that are built in. Options, `list-plugins`, slices of time, help and completion know
/// those in this list, and nothing else of them.
public final class Sinks {
    static final List<BuiltInSink> BUILT_IN =
            List.of(
                    new BuiltInSink(
                            TextComponent.NAME,
                            "text",
                            "pretty",
                            "Print events, a line each.",
                            TextComponent.PARAMETERS,
                            Output.LINES,
                            true,
                            (options, _, _, out, notices) ->
                                    new TextSink(
                                            options.text(), notices.isOwn(), out, notices::warn)),
                    new BuiltInSink(
                            "sink.text.details",
                            "",
                            "",
                            "Print messages and metadata with all their details.",
                            DetailsOptions.PARAMETERS,
                            Output.LINES,
                            false,
                            (options, _, streams, out, _) ->
                                    new DetailsSink(
                                            DetailsOptions.of(
                                                    options.sink(), options.text().colours()),
                                            options.clockOffsetNanos(),
                                            streams,
                                            out)),
                    new BuiltInSink(
                            "sink.ctf.fs",
                            "ctf",
                            "sink-ctf-fs",
                            "Write CTF traces, each to a folder.",
                            CtfSink.PARAMETERS,
                            Output.FOLDER,
                            false,
                            (options, _, streams, out, _) ->
                                    new CtfSink(
                                            options.sink(),
                                            options.output(),
                                            options.clockOffsetNanos(),
                                            streams,
                                            out)),
                    new BuiltInSink(
                            "sink.utils.counter",
                            "",
                            "",
                            "Count messages by kind.",
                            List.of("step", "hide-zero"),
                            Output.RESULT,
                            false,
                            (options, _, _, out, _) -> new CounterSink(options.sink(), out)),
                    new BuiltInSink(
                            "sink.utils.dummy",
                            "dummy",
                            "dummy",
                            "Read everything, print nothing.",
                            List.of(),
                            Output.NOTHING,
                            true,
                            (_, _, _, _, _) -> _ -> {}),
                    new BuiltInSink(
                            "sink.contrail.json",
                            "json",
                            "",
                            "Write events as JSON, one a line.",
                            List.of(),
                            Output.LINES,
                            true,
                            (_, _, _, out, _) -> new JsonSink(out)),
                    new BuiltInSink(
                            "sink.contrail.metadata",
                            "ctf-metadata",
                            "",
                            "Print the metadata of the traces.",
                            List.of(),
                            Output.DECLARATIONS,
                            false,
                            (_, sources, _, out, _) -> MetadataSink.print(sources, out)));

    private Sinks() {}

    /// The same options for a viewer that waits for a relay which is away for a while, where what
    /// it writes can go on: one event after the other.
    public static ViewOptions lasting(ViewOptions options) {
        boolean canGoOn = of(options.sink()).filter(BuiltInSink::isSliced).isPresent();
        return canGoOn ? options.lasting() : options;
    }

    /// What `--output-format` may be.
    public static List<String> formats() {
        return BUILT_IN.stream().map(BuiltInSink::format).filter(each -> !each.isEmpty()).toList();
    }

    /// The class names of those that are built in.
    public static List<String> classNames() {
        return BUILT_IN.stream().map(BuiltInSink::className).toList();
    }

    /// Whether a sink writes nothing to standard output before the end, so that there is room to
    /// tell how far it has come.
    public static boolean isQuiet(Component sink) {
        return of(sink).filter(each ->
                        Set.of(Output.RESULT, Output.FOLDER, Output.NOTHING)
                                .contains(each.output()))
                .isPresent();
    }

    /// Whether a sink writes a line for each event, so that one that has written nothing has met
    /// none.
    public static boolean showsEvents(Component sink) {
        return writes(sink, Output.LINES);
    }

    /// The sink of that class, if it is built in.
    static Optional<BuiltInSink> of(Component sink) {
        return BUILT_IN.stream()
                .filter(each -> each.className().equals(sink.className()))
                .findAny();
    }

    /// The sink that `--output-format` names.
    ///
    /// @throws UsageException when it names none
    static BuiltInSink ofFormat(String format) throws UsageException {
        return BUILT_IN.stream()
                .filter(each -> each.format().equals(format) && !format.isEmpty())
                .findAny()
                .orElseThrow(() ->
                        new UsageException(
                                "Unknown output format `"
                                        + format
                                        + "`, want "
                                        + wanted(formats())
                                        + (format.contains("/")
                                                ? "; --output names the file to write to"
                                                : "")));
    }

    private static String wanted(List<String> names) {
        return names.stream().collect(Collectors.joining(", "));
    }

    /// Whether a sink writes that.
    static boolean writes(Component sink, Output output) {
        return of(sink).filter(each -> each.output() == output).isPresent();
    }

    /// Makes the sink of a run whose sources it need not know.
    static Sink open(
            ViewOptions options, List<StreamSource> streams, OutputStream out, Notices notices)
            throws UsageException, IOException {
        return open(options, OpenSources.NONE, streams, out, notices);
    }

    /// Makes the options' sink, see [BuiltInSink.Factory].
    static Sink open(
            ViewOptions options,
            OpenSources sources,
            List<StreamSource> streams,
            OutputStream out,
            Notices notices)
            throws UsageException, IOException {
        Component component = options.sink();
        Optional<BuiltInSink> own = of(component);
        if (own.isEmpty()) {
            return Plugins.load(options.pluginPaths())
                    .sink(component.className())
                    .orElseThrow(() ->
                            new UsageException(
                                    component.unknown().getMessage()
                                            + "; built in: "
                                            + wanted(
                                                    BUILT_IN.stream()
                                                            .map(BuiltInSink::className)
                                                            .toList())))
                    .open(component, out);
        }
        component.allow(Set.copyOf(own.get().parameters()));
        try {
            return own.get().factory().open(options, sources, streams, out, notices);
        } catch (CtfException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
