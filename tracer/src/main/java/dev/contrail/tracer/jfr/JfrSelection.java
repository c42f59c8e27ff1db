// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.tap.Glob;
import java.io.IOException;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Configuration;
import jdk.jfr.EventType;

/// What rules choose among JFR's event types, as settings of a recording.
final class JfrSelection {
    private static final String ENABLED = "enabled";
    private static final String THRESHOLD = "threshold";

    /// JDK 25 takes the time of an exception's event from the event of errors, which has one only
    /// while it is on (`jdk.internal.event.ThrowableTracer.traceThrowable`).
    private static final String EXCEPTIONS = "jdk.JavaExceptionThrow";

    private static final String ERRORS = "jdk.JavaErrorThrow";
    private static final String THROTTLE = "throttle";
    private static final String SAMPLE = "Sample";

    private static final List<String> AS_IN_JFR = List.of(THRESHOLD, "period", THROTTLE);

    /// The settings, by `TYPE#NAME`.
    final Map<String, String> settings = new HashMap<>();

    /// The types, by JFR's name.
    final Map<String, EventType> types = new HashMap<>();

    /// Frames of stack traces, where somebody wants less than all.
    final Map<String, Integer> frames = new HashMap<>();

    /// @throws IOException when there is no such profile
    static JfrSelection of(List<JfrRule> rules, List<EventType> known) throws IOException {
        JfrSelection selection = new JfrSelection();
        for (JfrRule rule : rules) {
            selection.add(rule, known);
        }
        return selection;
    }

    private void add(JfrRule rule, List<EventType> known) throws IOException {
        String profile = rule.setting("profile");
        Map<String, Map<String, String>> given = profile.isEmpty() ? usual() : settings(profile);
        for (EventType type : known) {
            String name = type.getName();
            Map<String, String> its = given.getOrDefault(name, Map.of());
            boolean isOn = profile.isEmpty() || "true".equals(its.get(ENABLED));
            if (!isOn || name.equals(SyncEvent.NAME) || !matches(rule, type)) {
                continue;
            }
            types.put(name, type);
            its.forEach((key, value) -> settings.put(name + "#" + key, value));
            settings.put(name + "#" + ENABLED, "true");
            addOwn(rule, name);
        }
        if (types.containsKey(EXCEPTIONS)) {
            settings.put(ERRORS + "#" + ENABLED, "true");
        }
    }

    /// How the JDK's configuration with little overhead sets the types, also those that it leaves
    /// out: with stack traces, which JFR itself makes of some only when it is told. But of a type
    /// that is wanted by name all events are wanted, unless it is one that samples.
    private static Map<String, Map<String, String>> usual() {
        try {
            Map<String, Map<String, String>> usual = settings("default");
            usual.forEach((name, its) -> {
                if (!name.endsWith(SAMPLE)) {
                    its.remove(THROTTLE);
                }
            });
            return usual;
        } catch (IOException e) { // this Java comes without
            return Map.of();
        }
    }

    private void addOwn(JfrRule rule, String name) {
        for (String key : AS_IN_JFR) {
            String value = rule.setting(key);
            if (!value.isEmpty()) {
                settings.put(name + "#" + key, spaced(value));
            }
        }
        String stack = rule.setting("stack");
        if (stack.equals("no")) {
            settings.put(name + "#stackTrace", "false");
        } else if (!stack.isEmpty()) {
            settings.put(name + "#stackTrace", "true");
            frames.put(name, Math.min(Integer.parseInt(stack), JfrStack.MOST_FRAMES));
        }
    }

    /// By the names of the types.
    private static Map<String, Map<String, String>> settings(String profile) throws IOException {
        Map<String, Map<String, String>> byType = new HashMap<>();
        try {
            Configuration.getConfiguration(profile)
                    .getSettings()
                    .forEach((key, value) -> {
                        int at = key.indexOf('#');
                        byType.computeIfAbsent(key.substring(0, at), name -> new HashMap<>())
                                .put(key.substring(at + 1), value);
                    });
        } catch (ParseException e) {
            throw new IOException(e);
        }
        return byType;
    }

    private static boolean matches(JfrRule rule, EventType type) {
        String name = JfrType.eventName(type);
        return Glob.matches(rule.pattern(), name)
                && rule.exclusions().stream().noneMatch(each -> Glob.matches(each, name));
    }

    /// `10ms` as JFR has it, `10 ms`; what is no time span stays.
    private static String spaced(String value) {
        int digits = 0;
        while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
            digits++;
        }
        boolean isSpan =
                digits > 0 && digits < value.length() && Character.isLetter(value.charAt(digits));
        return isSpan ? value.substring(0, digits) + " " + value.substring(digits) : value;
    }

    /// The shortest event of a type that is wanted.
    long thresholdNanos(String name, String otherwise) {
        return nanos(settings.getOrDefault(name + "#" + THRESHOLD, otherwise));
    }

    /// A time span as JFR writes it; 0 for what is none.
    static long nanos(String span) {
        String[] words = span.trim().split(" ");
        try {
            long number = Long.parseLong(words[0]);
            return Math.multiplyExact(number, words.length < 2 ? 1 : unit(words[1]));
        } catch (NumberFormatException | ArithmeticException e) {
            return 0;
        }
    }

    private static long unit(String unit) {
        switch (unit) {
            case "us":
                return 1_000;
            case "ms":
                return 1_000_000;
            case "s":
                return 1_000_000_000;
            case "m":
                return 60_000_000_000L;
            case "h":
                return 3_600_000_000_000L;
            case "d":
                return 86_400_000_000_000L;
            default:
                return 1;
        }
    }
}
