// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.Optional;

/// The clock whose ticks time stamps count.
///
/// @param id what stream classes and fields call it inside the metadata; in CTF 1.8 its name
/// @param identity clocks of equal identity that have a `uid` are the same clock
/// @param frequency ticks per second
/// @param precision in ticks, unsigned; -1 when it is not told
/// @param accuracy in ticks, unsigned; -1 when it is not told, as always in CTF 1.8
/// @param offsetSeconds seconds from the origin to tick 0; `offsetTicks` are added to them
public record ClockClass(
        String id,
        Identity identity,
        String description,
        long frequency,
        long precision,
        long accuracy,
        long offsetSeconds,
        long offsetTicks,
        ClockOrigin origin) {

    /// A clock of CTF 1.8.
    ///
    /// @param uuid identity, empty for none
    /// @param isAbsolute whether the origin is the Unix epoch
    public ClockClass(
            String name,
            String uuid,
            String description,
            long frequency,
            long precision,
            long offsetSeconds,
            long offsetTicks,
            boolean isAbsolute) {
        this(
                name,
                new Identity(
                        Optional.empty(),
                        Optional.of(name),
                        uuid.isEmpty() ? Optional.empty() : Optional.of(uuid)),
                description,
                frequency,
                precision,
                -1,
                offsetSeconds,
                offsetTicks,
                isAbsolute ? new ClockOrigin.UnixEpoch() : new ClockOrigin.Unknown());
    }

    /// `CLOCK_MONOTONIC` as LTTng declares it: named `monotonic`, 1 GHz, identified by the boot id.
    ///
    /// @param offsetNanos `CLOCK_REALTIME` less `CLOCK_MONOTONIC`, one number for a whole session
    public static ClockClass monotonic(String bootId, long offsetNanos) {
        return new ClockClass(
                "monotonic", bootId, "Monotonic Clock", 1_000_000_000L, 0, 0, offsetNanos, false);
    }

    /// Empty when it has none.
    public String name() {
        return identity.name().orElse("");
    }

    /// The `uid` part of the identity, empty when it has none.
    public String uuid() {
        return identity.uid().orElse("");
    }

    /// Whether the origin is the Unix epoch.
    public boolean isAbsolute() {
        return origin instanceof ClockOrigin.UnixEpoch;
    }
}
