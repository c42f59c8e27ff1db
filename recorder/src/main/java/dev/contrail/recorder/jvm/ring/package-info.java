// SPDX-License-Identifier: Apache-2.0
/// The rings of JVM applications and the trace that is made of them; who deletes those of processes
/// that have ended.
///
/// Start at [JvmRing], which belongs to its session's consumer thread, and [Housekeeping], which
/// has a thread of its own. Below it: `domain`, `file`.
package dev.contrail.recorder.jvm.ring;
