// SPDX-License-Identifier: Apache-2.0
/// Files of the daemon's own: their rights, logs of state that survive a kill, and how much memory
/// those may take that wait.
///
/// Start at [StateLog]. Below it there is nothing.
package dev.contrail.recorder.file;
