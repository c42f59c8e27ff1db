// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

/// What time a table is about.
public enum Period {
    /// From the first message to the last.
    TOTAL,
    /// The last interval that has ended.
    INTERVAL
}
