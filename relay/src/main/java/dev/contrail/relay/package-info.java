// SPDX-License-Identifier: Apache-2.0
/// The relay daemon: listens to producers and viewers.
///
/// Start at [RelayDaemon]. Below: `relay.producer` and `relay.live` serve connections, `relay.net`
/// has them, and `relay.session` has what has come.
package dev.contrail.relay;
