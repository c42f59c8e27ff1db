// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.label.SessionLabel.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The numbers (`net_seq_num`) of the packets of a file, in the order of its index: the index does
/// not have them. Producers count by one, so that a few runs of numbers tell all of them. Guarded
/// by the stream's lock.
final class PacketNumbers {
    /// No real producer begins that many; of more, the numbers go on from the last one.
    static final int MAX_RUNS = 65536;

    private long[] firstEntries = {};
    private long[] firstNumbers = {};
    private int runs;
    private long entries;

    /// Those of a file that is complete.
    static PacketNumbers of(List<Run> runs, long entries) {
        var numbers = new PacketNumbers();
        numbers.firstEntries = runs.stream().mapToLong(Run::entry).toArray();
        numbers.firstNumbers = runs.stream().mapToLong(Run::number).toArray();
        numbers.runs = runs.size();
        numbers.entries = entries;
        return numbers;
    }

    /// All of them.
    List<Run> all() {
        var all = new ArrayList<Run>();
        for (int i = 0; i < runs; i++) {
            all.add(new Run(firstEntries[i], firstNumbers[i]));
        }
        return all;
    }

    /// The next entry is that of a packet of this number.
    void add(long number) {
        if (runs == 0 || number != of(entries) && runs < MAX_RUNS) {
            if (runs == firstEntries.length) {
                firstEntries = Arrays.copyOf(firstEntries, 2 * runs + 1);
                firstNumbers = Arrays.copyOf(firstNumbers, 2 * runs + 1);
            }
            firstEntries[runs] = entries;
            firstNumbers[runs] = number;
            runs++;
        }
        entries++;
    }

    /// How many there are.
    long count() {
        return entries;
    }

    /// The number of an entry's packet; behind the last one, what would be next.
    long of(long entry) {
        int found = Arrays.binarySearch(firstEntries, 0, runs, entry);
        int run = found < 0 ? -found - 2 : found;
        return firstNumbers[run] + entry - firstEntries[run];
    }

    /// The first entry whose packet comes after that of a number; how many there are if none does.
    long after(long number) {
        for (int run = 0; run < runs; run++) {
            long end = run + 1 < runs ? firstEntries[run + 1] : entries;
            long last = firstNumbers[run] + end - firstEntries[run] - 1;
            if (last > number) {
                return firstEntries[run] + Math.max(0, number + 1 - firstNumbers[run]);
            }
        }
        return entries;
    }
}
