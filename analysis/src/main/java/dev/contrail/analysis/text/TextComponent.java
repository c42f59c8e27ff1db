// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.text.TextOptions.HeaderField;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The words of `sink.text.pretty`: of its parameters, and of the options `--names` and `--fields`.
public final class TextComponent {
    /// Its class.
    public static final String NAME = "sink.text.pretty";

    /// Where messages go unless the user says otherwise.
    public static final Component DEFAULT = new Component(NAME, Map.of());

    private static final Set<String> FLAGS =
            Set.of("clock-cycles", "clock-date", "clock-gmt", "clock-seconds", "no-delta");
    private static final Map<String, NameGroup> NAMES =
            Map.of(
                    "name-payload", NameGroup.PAYLOAD,
                    "name-context", NameGroup.CONTEXT,
                    "name-header", NameGroup.HEADER,
                    "name-scope", NameGroup.SCOPE);
    private static final Map<String, HeaderField> FIELDS = fieldParameters();

    /// Their names, sorted.
    public static final List<String> PARAMETERS = parameters();

    private final Component component;

    /// @throws UsageException when a parameter is not one of the sink's
    public TextComponent(Component component) throws UsageException {
        this.component = component;
        component.allow(Set.copyOf(PARAMETERS));
    }

    private static List<String> parameters() {
        var all = new TreeSet<>(FLAGS);
        all.addAll(NAMES.keySet());
        all.addAll(FIELDS.keySet());
        all.addAll(Set.of("name-default", "field-default", "field-callsite", "color", "path"));
        return List.copyOf(all);
    }

    /// Whether a flag, such as `clock-gmt`, is given as yes.
    public boolean isSet(String flag) throws UsageException {
        return component.isSet(flag, false);
    }

    /// What is written with names.
    ///
    /// @param otherwise unless the parameters say so
    public Set<NameGroup> names(Set<NameGroup> otherwise) throws UsageException {
        var chosen = EnumSet.noneOf(NameGroup.class);
        switch (component.text("name-default", "")) {
            case "" -> chosen.addAll(otherwise);
            case "show" -> chosen.addAll(EnumSet.allOf(NameGroup.class));
            case "hide" -> {}
            default -> throw showOrHide("name-default");
        }
        for (var each : NAMES.entrySet()) {
            choose(chosen, each.getKey(), each.getValue());
        }
        return chosen;
    }

    /// What is written of an event besides its name and fields.
    ///
    /// @param otherwise unless the parameters say so
    public Set<HeaderField> fields(Set<HeaderField> otherwise) throws UsageException {
        var chosen = EnumSet.noneOf(HeaderField.class);
        switch (component.text("field-default", "")) {
            case "" -> chosen.addAll(otherwise);
            case "show" -> chosen.addAll(EnumSet.allOf(HeaderField.class));
            case "hide" -> {}
            default -> throw showOrHide("field-default");
        }
        for (var each : FIELDS.entrySet()) {
            choose(chosen, each.getKey(), each.getValue());
        }
        return chosen;
    }

    private <T> void choose(Set<T> chosen, String parameter, T value) throws UsageException {
        if (component.parameters().containsKey(parameter)) {
            if (component.isSet(parameter, false)) {
                chosen.add(value);
            } else {
                chosen.remove(value);
            }
        }
    }

    private UsageException showOrHide(String parameter) {
        return new UsageException(
                "Parameter `%s` of %s: want show or hide".formatted(parameter, NAME));
    }

    private static Map<String, HeaderField> fieldParameters() {
        var parameters = new LinkedHashMap<String, HeaderField>();
        parameters.put("field-trace", HeaderField.TRACE);
        parameters.put("field-trace:hostname", HeaderField.HOSTNAME);
        parameters.put("field-trace:domain", HeaderField.DOMAIN);
        parameters.put("field-trace:procname", HeaderField.PROCESS_NAME);
        parameters.put("field-trace:vpid", HeaderField.PROCESS_ID);
        parameters.put("field-loglevel", HeaderField.LOG_LEVEL);
        parameters.put("field-emf", HeaderField.EMF_URI);
        return parameters;
    }

    /// Parses the value of `--names`.
    ///
    /// @param otherwise what a list without words leaves as it is
    public static Set<NameGroup> names(String list, Set<NameGroup> otherwise)
            throws UsageException {
        var groups = EnumSet.noneOf(NameGroup.class);
        List<String> words = words(list);
        for (String word : words) {
            switch (word) {
                case "all" -> groups.addAll(EnumSet.allOf(NameGroup.class));
                case "none" -> {} // what is not named is hidden in any case
                case "payload", "arg", "args" -> groups.add(NameGroup.PAYLOAD);
                case "context", "ctx" -> groups.add(NameGroup.CONTEXT);
                case "header" -> groups.add(NameGroup.HEADER);
                case "scope" -> groups.add(NameGroup.SCOPE);
                default ->
                        throw new UsageException(
                                "Unknown name in `--names`: `"
                                        + word
                                        + "`, want payload, context, scope, header, all or none");
            }
        }
        if (words.containsAll(List.of("all", "none"))) {
            throw new UsageException("`--names` cannot have both `all` and `none`");
        }
        return words.isEmpty() ? otherwise : groups;
    }

    /// Parses the value of `--fields`.
    ///
    /// @param otherwise what a list without words leaves as it is
    public static Set<HeaderField> fields(String list, Set<HeaderField> otherwise)
            throws UsageException {
        var chosen = EnumSet.noneOf(HeaderField.class);
        List<String> words = words(list);
        for (String word : words) {
            switch (word) {
                case "all" -> chosen.addAll(EnumSet.allOf(HeaderField.class));
                case "trace" -> chosen.add(HeaderField.TRACE);
                case "trace:hostname" -> chosen.add(HeaderField.HOSTNAME);
                case "trace:domain" -> chosen.add(HeaderField.DOMAIN);
                case "trace:procname" -> chosen.add(HeaderField.PROCESS_NAME);
                case "trace:vpid" -> chosen.add(HeaderField.PROCESS_ID);
                case "loglevel" -> chosen.add(HeaderField.LOG_LEVEL);
                case "emf" -> chosen.add(HeaderField.EMF_URI);
                case "callsite" -> {} // accepted by babeltrace2, which has none to show
                default ->
                        throw new UsageException(
                                "Unknown field in `--fields`: `"
                                        + word
                                        + "`, want trace, trace:hostname, trace:domain,"
                                        + " trace:procname, trace:vpid, loglevel, emf, callsite or"
                                        + " all");
            }
        }
        return words.isEmpty() ? otherwise : chosen;
    }

    /// The words of a list with commas between them, and sometimes nothing.
    public static List<String> words(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
