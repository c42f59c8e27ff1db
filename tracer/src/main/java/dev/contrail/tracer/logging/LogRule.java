// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.tap.Glob;
import java.util.List;
import java.util.Objects;

/// Selects log statements: loggers whose name matches `pattern` (`*` stands for any characters) and
/// none of `exclusions`, at a level of their log system, for which `filter` is true.
///
/// @param filter an expression over the fields of the log system's event; empty: none
public record LogRule(
        String pattern,
        List<String> exclusions,
        LevelSelection selection,
        int level,
        String filter) {
    public LogRule {
        Objects.requireNonNull(pattern);
        exclusions = List.copyOf(exclusions);
        Objects.requireNonNull(selection);
        Objects.requireNonNull(filter);
    }

    public LogRule(String pattern, LevelSelection selection, int level) {
        this(pattern, List.of(), selection, level, "");
    }

    boolean wants(LogSystem system, String logger, int loggedLevel) {
        boolean isWanted =
                switch (selection) {
                    case ALL -> true;
                    case AT_LEAST -> system.isAtLeast(loggedLevel, level);
                    case EXACTLY -> loggedLevel == level;
                };
        if (!isWanted || !Glob.matches(pattern, logger)) {
            return false;
        }
        for (int i = 0; i < exclusions.size(); i++) {
            if (Glob.matches(exclusions.get(i), logger)) {
                return false;
            }
        }
        return true;
    }
}
