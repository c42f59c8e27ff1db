// SPDX-License-Identifier: Apache-2.0
/// `install` and `uninstall`: versions side by side, each with a run-time image of its own.
///
/// Start at [Installation], which says what lies where. Below it: `console`.
package dev.contrail.cli.install;
