// SPDX-License-Identifier: Apache-2.0
/// The programs `contrail`, `lttng` and `babeltrace2`: from words to a command, and its help.
///
/// Start at [Main]; [Dispatch] finds and runs a command, [Commands] lists them. Uses every other
/// package of this room, and none uses it.
package dev.contrail.cli;
