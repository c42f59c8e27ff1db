// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.util.EnumSet;
import java.util.Set;

/// Refusals as `lttng` says them: in its words, with the daemon's reason on a line that follows.
final class LttngWords {
    /// Errors of which LTTng says no more than what they are, whatever their reason is.
    private static final Set<LttngError> TERSE =
            EnumSet.of(
                    LttngError.CREATE_DIR_FAIL,
                    LttngError.NOMEM,
                    LttngError.KERN_NA,
                    LttngError.KERN_CHAN_FAIL,
                    LttngError.KERN_ENABLE_FAIL,
                    LttngError.SNAPSHOT_FAIL,
                    LttngError.INVALID,
                    LttngError.FILTER_INVAL,
                    LttngError.INVALID_CHANNEL_NAME);

    /// What it takes a refusal for, whether or not the session has other channels of the domain.
    private static final String NEW_DOMAIN =
            "The command tried to enable an event in a new domain for a session that has already"
                    + " been started once.";

    private LttngWords() {}

    static Failure of(Request request, Reply.Refused refused) {
        String text = refused.error().text();
        if (refused.error() == LttngError.TRACE_ALREADY_STARTED
                && request instanceof Request.EnableEvent) {
            return Failure.of(refused).withMessage(NEW_DOMAIN);
        }
        String reason = refused.reason();
        if (!TERSE.contains(refused.error()) || reason.equals(text)) {
            return Failure.of(refused);
        }
        String rest = reason.startsWith(text + ": ") ? reason.substring(text.length() + 2) : reason;
        return new Failure(refused.error(), text).explained(rest);
    }
}
