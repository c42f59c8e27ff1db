// SPDX-License-Identifier: Apache-2.0
/// Rings of JVMs, living or dead, as traces: without daemon, session or trace.
///
/// Start at [RingSource]. Below it: the messages' package only.
package dev.contrail.analysis.ring;
