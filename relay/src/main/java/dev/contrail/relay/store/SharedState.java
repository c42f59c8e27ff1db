// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import java.util.Set;

/// What all sessions of a relay have in common.
///
/// @param mayClear whether producers may have trace chunks deleted
/// @param openFiles identities of the files that streams record into; any thread's
record SharedState(OutputLayout layout, boolean mayClear, Chunks chunks, Set<Object> openFiles) {}
