// SPDX-License-Identifier: Apache-2.0

/// The bridge from `java.util.logging`. Start at [LogBridge], which works without that module.
package dev.contrail.tracer.logging;
