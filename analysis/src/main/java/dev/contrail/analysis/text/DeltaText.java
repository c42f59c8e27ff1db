// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

/// Writes the time between an event and the one before it.
public final class DeltaText {
    private static final long NANOS = 1_000_000_000L;
    private static final FixedText NO_SECONDS = new FixedText("0.");

    private final boolean inCycles;
    private boolean hasPrevious;
    private long previousNanos;
    private long previousTicks;

    /// Of the first event, and where in the text its delta belongs.
    private long firstNanos;

    private long firstTicks;
    private int firstAt = -1;

    /// @param inCycles whether times are ticks rather than nanoseconds
    public DeltaText(boolean inCycles) {
        this.inCycles = inCycles;
    }

    void write(TextBuffer out, long nanos, long ticks) {
        // Back in time it is a huge number; the hugest is babeltrace2's sign for none.
        long delta = inCycles ? ticks - previousTicks : nanos - previousNanos;
        if (!hasPrevious) {
            firstAt = out.length();
            firstNanos = nanos;
            firstTicks = ticks;
        }
        if (!hasPrevious || delta == -1) {
            out.add(inCycles ? "????????????" : "?.?????????");
        } else if (inCycles) {
            out.addPadded(delta, 12);
        } else if (delta >= 0 && delta < NANOS) {
            out.add(NO_SECONDS).addNine(delta);
        } else if (delta >= 0) {
            out.addUnsigned(delta / NANOS).add('.').addNine(delta % NANOS);
        } else {
            out.addUnsigned(Long.divideUnsigned(delta, NANOS)).add('.');
            out.addNine(Long.remainderUnsigned(delta, NANOS));
        }
        hasPrevious = true;
        previousNanos = nanos;
        previousTicks = ticks;
    }

    /// Where the first event's delta stands, which could not be known; -1 when there is none.
    public int firstAt() {
        return firstAt;
    }

    /// How many bytes stand there.
    public int firstLength() {
        return inCycles ? 12 : 11;
    }

    /// Writes the first delta of a text that goes on from the one that this has written.
    public void writeFirstOf(DeltaText next, TextBuffer out) {
        write(out, next.firstNanos, next.firstTicks);
    }

    /// Goes on after the other's last event, if it has one.
    public void goOnBehind(DeltaText other) {
        if (other.hasPrevious) {
            hasPrevious = true;
            previousNanos = other.previousNanos;
            previousTicks = other.previousTicks;
        }
    }
}
