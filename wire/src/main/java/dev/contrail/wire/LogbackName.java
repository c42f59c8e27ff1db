// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Loggers of Logback under user space: `logback:LOGGER`, with levels on the scale of user space.
///
/// `logback:*` is all of them, `logback:com.shop.*` those below a name. A rule that does not name
/// Logback (`*`, `log*`) is about tracepoints and has no part in it, as it has none in
/// `java.util.logging`.
public final class LogbackName {
    public static final String PREFIX = "logback:";

    /// Logback's levels: what it calls them, their numbers, and where they stand in user space.
    private enum Level {
        ERROR(40_000, 3),
        WARN(30_000, 4),
        INFO(20_000, 6),
        DEBUG(10_000, 14),
        TRACE(5_000, 15);

        private final int number;
        private final int userspace;

        Level(int number, int userspace) {
            this.number = number;
            this.userspace = userspace;
        }
    }

    /// A number that no level of Logback's has, above all of them.
    private static final int NONE = Integer.MAX_VALUE;

    private LogbackName() {}

    /// The pattern of loggers in a rule's pattern, if it names Logback.
    public static Optional<String> loggers(String pattern) {
        return pattern.startsWith(PREFIX)
                ? Optional.of(pattern.substring(PREFIX.length()))
                : Optional.empty();
    }

    /// The level of user space that has this name in Logback.
    public static Optional<Integer> levelNamed(String name) {
        for (Level each : Level.values()) {
            if (each.name().equalsIgnoreCase(name)) {
                return Optional.of(each.userspace);
            }
        }
        return Optional.empty();
    }

    /// The names of its levels, the most severe first.
    public static List<String> levels() {
        return Arrays.stream(Level.values()).map(Level::name).toList();
    }

    /// What Logback calls a level of user space, if it has that level.
    public static Optional<String> levelName(int userspace) {
        return Arrays.stream(Level.values())
                .filter(each -> each.userspace == userspace)
                .findFirst()
                .map(Level::name);
    }

    /// The number of the least severe level that is as severe as a level of user space.
    public static int least(int userspace) {
        int least = NONE;
        for (Level each : Level.values()) {
            if (each.userspace <= userspace) {
                least = each.number;
            }
        }
        return least;
    }

    /// The number of the level that is a level of user space.
    public static int level(int userspace) {
        for (Level each : Level.values()) {
            if (each.userspace == userspace) {
                return each.number;
            }
        }
        return NONE;
    }
}
