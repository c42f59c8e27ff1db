// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

/// Says which of some sorted sequences has the least present value, the first of them where values
/// are equal. When the winner moves on, only its way up the tree is played again: one comparison of
/// two `long`s for each doubling of the number of sequences.
///
/// A tree of losers (Knuth, The Art of Computer Programming, volume 3, section 5.4.1): the
/// sequences are its leaves, an inner node holds who lost there.
final class Tournament {
    private static final int NOBODY = -1;

    private final long[] values;
    private final boolean[] isOver;

    /// The children of node `n` are `2n` and `2n + 1`.
    private final int[] losers;

    private int winner = NOBODY;

    /// The winner's.
    private long leastValue = Long.MAX_VALUE;

    /// @param count of sequences, without values yet
    Tournament(int count) {
        values = new long[count];
        isOver = new boolean[count];
        losers = new int[Math.max(1, count)];
    }

    /// Sets the value of a sequence before [#begin].
    void set(int sequence, long value) {
        values[sequence] = value;
    }

    /// Sets the winner's value, and plays its matches again.
    void again(long value) {
        values[winner] = value;
        play(winner, value);
    }

    /// A sequence has no values, before [#begin].
    void end(int sequence) {
        values[sequence] = Long.MAX_VALUE;
        isOver[sequence] = true;
    }

    /// The winner has no more values: plays its matches again.
    void end() {
        isOver[winner] = true;
        again(Long.MAX_VALUE);
    }

    /// Plays all matches.
    void begin() {
        int count = values.length;
        int[] winners = new int[2 * count];
        for (int node = 2 * count - 1; node > 0; node--) {
            if (node >= count) {
                winners[node] = node - count;
            } else {
                int one = winners[2 * node];
                int other = winners[2 * node + 1];
                boolean isOne = isBefore(one, other);
                winners[node] = isOne ? one : other;
                losers[node] = isOne ? other : one;
            }
        }
        if (count > 0) {
            take(winners[1], values[winners[1]]);
        }
    }

    private void play(int sequence, long value) {
        int first = sequence;
        long least = value;
        for (int node = sequence + values.length >>> 1; node > 0; node >>>= 1) {
            int other = losers[node];
            long otherValue = values[other];
            if (otherValue < least || otherValue == least && isEqualBefore(other, first)) {
                losers[node] = first;
                first = other;
                least = otherValue;
            }
        }
        take(first, least);
    }

    private void take(int sequence, long value) {
        boolean isNobody = value == Long.MAX_VALUE && isOver[sequence];
        winner = isNobody ? NOBODY : sequence;
        leastValue = value;
    }

    /// The sequence with the least value, or -1 when all are at their ends, and before [#begin].
    int winner() {
        return winner;
    }

    /// The winner's value.
    long leastValue() {
        return leastValue;
    }

    private boolean isBefore(int one, int other) {
        long left = values[one];
        long right = values[other];
        return left == right ? isEqualBefore(one, other) : left < right;
    }

    private boolean isEqualBefore(int one, int other) {
        return isOver[one] == isOver[other] ? one < other : isOver[other];
    }
}
