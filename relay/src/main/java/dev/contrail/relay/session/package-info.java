// SPDX-License-Identifier: Apache-2.0
/// The sessions of a relay: what producers ask of them, and what viewers find.
///
/// Start at [RelaySessions], all of them, and [RelaySession], which hands on what it is asked to
/// its trace chunks ([dev.contrail.relay.chunk.SessionChunks]), its streams ([SessionStreams]) and,
/// where it can outlive its producer's connection, what its journal has of them
/// ([JournaledStreams]). Those that relays before this one have left are [EarlierSessions]. Below:
/// `relay.stream`, `relay.journal`, and `relay.chunk`.
package dev.contrail.relay.session;
