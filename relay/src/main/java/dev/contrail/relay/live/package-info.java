// SPDX-License-Identifier: Apache-2.0
/// What live viewers ask of a relay, carried out: [ViewerService] serves their connections, each
/// with a virtual thread of its own. Viewers take nothing from each other: each has its own place
/// in each stream.
///
/// Below: `relay.net` and `relay.session`.
package dev.contrail.relay.live;
