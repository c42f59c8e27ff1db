// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.cli.rule.UnmatchedPattern;
import dev.contrail.recorder.jvm.Seen;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.control.SessionView.AccountView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Why a run of `record` has recorded nothing, or not what was asked for: the likely reasons.
///
/// @param patterns of tracepoints that the user has named
/// @param hasKernel whether kernel events were recorded
/// @param isSystemWide whether those of all processes
/// @param hasLogging whether the log was asked for
/// @param hasAgent whether JVMs got the tracer as an agent: then each is seen
record FinalWords(
        List<String> patterns,
        boolean hasKernel,
        boolean isSystemWide,
        boolean hasLogging,
        boolean hasAgent) {
    FinalWords {
        patterns = List.copyOf(patterns);
    }

    /// A clause for each reason.
    ///
    /// @param accounts what was recorded
    List<String> reasons(Seen seen, List<AccountView> accounts) {
        boolean isNothing = accounts.stream().allMatch(each -> each.recorded() == 0);
        var reasons = new ArrayList<String>();
        if (isNothing && hasKernel) {
            reasons.add(
                    isSystemWide
                            ? "none of the kernel events happened"
                            : "none of the kernel events happened in the command and its children");
        }
        boolean isUserspaceSilent = isSilent(DomainName.USERSPACE, accounts);
        boolean isLoggingSilent =
                hasLogging
                        && isSilent(DomainName.JUL, accounts)
                        && isSilent(DomainName.LOG4J2, accounts);
        if (seen.programs() == 0) {
            if (isNothing || !patterns.isEmpty()) {
                reasons.add(
                        hasAgent
                                ? "no JVM was seen"
                                : "no JVM was seen that has the tracer in its class path");
            }
            return reasons;
        }
        patterns.forEach(each -> unmatched(each, seen).ifPresent(reasons::add));
        boolean isUnmatched = patterns.stream().allMatch(each -> unmatched(each, seen).isPresent());
        if (isNothing && patterns.isEmpty() && !hasLogging) {
            reasons.add("no tracepoint was reached");
        } else if (isUserspaceSilent && !patterns.isEmpty() && !isUnmatched) {
            reasons.add("none of the tracepoints was reached");
        }
        if (isLoggingSilent && (isNothing || isUserspaceSilent)) {
            boolean hasOthers =
                    accounts.stream().anyMatch(each -> each.domain() == DomainName.LOG4J2);
            reasons.add(
                    "nothing was logged with java.util.logging" + (hasOthers ? " or Log4j 2" : ""));
        }
        return reasons;
    }

    private static boolean isSilent(DomainName domain, List<AccountView> accounts) {
        return accounts.stream()
                .filter(each -> each.domain() == domain)
                .allMatch(each -> each.recorded() == 0);
    }

    private static Optional<String> unmatched(String pattern, Seen seen) {
        return seen.events().isEmpty()
                ? Optional.of("`" + pattern + "` matched nothing: the JVM has no tracepoint")
                : UnmatchedPattern.of(pattern, "matched nothing", seen.events());
    }
}
