// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.List;

/// Selects events: point type, name pattern, exclusions, log level.
///
/// @param pattern a name, with `*` for any run of characters and `\*` for a star
/// @param exclusions patterns of names that are not selected after all
/// @param levels which log levels pass
/// @param level the level that `levels` compares with; its scale is that of the domain
public record EventRule(
        PointType type,
        String pattern,
        List<String> exclusions,
        LevelSelection levels,
        int level,
        boolean isEnabled) {
    /// Which log levels pass.
    public enum LevelSelection {
        ALL,
        /// At least as severe.
        AT_LEAST,
        EXACTLY
    }

    public EventRule {
        exclusions = List.copyOf(exclusions);
    }

    /// The same rule, enabled or not.
    public EventRule enabled(boolean enabled) {
        return new EventRule(type, pattern, exclusions, levels, level, enabled);
    }

    /// Whether the two select the same: rules are told apart by everything but being enabled.
    public boolean sameAs(EventRule other) {
        return pattern.equals(other.pattern)
                && type == other.type
                && levels == other.levels
                && level == other.level
                && exclusions.equals(other.exclusions);
    }
}
