// SPDX-License-Identifier: Apache-2.0
/// One CPU's ring in the kernel: mapped or read for snapshots, or drained into a spill and
/// converted from there.
///
/// Start at [CpuBuffer] and its three kinds; [SubBuffer] is the kernel's framing. Below it:
/// `trace`, `convert`, `tracefs`.
package dev.contrail.kernel.buffer;
