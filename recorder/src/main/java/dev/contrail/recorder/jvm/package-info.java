// SPDX-License-Identifier: Apache-2.0
/// JVM applications as a domain: their registration, and what they are told to record.
///
/// Start at [JvmDomain]. The control thread owns what is known of applications. Below it: their
/// rings (`jvm.ring`) and the seams (`domain`).
package dev.contrail.recorder.jvm;
