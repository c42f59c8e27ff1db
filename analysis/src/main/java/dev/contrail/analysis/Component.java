// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A component of the graph as a command line names it: its class, `TYPE.PLUGIN.NAME`, and its
/// parameters.
///
/// @param className with the long form of the type: `source`, `filter` or `sink`
/// @param parameters `Boolean`, `Long`, `Double`, `String`, `List` or `Map` by name
public record Component(String className, Map<String, Object> parameters) {
    public Component {
        parameters = Map.copyOf(parameters);
    }

    /// Parses babeltrace2's `[NAME:]TYPE.PLUGIN.CLASS`, where a type may be cut short. The
    /// component's own name is of no use here.
    public static Component parse(String text) throws UsageException {
        String named = text.substring(text.indexOf(':') + 1);
        String[] words = named.split("\\.", 3);
        if (words.length < 3) {
            throw new UsageException(
                    "Invalid component class `" + text + "`, want [NAME:]TYPE.PLUGIN.CLASS");
        }
        String type =
                switch (words[0]) {
                    case "source", "src" -> "source";
                    case "filter", "flt" -> "filter";
                    case "sink" -> "sink";
                    default ->
                            throw new UsageException(
                                    "Unknown component class type `%s` in `%s`"
                                            .formatted(words[0], text));
                };
        return new Component(type + "." + words[1] + "." + words[2], Map.of());
    }

    /// The same with more parameters; one of the same name is replaced.
    public Component with(Map<String, Object> more) {
        var all = new LinkedHashMap<>(parameters);
        all.putAll(more);
        return new Component(className, all);
    }

    /// The value of `inputs`: what a source is to read, as paths.
    public List<Path> inputs() throws UsageException {
        var paths = new ArrayList<Path>();
        switch (parameters.get("inputs")) {
            case null -> {}
            case List<?> inputs -> {
                for (Object input : inputs) {
                    paths.add(path(input.toString()));
                }
            }
            case Object input ->
                    throw new UsageException(
                            "Parameter `inputs` of %s: want a list, got %s"
                                    .formatted(className, input));
        }
        return paths;
    }

    /// Whether its class is a source.
    public boolean isSource() {
        return className.startsWith("source.");
    }

    /// Whether its class is a sink.
    public boolean isSink() {
        return className.startsWith("sink.");
    }

    /// A path that a user wrote.
    ///
    /// @throws UsageException when the file system allows no such path
    public static Path path(String text) throws UsageException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("Invalid path: " + e.getMessage());
        }
    }

    /// The error of a user who named a class that there is not, in babeltrace2's words.
    public UsageException unknown() {
        return new UsageException("Cannot find component class: " + ids());
    }

    /// How babeltrace2's messages name the class.
    public String ids() {
        String[] words = className.split("\\.", 3);
        int type = isSource() ? 1 : isSink() ? 4 : 2;
        return "plugin-name=\"%s\", comp-cls-name=\"%s\", comp-cls-type=%d"
                .formatted(words[1], words[2], type);
    }

    /// Refuses parameters that are misspelt.
    ///
    /// @throws UsageException when a parameter has another name than these
    public void allow(Set<String> names) throws UsageException {
        for (String name : parameters.keySet()) {
            if (!names.contains(name)) {
                String wanted =
                        names.isEmpty()
                                ? "which takes none"
                                : "want one of: "
                                        + names.stream().sorted().collect(Collectors.joining(", "));
                throw new UsageException(
                        "Unknown parameter `%s` of %s, %s".formatted(name, className, wanted));
            }
        }
    }

    /// The value of a flag, `yes` or `no`.
    ///
    /// @param otherwise the value of one that is not given
    public boolean isSet(String name, boolean otherwise) throws UsageException {
        return value(name, Boolean.class, otherwise);
    }

    /// The value of an integer.
    ///
    /// @param otherwise the value of one that is not given
    public long number(String name, long otherwise) throws UsageException {
        return value(name, Long.class, otherwise);
    }

    /// The value of a text.
    ///
    /// @param otherwise the value of one that is not given
    public String text(String name, String otherwise) throws UsageException {
        return value(name, String.class, otherwise);
    }

    private <T> T value(String name, Class<T> type, T otherwise) throws UsageException {
        Object value = parameters.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!type.isInstance(value)) {
            String wanted =
                    type == Boolean.class ? "yes or no" : type == Long.class ? "a number" : "text";
            throw new UsageException(
                    "Parameter `%s` of %s: want %s, got %s"
                            .formatted(name, className, wanted, value));
        }
        return type.cast(value);
    }
}
