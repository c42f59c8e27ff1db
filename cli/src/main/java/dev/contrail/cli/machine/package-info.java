// SPDX-License-Identifier: Apache-2.0
/// Commands about this machine: `doctor` and `agent`.
///
/// Start at [DoctorCommand]. Below it: `session` for text, `console`.
package dev.contrail.cli.machine;
