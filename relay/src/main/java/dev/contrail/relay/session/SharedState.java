// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import dev.contrail.relay.chunk.Chunks;
import dev.contrail.relay.chunk.OutputLayout;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What all sessions of a relay have in common.
///
/// @param openFiles identities of the files that streams record into; any thread's
/// @param lastSession number that was given to a session
/// @param lastGroup number that was given to a group of streams
record SharedState(
        OutputLayout layout,
        Chunks chunks,
        Set<Object> openFiles,
        AtomicLong lastSession,
        AtomicLong lastGroup) {
    /// @param mayClear whether producers may have trace chunks deleted
    SharedState(OutputLayout layout, boolean mayClear) {
        this(
                layout,
                new Chunks(layout, mayClear),
                ConcurrentHashMap.newKeySet(),
                new AtomicLong(),
                new AtomicLong());
    }

    /// Unique in this relay.
    long newSessionId() {
        return lastSession.incrementAndGet();
    }

    /// Unique in this relay.
    long newGroupId() {
        return lastGroup.incrementAndGet();
    }
}
