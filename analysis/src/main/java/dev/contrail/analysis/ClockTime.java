// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.ClockClass;
import java.math.BigInteger;

/// Turns a clock's ticks into nanoseconds since its origin (`ctf.md` section 8).
final class ClockTime {
    private static final long NANOS = 1_000_000_000L;
    private static final BigInteger BIG_NANOS = BigInteger.valueOf(NANOS);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final long frequency;
    private final BigInteger base;

    /// Whether ticks are nanoseconds and the usual sum cannot overflow.
    private final boolean isPlain;

    private final long plainBase;

    /// @param addedNanos what the user wants added to the clock's offset
    ClockTime(ClockClass clock, long addedNanos) {
        frequency = clock.frequency();
        BigInteger ticks = BigInteger.valueOf(clock.offsetTicks());
        BigInteger[] parts = divided(ticks);
        base =
                BigInteger.valueOf(clock.offsetSeconds())
                        .add(parts[0])
                        .multiply(BIG_NANOS)
                        .add(parts[1].multiply(BIG_NANOS).divide(BigInteger.valueOf(frequency)))
                        .add(BigInteger.valueOf(addedNanos));
        isPlain = frequency == NANOS && base.bitLength() < 63;
        plainBase = isPlain ? base.longValue() : 0;
    }

    /// Quotient and remainder by the frequency, the remainder not negative.
    private BigInteger[] divided(BigInteger ticks) {
        BigInteger by = BigInteger.valueOf(frequency);
        BigInteger[] parts = ticks.divideAndRemainder(by);
        return parts[1].signum() < 0
                ? new BigInteger[] {parts[0].subtract(BigInteger.ONE), parts[1].add(by)}
                : parts;
    }

    /// Nanoseconds since the origin; what 64 bits cannot hold becomes the nearest that they can.
    ///
    /// @param ticks unsigned
    long nanos(long ticks) {
        if (isPlain && ticks >= 0) {
            long sum = plainBase + ticks;
            if (plainBase <= 0 || sum >= 0) {
                return sum;
            }
        }
        return exact(ticks);
    }

    private long exact(long ticks) {
        BigInteger unsigned = new BigInteger(Long.toUnsignedString(ticks));
        BigInteger nanos =
                base.add(unsigned.multiply(BIG_NANOS).divide(BigInteger.valueOf(frequency)));
        return nanos.max(MIN).min(MAX).longValue();
    }
}
