// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/// The sinks that are built in, by their class names.
final class Sinks {
    private Sinks() {}

    /// @param sources the streams whose messages will come
    /// @param out where text goes
    /// @param err where warnings go, a line each
    static Sink open(
            ViewOptions options, List<StreamSource> sources, OutputStream out, PrintStream err)
            throws ViewArguments.UsageException {
        Component component = options.sink();
        return switch (component.className()) {
            case TextComponent.NAME -> new TextSink(options, out, err);
            case DetailsSink.NAME -> new DetailsSink(options, sources, out);
            case CtfSink.NAME -> new CtfSink(options, sources, out);
            case "sink.utils.counter" -> new CounterSink(component, out);
            case "sink.utils.dummy" -> {
                component.allow(Set.of());
                yield _ -> {};
            }
            case "sink.contrail.json" -> new JsonSink(component, out);
            default ->
                    Plugins.load(options.pluginPaths())
                            .sink(component.className())
                            .orElseThrow(() -> ComponentClasses.missing(component))
                            .open(component, out);
        };
    }
}
