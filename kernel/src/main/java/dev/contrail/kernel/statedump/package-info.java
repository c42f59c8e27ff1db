// SPDX-License-Identifier: Apache-2.0
/// The state of the machine as events: processes, files, devices; and what others have done to a
/// session's instances.
///
/// Start at [StateDumps]. Below it: `convert`, `schema`.
package dev.contrail.kernel.statedump;
