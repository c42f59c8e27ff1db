// SPDX-License-Identifier: Apache-2.0
/// A recording session: its channels and rules, its state and where that is kept, its report, its
/// snapshots and its output directories.
///
/// Start at [Session]. The control thread owns it. Below it: `consumer`, `output`, `domain`,
/// `thread`, `file`.
package dev.contrail.recorder.session;
