// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.tracer.method.MethodRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an application says of the methods that are wished of it, rule by rule.
///
/// @param texts why rules are not carried out, or not as they are wished, in the application's
///   words
/// @param found patterns of the rules of which it has methods
record MethodProblems(List<String> texts, Set<String> found) {
    static final MethodProblems NONE = new MethodProblems(List.of(), Set.of());

    private static final String NOT_YET = ": " + MethodRule.NOT_YET;

    MethodProblems {
        texts = List.copyOf(texts);
        found = Set.copyOf(found);
    }

    /// @param problem texts separated by `; `, each of which begins with its rule's pattern; empty
    ///   when all is as it is wished
    static MethodProblems of(List<MethodRule> rules, String problem) {
        if (rules.isEmpty()) {
            return NONE;
        }
        String patterns =
                rules.stream()
                        .map(each -> Pattern.quote(each.pattern()))
                        .collect(Collectors.joining("|"));
        List<String> texts =
                Stream.of(problem.split("; (?=(?:" + patterns + "): )"))
                        .filter(each -> !each.isEmpty())
                        .distinct()
                        .toList();
        var found = rules.stream().map(MethodRule::pattern).collect(Collectors.toSet());
        found.removeIf(each -> texts.stream().anyMatch(text -> text.startsWith(each + NOT_YET)));
        return new MethodProblems(texts, found);
    }

    /// Those texts that remain true beside other applications.
    ///
    /// @param foundSomewhere patterns of which one of them has methods
    List<String> beside(Set<String> foundSomewhere) {
        return texts.stream()
                .filter(text ->
                        foundSomewhere.stream().noneMatch(each -> text.startsWith(each + NOT_YET)))
                .toList();
    }

    /// Those texts that remain true when the application has ended.
    List<String> once() {
        return texts.stream().filter(each -> !each.contains(NOT_YET)).toList();
    }

    /// The same once nothing is looked for any more.
    MethodProblems whenStopped() {
        return new MethodProblems(
                texts.stream()
                        .map(each ->
                                each.replace(
                                        MethodRule.ONCE_IT_IS, " (when the session was stopped)"))
                        .toList(),
                found);
    }

    /// The patterns of which one of these has methods.
    static Set<String> found(Stream<MethodProblems> all) {
        var found = new HashSet<String>();
        all.forEach(each -> found.addAll(each.found));
        return found;
    }
}
