// SPDX-License-Identifier: Apache-2.0
/// A session's kernel trace: what its metadata declares, and how records become packets.
///
/// Start at [SessionTrace] and [PacketWriter]. Below it: `statedump`, `convert`, `schema`,
/// `tracefs`.
package dev.contrail.kernel.trace;
