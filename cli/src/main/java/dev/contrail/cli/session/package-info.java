// SPDX-License-Identifier: Apache-2.0
/// The commands of `lttng` for recording sessions, their channels and event rules.
///
/// Start at [StartCommand], which is the shape of all. Below it: `console`.
package dev.contrail.cli.session;
