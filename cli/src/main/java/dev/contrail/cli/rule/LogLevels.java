// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import dev.contrail.cli.console.Failure;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Log levels by name (`lttng-cli.md` section 10).
public final class LogLevels {
    private static final String[] USERSPACE = {
        "EMERG",
        "ALERT",
        "CRIT",
        "ERR",
        "WARNING",
        "NOTICE",
        "INFO",
        "DEBUG_SYSTEM",
        "DEBUG_PROGRAM",
        "DEBUG_PROCESS",
        "DEBUG_MODULE",
        "DEBUG_UNIT",
        "DEBUG_FUNCTION",
        "DEBUG_LINE",
        "DEBUG"
    };
    private static final Map<String, Integer> JUL = new LinkedHashMap<>();

    static {
        JUL.put("OFF", Integer.MAX_VALUE);
        JUL.put("SEVERE", 1000);
        JUL.put("WARNING", 900);
        JUL.put("INFO", 800);
        JUL.put("CONFIG", 700);
        JUL.put("FINE", 500);
        JUL.put("FINER", 400);
        JUL.put("FINEST", 300);
        JUL.put("ALL", Integer.MIN_VALUE);
    }

    /// The more severe, the smaller.
    private static final Map<String, Integer> LOG4J2 = new LinkedHashMap<>();

    static {
        LOG4J2.put("OFF", 0);
        LOG4J2.put("FATAL", 100);
        LOG4J2.put("ERROR", 200);
        LOG4J2.put("WARN", 300);
        LOG4J2.put("INFO", 400);
        LOG4J2.put("DEBUG", 500);
        LOG4J2.put("TRACE", 600);
        LOG4J2.put("ALL", Integer.MAX_VALUE);
    }

    private LogLevels() {}

    /// Those of a log system.
    private static Map<String, Integer> of(DomainName domain) {
        return domain == DomainName.JUL ? JUL : LOG4J2;
    }

    private static String prefix(DomainName domain) {
        return domain.word().toUpperCase(Locale.ROOT) + "_";
    }

    /// @throws Failure with LTTng's status 97 for an unknown name
    public static int parse(DomainName domain, String text) throws Failure {
        String name = text.toUpperCase(Locale.ROOT);
        if (domain.hasLoggers()) {
            String prefix = prefix(domain);
            Integer level =
                    of(domain)
                            .get(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
            if (level != null) {
                return level;
            }
        } else {
            String bare = name.startsWith("TRACE_") ? name.substring(6) : name;
            for (int level = 0; level < USERSPACE.length; level++) {
                if (USERSPACE[level].equals(bare) || USERSPACE[level].equals("DEBUG_" + bare)) {
                    return level;
                }
            }
        }
        throw new Failure(LttngError.INVALID, "Unknown loglevel " + text);
    }

    /// Those of a domain, the most severe first.
    public static List<String> names(DomainName domain) {
        return domain.hasLoggers() ? List.copyOf(of(domain).keySet()) : List.of(USERSPACE);
    }

    /// All of them, those of all domains.
    public static List<String> names() {
        return Stream.of(Stream.of(USERSPACE), JUL.keySet().stream(), LOG4J2.keySet().stream())
                .flatMap(each -> each)
                .distinct()
                .toList();
    }

    /// `TRACE_WARNING (4)` or `JUL_FINE`.
    public static String show(DomainName domain, int level) {
        if (domain.hasLoggers()) {
            for (Map.Entry<String, Integer> each : of(domain).entrySet()) {
                if (each.getValue() == level) {
                    return prefix(domain) + each.getKey();
                }
            }
            return Integer.toString(level);
        }
        return level >= 0 && level < USERSPACE.length
                ? "TRACE_%s (%d)".formatted(USERSPACE[level], level)
                : Integer.toString(level);
    }
}
