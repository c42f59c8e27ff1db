// SPDX-License-Identifier: Apache-2.0
/// Connections of a relay, and how many there may be.
///
/// Start at [Listener]; it makes each [Peer].
package dev.contrail.relay.net;
