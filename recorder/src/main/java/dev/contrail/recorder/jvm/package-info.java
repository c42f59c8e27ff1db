// SPDX-License-Identifier: Apache-2.0
/// JVM applications as a domain: their registration, their rings, their trace.
///
/// Start at [JvmDomain]. The control thread owns what is known of applications; each [JvmRing]
/// belongs to its session's consumer thread.
package dev.contrail.recorder.jvm;
