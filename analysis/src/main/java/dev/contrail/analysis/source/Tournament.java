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

    /// The winner at index 0; the children of node `n` are `2n` and `2n + 1`.
    private final int[] losers;

    /// @param count of sequences, without values yet
    Tournament(int count) {
        values = new long[count];
        isOver = new boolean[count];
        losers = new int[Math.max(1, count)];
    }

    /// Sets the value of a sequence before [#begin], later only the winner's.
    void set(int sequence, long value) {
        values[sequence] = value;
    }

    /// A sequence has no more values; later than [#begin] only the winner.
    void end(int sequence) {
        values[sequence] = Long.MAX_VALUE;
        isOver[sequence] = true;
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
        losers[0] = count == 0 ? NOBODY : winners[1];
    }

    /// Plays the winner's matches again, after its value has changed.
    void again() {
        int winner = losers[0];
        for (int node = winner + values.length >>> 1; node > 0; node >>>= 1) {
            int other = losers[node];
            if (isBefore(other, winner)) {
                losers[node] = winner;
                winner = other;
            }
        }
        losers[0] = winner;
    }

    /// The sequence with the least value, or -1 when all are at their ends.
    int winner() {
        int winner = losers[0];
        return winner == NOBODY || isOver[winner] ? NOBODY : winner;
    }

    long value(int sequence) {
        return values[sequence];
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
