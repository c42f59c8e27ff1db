// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

/// The clock whose ticks time stamps count.
///
/// @param uuid identity, empty for none; clocks with one UUID are comparable
/// @param frequency ticks per second
/// @param offsetSeconds seconds from the origin to tick 0; `offsetTicks` are added to them
/// @param isAbsolute whether the origin is the Unix epoch
public record ClockClass(
        String name,
        String uuid,
        String description,
        long frequency,
        long precision,
        long offsetSeconds,
        long offsetTicks,
        boolean isAbsolute) {

    /// `CLOCK_MONOTONIC` as LTTng declares it: named `monotonic`, 1 GHz, identified by the boot id.
    ///
    /// @param offsetNanos `CLOCK_REALTIME` less `CLOCK_MONOTONIC`, one number for a whole session
    public static ClockClass monotonic(String bootId, long offsetNanos) {
        return new ClockClass(
                "monotonic", bootId, "Monotonic Clock", 1_000_000_000L, 0, 0, offsetNanos, false);
    }
}
