// SPDX-License-Identifier: Apache-2.0

/// The bridge from `java.util.logging`: which records are wanted, and how they are seen.
///
/// Start at [LogBridge], which works without that module. Below: `dev.contrail.tracer.event`, whose
/// bridge records them, and `dev.contrail.tracer.process`.
package dev.contrail.tracer.logging;
