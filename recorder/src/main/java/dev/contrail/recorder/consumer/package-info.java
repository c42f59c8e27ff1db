// SPDX-License-Identifier: Apache-2.0
/// The two threads of a session between its rings and its output, and the queue between them, which
/// outlives the daemon.
///
/// Start at [Consumer], which drains rings into an [Outbox]; the [Sender] stores what is in its
/// [PacketQueue]. Below it: `output`, `domain`, `thread`, `file`.
package dev.contrail.recorder.consumer;
