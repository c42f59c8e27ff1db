// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.Plugins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The component classes that there are, in the words of babeltrace2 2.0.4's `list-plugins` and
/// `help`: those that are built in, and other people's.
public final class ComponentClasses {
    /// @param parameters one line; empty when it takes none, or does not tell
    private record Entry(String name, String description, String parameters) {
        String plugin() {
            return name.split("\\.")[1];
        }

        boolean is(String type) {
            return name.startsWith(type + ".");
        }
    }

    private record Plugin(String name, String description) {}

    private static final List<String> TYPES = List.of("source", "filter", "sink");

    private static final List<Plugin> PLUGINS =
            List.of(
                    new Plugin("text", "Text output"),
                    new Plugin("ctf", "CTF input and output"),
                    new Plugin("utils", "Merging, choosing and counting messages"),
                    new Plugin("contrail", "Rings of JVMs, and output in other forms"));

    /// Besides sinks ([Sinks]) and what [OpenSources] opens.
    private static final List<Entry> BUILT_IN =
            List.of(
                    new Entry(
                            "source.ctf.fs",
                            "Read CTF traces from folders.",
                            "inputs, clock-class-offset-s, clock-class-offset-ns"),
                    new Entry(
                            LiveSource.NAME,
                            "Read live sessions from relay daemons.",
                            String.join(", ", LiveSource.PARAMETERS)),
                    new Entry("filter.utils.muxer", "Merge streams in time order.", ""),
                    new Entry(
                            "filter.utils.trimmer",
                            "Keep the events of a range of time.",
                            "begin, end, gmt"));

    private final List<Path> pluginPaths;
    private final List<Entry> classes = new ArrayList<>();

    /// @param pluginPaths directories of jars with other people's component classes
    /// @throws UsageException when a directory or jar will not do
    public ComponentClasses(List<Path> pluginPaths) throws UsageException {
        this.pluginPaths = List.copyOf(pluginPaths);
        Plugins plugins = Plugins.load(pluginPaths);
        for (BuiltInSink sink : Sinks.BUILT_IN) {
            String parameters = String.join(", ", sink.parameters());
            classes.add(new Entry(sink.className(), sink.description(), parameters));
        }
        classes.addAll(BUILT_IN);
        OpenSources.BUILT_IN.forEach(
                each -> classes.add(new Entry(each.className(), each.description(), "inputs")));
        plugins.sources()
                .forEach(each -> classes.add(new Entry(each.className(), each.description(), "")));
        plugins.sinks()
                .forEach(each -> classes.add(new Entry(each.className(), each.description(), "")));
    }

    /// The names of parameters by class name, for all that are built in.
    public static SequencedMap<String, List<String>> parameters() {
        try {
            var parameters = new LinkedHashMap<String, List<String>>();
            for (Entry each : new ComponentClasses(List.of()).classes) {
                boolean isTold = !each.parameters.isEmpty();
                parameters.put(
                        each.name, isTold ? List.of(each.parameters.split(", ")) : List.of());
            }
            return parameters;
        } catch (UsageException e) {
            throw new AssertionError("without plugins", e);
        }
    }

    boolean has(String className) {
        return classes.stream().anyMatch(each -> each.name.equals(className));
    }

    /// What `list-plugins` prints.
    public String list() {
        var text = new StringBuilder("From the following plugin paths:\n\n");
        if (pluginPaths.isEmpty()) {
            text.append("  [ ]\n");
        }
        pluginPaths.forEach(each -> text.append("  - ").append(each).append('\n'));
        List<String> plugins = classes.stream().map(Entry::plugin).distinct().toList();
        text.append(
                "\nFound %d component classes in %d plugins.\n"
                        .formatted(classes.size(), plugins.size()));
        for (String plugin : plugins) {
            text.append('\n').append(header(plugin));
            for (String type : TYPES) {
                List<Entry> own = classes(plugin, type);
                text.append("  ").append(title(type));
                text.append(own.isEmpty() ? " (none)\n" : "\n");
                for (Entry each : own) {
                    text.append("    '%s': %s\n".formatted(each.name, each.description));
                }
            }
        }
        return text.toString();
    }

    /// What `help` prints.
    ///
    /// @param what a plugin, or a component class as `TYPE.PLUGIN.CLASS`
    /// @throws UsageException when there is none of that name
    public String describe(String what) throws UsageException {
        Optional<Component> named =
                what.contains(".") ? Optional.of(Component.parse(what)) : Optional.empty();
        String plugin = named.map(each -> each.className().split("\\.")[1]).orElse(what);
        if (classes.stream().noneMatch(each -> each.plugin().equals(plugin))) {
            throw new UsageException("Cannot find plugin: plugin-name=\"" + plugin + "\"");
        }
        var text = new StringBuilder(header(plugin));
        for (String type : TYPES) {
            text.append("  %s %d\n".formatted(title(type), classes(plugin, type).size()));
        }
        if (named.isPresent()) {
            Entry entry =
                    classes.stream()
                            .filter(each -> each.name.equals(named.get().className()))
                            .findFirst()
                            .orElseThrow(() -> named.get().unknown());
            text.append("\n'%s'\n  Description: %s\n".formatted(entry.name, entry.description));
            if (!entry.parameters.isEmpty()) {
                text.append("  Parameters: ").append(entry.parameters).append('\n');
            }
        }
        return text.toString();
    }

    private List<Entry> classes(String plugin, String type) {
        return classes.stream()
                .filter(each -> each.plugin().equals(plugin) && each.is(type))
                .toList();
    }

    private static String header(String name) {
        for (Plugin plugin : PLUGINS) {
            if (plugin.name.equals(name)) {
                return "%s:\n  Built-in\n  Description: %s\n  Author: Contrail\n  License: Apache-2.0\n"
                        .formatted(name, plugin.description);
            }
        }
        return name + ":\n";
    }

    private static String title(String type) {
        return Character.toUpperCase(type.charAt(0)) + type.substring(1) + " component classes:";
    }
}
