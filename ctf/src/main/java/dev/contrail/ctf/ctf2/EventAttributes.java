// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.JsonValue;
import java.util.List;
import java.util.Optional;

/// What CTF 1.8 declares of event classes and CTF 2 has in attributes: log level and EMF URI.
final class EventAttributes {
    /// Namespaces of the attributes; the first that has one counts.
    private static final List<String> NAMESPACES = List.of("babeltrace.org,2020", "lttng.org,2009");

    /// The words for log levels, by their numbers.
    static final List<String> LOG_LEVELS =
            List.of(
                    "emergency",
                    "alert",
                    "critical",
                    "error",
                    "warning",
                    "notice",
                    "info",
                    "debug:system",
                    "debug:program",
                    "debug:process",
                    "debug:module",
                    "debug:unit",
                    "debug:function",
                    "debug:line",
                    "debug");

    private EventAttributes() {}

    /// The word for the log level.
    ///
    /// @param attributes of an event record class
    static Optional<String> logLevel(Optional<JsonValue> attributes) {
        return text(attributes, "log-level");
    }

    /// The EMF URI; empty for none.
    ///
    /// @param attributes of an event record class
    static String emfUri(Optional<JsonValue> attributes) {
        return text(attributes, "emf-uri").orElse("");
    }

    private static Optional<String> text(Optional<JsonValue> attributes, String name) {
        if (attributes.isPresent() && attributes.get() instanceof JsonValue.Members spaces) {
            for (String namespace : NAMESPACES) {
                if (spaces.values().get(namespace) instanceof JsonValue.Members members
                        && members.values().get(name) instanceof JsonValue.Text(_, String word)) {
                    return Optional.of(word);
                }
            }
        }
        return Optional.empty();
    }
}
