// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Methods that a session wants, and what of their calls.
///
/// @param pattern as [MethodPattern] has it
/// @param settings `arg=PATH` for each argument that is recorded, and `return` for the result; in
///   an order that equal ones share
public record MethodRule(String pattern, List<String> settings) {
    /// What the names of all events of methods begin with.
    public static final String PREFIX = "method:";

    /// Said of a rule that has nothing to do as yet, which is none the worse.
    public static final String NOT_YET = "no such method is loaded yet";

    /// Said after that.
    public static final String ONCE_IT_IS = "; it will be recorded once it is";

    public static final String ENTRY = "_entry";
    public static final String EXIT = "_exit";
    public static final String ARGUMENT = "arg=";
    public static final String RESULT = "return";

    /// Bytes of an event's name, and of its origin, which daemons are told as strings
    /// (`link.FrameFormat`): what was cut would be of no rule.
    static final int MOST_BYTES = 4096;

    public MethodRule {
        settings = List.copyOf(settings);
    }

    /// What tells the events of a rule with these settings from those of others with the same name.
    static String origin(String descriptor, List<String> settings) {
        return descriptor + " " + String.join(" ", settings);
    }

    /// @throws IllegalArgumentException when no event can be made of a method with this name
    static void check(String eventName, String origin) {
        int bytes = eventName.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "the event's name would have %d bytes, want at most %d"
                            .formatted(bytes, MOST_BYTES));
        }
        bytes = origin.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "its types and what is asked of it have %d bytes, want at most %d"
                            .formatted(bytes, MOST_BYTES));
        }
    }

    /// Whether an event class is one that this rule has made.
    ///
    /// @param name of the event
    /// @param origin see `event.EventPoint`
    public boolean selects(String name, String origin) {
        int settingsAt = origin.indexOf(' ') + 1;
        boolean isOurs =
                settingsAt > 0
                        && name.startsWith(PREFIX)
                        && origin.substring(settingsAt).equals(String.join(" ", settings));
        if (!isOurs) {
            return false;
        }
        int end = name.lastIndexOf('_');
        int dot = name.lastIndexOf('.', end);
        if (dot < PREFIX.length()) {
            return false;
        }
        MethodPattern methods = MethodPattern.of(pattern);
        return methods.matchesClass(name.substring(PREFIX.length(), dot))
                && methods.matchesMethod(
                        name.substring(dot + 1, end), origin.substring(0, settingsAt - 1));
    }
}
