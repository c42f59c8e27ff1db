// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.List;

/// The component classes that are built in, for those who ask what there is.
public final class ComponentClasses {
    private record Entry(String name, String description, String parameters) {
        String plugin() {
            return name.split("\\.")[1];
        }

        boolean is(String type) {
            return name.startsWith(type + ".");
        }
    }

    private static final List<Entry> ALL =
            List.of(
                    new Entry(
                            TextComponent.NAME,
                            "Print events, a line each.",
                            "clock-cycles, clock-date, clock-gmt, clock-seconds, no-delta, path,"
                                    + " name-…, field-…"),
                    new Entry(
                            DetailsSink.NAME,
                            "Print messages and metadata with all their details.",
                            String.join(", ", DetailsOptions.PARAMETERS)),
                    new Entry(
                            "source.ctf.fs",
                            "Read CTF traces from folders.",
                            "inputs, clock-class-offset-s, clock-class-offset-ns"),
                    new Entry("filter.utils.muxer", "Merge streams in the order of time.", ""),
                    new Entry(
                            "filter.utils.trimmer",
                            "Keep the events of a range of time.",
                            "begin, end, gmt"),
                    new Entry(
                            CtfSink.NAME,
                            "Write CTF traces, each to a folder.",
                            "path, assume-single-trace, ignore-discarded-events,"
                                    + " ignore-discarded-packets, quiet, ctf-version"),
                    new Entry("sink.utils.counter", "Count messages by kind.", "step, hide-zero"),
                    new Entry("sink.utils.dummy", "Read everything, print nothing.", ""),
                    new Entry("sink.contrail.json", "Write events as JSON, one a line.", ""),
                    new Entry("sink.contrail.metadata", "Print the metadata of the traces.", ""));

    private ComponentClasses() {}

    /// What `babeltrace2 list-plugins` prints.
    public static String list() {
        List<String> plugins = ALL.stream().map(Entry::plugin).distinct().toList();
        var text = new StringBuilder();
        text.append(
                "Found %d component classes in %d plugins.%n"
                        .formatted(ALL.size(), plugins.size()));
        for (String plugin : plugins) {
            text.append(plugin(plugin));
        }
        return text.toString();
    }

    /// What `babeltrace2 help` prints of a plugin or a component class.
    ///
    /// @throws ViewArguments.UsageException when there is neither of that name
    public static String describe(String name) throws ViewArguments.UsageException {
        if (ALL.stream().anyMatch(each -> each.plugin().equals(name))) {
            return plugin(name);
        }
        String wanted = name.contains(".") ? Component.parse(name).className() : name;
        for (Entry each : ALL) {
            if (each.name.equals(wanted)) {
                return "'%s': %s%n".formatted(each.name, each.description)
                        + (each.parameters.isEmpty()
                                ? ""
                                : "  Parameters: %s%n".formatted(each.parameters));
            }
        }
        throw new ViewArguments.UsageException("Cannot find plugin or component class: " + name);
    }

    private static String plugin(String plugin) {
        var text = new StringBuilder("%n%s:%n".formatted(plugin));
        for (String type : List.of("source", "filter", "sink")) {
            text.append(
                    "  %s component classes:"
                            .formatted(Character.toUpperCase(type.charAt(0)) + type.substring(1)));
            List<Entry> classes =
                    ALL.stream()
                            .filter(each -> each.plugin().equals(plugin) && each.is(type))
                            .toList();
            text.append(classes.isEmpty() ? " (none)\n" : "\n");
            for (Entry each : classes) {
                text.append("    '%s': %s%n".formatted(each.name, each.description));
            }
        }
        return text.toString();
    }
}
