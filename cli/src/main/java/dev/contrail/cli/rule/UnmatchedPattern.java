// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import dev.contrail.analysis.Suggestion;
import dev.contrail.wire.NamePattern;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A pattern of tracepoints that none of those seen has a name for: mostly a misspelled one.
public final class UnmatchedPattern {
    private static final int MOST_NAMED = 4;
    private static final String ALL_OF_PROVIDER = ":*";

    private UnmatchedPattern() {}

    /// What to say of a pattern; empty when it matches one.
    ///
    /// @param nothing how to say that it does not, such as `matched nothing`
    /// @param events the names seen, sorted; some
    public static Optional<String> of(String pattern, String nothing, Collection<String> events) {
        NamePattern known = NamePattern.of(pattern);
        if (events.stream().anyMatch(known::matches)) {
            return Optional.empty();
        }
        String named = String.join(", ", events.stream().limit(MOST_NAMED).toList());
        return Optional.of(
                "`%s` %s%s; seen: %s%s"
                        .formatted(
                                pattern,
                                nothing,
                                meant(pattern, events),
                                named,
                                events.size() > MOST_NAMED ? ", …" : ""));
    }

    /// Of `PROVIDER:*` the provider is compared, of others the whole.
    private static String meant(String pattern, Collection<String> events) {
        List<String> known =
                pattern.endsWith(ALL_OF_PROVIDER)
                        ? events.stream().map(UnmatchedPattern::allOfProvider).distinct().toList()
                        : List.copyOf(events);
        return Suggestion.of(pattern, known)
                .map(each -> " (did you mean `" + each + "`?)")
                .orElse("");
    }

    private static String allOfProvider(String event) {
        return event.substring(0, Math.max(0, event.indexOf(':'))) + ALL_OF_PROVIDER;
    }
}
