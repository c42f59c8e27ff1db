// SPDX-License-Identifier: Apache-2.0
/// What the machines do that traces come from, folded message by message: who has the processors,
/// who waits for them, system calls, bytes read and written, rates of events, what was lost.
///
/// Start at [TopState], which takes messages and gives a [Table] for each [TopView]. It keeps one
/// [TracedHost] for each machine; a host keeps [Task]s, [Cpu]s, files and events, as many as its
/// bounds allow, the rest summed up. Below it: the messages' package only.
package dev.contrail.analysis.top;
