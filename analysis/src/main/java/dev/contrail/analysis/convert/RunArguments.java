// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Reads the command line of `babeltrace2 run`: named components, connections, nothing implicit.
///
/// What can be connected is checked as babeltrace2 2.0.4 checks it. All graphs of our components
/// are chains, so that the connections say nothing else.
public final class RunArguments {
    private final SequencedMap<String, Component> components = new LinkedHashMap<>();
    private final List<String> connections = new ArrayList<>();
    private final List<Path> pluginPaths = new ArrayList<>();
    private Map<String, Object> baseParameters = Map.of();

    private RunArguments() {}

    /// Reads a command line.
    ///
    /// @throws UsageException when it cannot be parsed, or the components make no graph
    public static ViewOptions parse(String[] arguments) throws UsageException {
        var run = new RunArguments();
        var words = new OptionWords(arguments);
        while (words.next()) {
            if (!words.isOption()) {
                throw new UsageException("Unexpected argument: `" + words.text() + "`");
            }
            run.option(words);
        }
        run.check();
        return ViewArguments.of(List.copyOf(run.components.values()), run.pluginPaths);
    }

    private void option(OptionWords option) throws UsageException {
        switch (option.text()) {
            case "--component", "-c" -> component(option.value());
            case "--params", "-p" -> {
                String text = option.value();
                if (components.isEmpty()) {
                    throw new UsageException(
                            "Cannot add parameters to unavailable component: " + text);
                }
                components.put(
                        components.lastEntry().getKey(),
                        components.lastEntry().getValue().with(Parameters.parse(text)));
            }
            case "--base-params", "-b" -> baseParameters = Parameters.parse(option.value());
            case "--reset-base-params", "-r" -> {
                option.isSet();
                baseParameters = Map.of();
            }
            case "--connect", "-x" -> connections.add(option.value());
            case "--plugin-path" -> pluginPaths.addAll(ViewArguments.paths(option.value()));
            case "--log-level", "-l" -> option.value(); // accepted; it changes nothing here
            case "--retry-duration" -> ViewArguments.checkDuration(option.value());
            default -> throw UsageException.unknownOption(option.text());
        }
    }

    private void component(String text) throws UsageException {
        Component component = Component.parse(text);
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new UsageException("Found an unnamed component.");
        }
        String name = text.substring(0, colon);
        if (components.containsKey(name)) {
            throw new UsageException("Duplicate component instance name: " + name);
        }
        components.put(name, component.with(baseParameters));
    }

    private void check() throws UsageException {
        if (components.values().stream().noneMatch(Component::isSource)) {
            throw new UsageException("Incomplete graph: no source component.");
        }
        if (components.values().stream().noneMatch(Component::isSink)) {
            throw new UsageException("Incomplete graph: no sink component.");
        }
        Set<String> connected = new HashSet<>();
        for (String connection : connections) {
            List<String> names = names(connection);
            Component upstream = component("upstream", names.getFirst(), connection);
            Component downstream = component("downstream", names.getLast(), connection);
            if (upstream.isSink() || downstream.isSource()) {
                throw new UsageException(
                        "Invalid connection: cannot connect %scomponent `%s` to %scomponent `%s`: %s"
                                .formatted(
                                        upstream.isSink() ? "sink " : "",
                                        names.getFirst(),
                                        downstream.isSource() && !upstream.isSink()
                                                ? "source "
                                                : "",
                                        names.getLast(),
                                        connection));
            }
            connected.addAll(names);
        }
        for (String name : components.keySet()) {
            if (!connected.contains(name)) {
                throw new UsageException("Component `" + name + "` is not connected");
            }
        }
    }

    private Component component(String side, String name, String connection) throws UsageException {
        Component known = components.get(name);
        if (known == null) {
            throw new UsageException(
                    "Invalid connection: cannot find %s component `%s`: %s"
                            .formatted(side, name, connection));
        }
        return known;
    }

    /// The components of `UPSTREAM[.PORT]:DOWNSTREAM[.PORT]`, in which `\` takes the meaning from
    /// the character after it.
    private static List<String> names(String connection) throws UsageException {
        var names = new ArrayList<String>();
        var name = new StringBuilder();
        boolean isPort = false;
        for (int i = 0; i < connection.length(); i++) {
            char c = connection.charAt(i);
            if (c == ':') {
                names.add(name.toString());
                name.setLength(0);
                isPort = false;
            } else if (c == '.') {
                isPort = true;
            } else {
                boolean isEscape = c == '\\' && i + 1 < connection.length();
                char meant = isEscape ? connection.charAt(++i) : c;
                if (!isPort) {
                    name.append(meant);
                }
            }
        }
        names.add(name.toString());
        if (names.size() != 2 || names.contains("")) {
            throw new UsageException(
                    "Invalid connection `" + connection + "`, want UPSTREAM:DOWNSTREAM");
        }
        return names;
    }
}
