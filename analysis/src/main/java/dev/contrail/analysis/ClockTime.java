// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.ClockClass;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Turns a clock's ticks into nanoseconds since its origin (`ctf.md` section 8).
public final class ClockTime {
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
    public ClockTime(ClockClass clock, long addedNanos) {
        frequency = clock.frequency();
        ClockOffset offset = ClockOffset.of(clock, addedNanos);
        base =
                BigInteger.valueOf(offset.seconds())
                        .multiply(BIG_NANOS)
                        .add(scaled(offset.cycles()));
        isPlain = frequency == NANOS && base.bitLength() < 63;
        plainBase = isPlain ? base.longValue() : 0;
    }

    /// The ticks, unsigned, that a time has come to; none before the clock's first.
    public long ticks(long nanos) {
        return BigInteger.valueOf(nanos)
                .subtract(base)
                .max(BigInteger.ZERO)
                .multiply(BigInteger.valueOf(frequency))
                .divide(BIG_NANOS)
                .longValue();
    }

    /// Nanoseconds since the origin; what 64 bits cannot hold becomes the nearest that they can.
    ///
    /// @param ticks unsigned
    public long nanos(long ticks) {
        if (isPlain && ticks >= 0) {
            long sum = plainBase + ticks;
            if (plainBase <= 0 || sum >= 0) {
                return sum;
            }
        }
        return exact(ticks);
    }

    /// Whether a time is not the nearest that 64 bits can hold to one beyond them.
    public static boolean isInRange(long nanos) {
        return nanos != Long.MAX_VALUE && nanos != Long.MIN_VALUE;
    }

    /// Refuses a time that [#nanos] could not hold: it would be shown as another one.
    ///
    /// @throws TimeOverflowException also for the very first and last that it can hold
    public static void check(long nanos) throws TimeOverflowException {
        if (!isInRange(nanos)) {
            throw new TimeOverflowException();
        }
    }

    private long exact(long ticks) {
        return base.add(scaled(ticks)).max(MIN).min(MAX).longValue();
    }

    /// Ticks in nanoseconds. Unless ticks are nanoseconds, this goes through a `double` and is cut,
    /// offset and value each for itself, because babeltrace2 does it so: its text is what ours is
    /// compared with, and streams of equal time must come in its order. The exact count is in the
    /// ticks.
    private BigInteger scaled(long ticks) {
        if (frequency == NANOS) {
            return new BigInteger(Long.toUnsignedString(ticks));
        }
        double unsigned = ticks >= 0 ? ticks : (ticks >>> 1 | ticks & 1) * 2.0;
        return new BigDecimal(1e9 * unsigned / frequency).toBigInteger();
    }
}
