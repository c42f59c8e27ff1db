// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

/// Which log levels a rule selects.
public enum LevelSelection {
    ALL,
    /// The rule's level and the more severe ones.
    AT_LEAST,
    EXACTLY
}
