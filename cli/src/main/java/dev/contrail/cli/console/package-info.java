// SPDX-License-Identifier: Apache-2.0
/// What every command works with: standard streams, options, places, the way to the daemon.
///
/// Start at [Command] and [Console]. Knows no other package of this room.
package dev.contrail.cli.console;
