// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

/// The interval of time that is being counted, as all counts of a state know it.
final class Interval {
    private int number;

    int number() {
        return number;
    }

    /// What is counted from now on is the next one's.
    void end() {
        number++;
    }
}
