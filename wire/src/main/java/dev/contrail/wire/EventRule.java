// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.List;

/// Selects events: point type, name pattern, exclusions, log level, filter.
///
/// @param pattern a name, with `*` for any run of characters and `\*` for a star
/// @param exclusions patterns of names that are not selected after all
/// @param levels which log levels pass
/// @param level the level that `levels` compares with; its scale is that of the domain
/// @param filter an expression over the fields of an event and its context, which has to be true;
///   empty: none
/// @param settings how the point itself is set, where its type has anything to set: words `KEY` or
///   `KEY=VALUE`, in an order that equal settings share
public record EventRule(
        PointType type,
        String pattern,
        List<String> exclusions,
        LevelSelection levels,
        int level,
        String filter,
        List<String> settings,
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
        settings = List.copyOf(settings);
    }

    /// A rule without filter and settings.
    public EventRule(
            PointType type,
            String pattern,
            List<String> exclusions,
            LevelSelection levels,
            int level,
            boolean isEnabled) {
        this(type, pattern, exclusions, levels, level, "", List.of(), isEnabled);
    }

    /// The same rule, enabled or not.
    public EventRule enabled(boolean enabled) {
        return new EventRule(type, pattern, exclusions, levels, level, filter, settings, enabled);
    }

    /// Whether the two select the same: rules are told apart by everything but being enabled.
    public boolean sameAs(EventRule other) {
        return pattern.equals(other.pattern)
                && type == other.type
                && levels == other.levels
                && level == other.level
                && filter.equals(other.filter)
                && settings.equals(other.settings)
                && exclusions.equals(other.exclusions);
    }
}
