// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

/// Writes the time between an event and the one before it.
public final class DeltaText {
    private static final long NANOS = 1_000_000_000L;
    private final boolean inCycles;
    private final boolean isSigned;
    private FixedText before = new FixedText("");

    /// Before a distance of less than a second.
    private FixedText beforeShort = new FixedText("+0.");

    private boolean hasPrevious;
    private long previousNanos;
    private long previousTicks;

    /// Of the first event, and where in the text its delta belongs.
    private long firstNanos;

    private long firstTicks;
    private int firstAt = -1;

    /// @param inCycles whether times are ticks rather than nanoseconds
    /// @param isSigned whether times that go back have a minus sign; in babeltrace2 they become
    ///   numbers near 2^64
    public DeltaText(boolean inCycles, boolean isSigned) {
        this.inCycles = inCycles;
        this.isSigned = isSigned;
    }

    /// Sets what is written before each distance.
    void setBefore(String text) {
        before = new FixedText(text);
        beforeShort = new FixedText(text + "+0.");
    }

    void write(TextBuffer out, long nanos, long ticks) {
        long delta = nanos - previousNanos;
        if (!inCycles && hasPrevious && delta >= 0 && delta < NANOS && nanos >= previousNanos) {
            out.addNine(beforeShort, delta);
        } else {
            writeOther(out.add(before), nanos, ticks);
        }
        hasPrevious = true;
        previousNanos = nanos;
        previousTicks = ticks;
    }

    private void writeOther(TextBuffer out, long nanos, long ticks) {
        long delta = inCycles ? ticks - previousTicks : nanos - previousNanos;
        if (!hasPrevious) {
            firstAt = out.length();
            firstNanos = nanos;
            firstTicks = ticks;
        }
        boolean isBack = isSigned && hasPrevious && isBefore(nanos, ticks);
        out.add(isBack ? '-' : '+');
        write(out, isBack ? -delta : delta);
    }

    /// Writes a distance. The hugest is babeltrace2's sign for none.
    private void write(TextBuffer out, long delta) {
        if (!hasPrevious || delta == -1) {
            out.add(inCycles ? "????????????" : "?.?????????");
        } else if (inCycles) {
            out.addPadded(delta, 12);
        } else if (delta >= 0) {
            out.addUnsigned(delta / NANOS).add('.').addNine(delta % NANOS);
        } else {
            out.addUnsigned(Long.divideUnsigned(delta, NANOS)).add('.');
            out.addNine(Long.remainderUnsigned(delta, NANOS));
        }
    }

    private boolean isBefore(long nanos, long ticks) {
        return inCycles ? Long.compareUnsigned(ticks, previousTicks) < 0 : nanos < previousNanos;
    }

    /// Where the first event's delta stands with its sign, which could not be known; -1 when there
    /// is none.
    public int firstAt() {
        return firstAt;
    }

    /// How many bytes stand there.
    public int firstLength() {
        return inCycles ? 13 : 12;
    }

    /// The first delta, with its sign, of a text that goes on from the one that this has written.
    public byte[] firstOf(DeltaText next) {
        var out = new TextBuffer();
        var goneOn = new DeltaText(inCycles, isSigned);
        goneOn.goOnBehind(this);
        goneOn.write(out, next.firstNanos, next.firstTicks);
        return out.bytes();
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
