// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.Objects;

/// Selects log statements: loggers whose name matches `pattern` (`*` stands for any characters), at
/// a level of `java.util.logging`.
public record LogRule(String pattern, LevelSelection selection, int level) {
    public LogRule {
        Objects.requireNonNull(pattern);
        Objects.requireNonNull(selection);
    }
}
