// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.session;

import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.RelayView;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// How it stands with the relay that a session's trace goes to, in one line.
final class RelayText {
    private static final double NANOS_A_SECOND = TimeUnit.SECONDS.toNanos(1);

    private RelayText() {}

    /// None for a session that goes to no relay.
    static List<String> of(SessionView session) {
        return session.relay().stream().map(RelayText::of).toList();
    }

    private static String of(RelayView relay) {
        String state =
                relay.isConnected()
                        ? relay.isResumable() ? "connected, resumes after a cut" : "connected"
                        : "not connected";
        String behind =
                relay.waitingBytes() == 0
                        ? "nothing waits"
                        : String.format(
                                Locale.ROOT,
                                "%.1f s and %,d bytes behind (at most %,d wait)",
                                relay.lagNanos() / NANOS_A_SECOND,
                                relay.waitingBytes(),
                                relay.spoolBytes());
        String viewers =
                relay.isConnected() && relay.isResumable()
                        ? "; %,d viewers".formatted(relay.viewers())
                        : "";
        return "%s; %s%s".formatted(state, behind, viewers);
    }
}
