// SPDX-License-Identifier: Apache-2.0
/// The session daemon: its domains and sockets assembled, and the command `sessiond`.
///
/// Start at [DaemonAssembly]. Below it: `console`.
package dev.contrail.cli.daemon;
