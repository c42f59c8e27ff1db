// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

/// A column of a view.
///
/// @param key its name for programs and for `--sort`: lower case, words joined by underscores
/// @param title its name for people, short
/// @param help what it says, one sentence
public record TopColumn(String key, String title, Unit unit, String help) {
    /// What the cells of a column are.
    public enum Unit {
        TEXT,
        /// A number that names something.
        ID,
        COUNT,
        /// Nanoseconds.
        NANOS,
        BYTES,
        PERCENT,
        /// So many a second.
        RATE;

        /// Whether a cell is a number that can be more or less.
        public boolean isAmount() {
            return ordinal() >= COUNT.ordinal();
        }
    }
}
