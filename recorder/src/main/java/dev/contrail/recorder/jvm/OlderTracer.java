// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a tracer says that does not know what this daemon orders: that of a program which was
/// started before an upgrade and still runs, or with an agent of another place.
///
/// A channel's records are all of one layout: who lacks one of its contexts has no part in it.
final class OlderTracer {
    private static final Pattern NO_CONTEXT =
            Pattern.compile("(?:java\\.lang\\.IllegalArgumentException: )?no context (\\S{1,100})");

    private OlderTracer() {}

    /// The reason for a refusal, in words for a user.
    static String reason(String untrustedProblem) {
        Matcher found = NO_CONTEXT.matcher(untrustedProblem);
        return found.matches()
                ? "its tracer is older than this session daemon and has no context "
                        + found.group(1)
                : untrustedProblem;
    }
}
