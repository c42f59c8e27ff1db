// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the mappings of an enumeration that contain a value, by halving: generated enumerations
/// have thousands. One thread at a time.
public final class LabelFinder {
    private final boolean isSigned;

    /// The mappings' numbers by their lower bounds, and those bounds.
    private final int[] numbers;

    private final long[] lowers;

    /// The greatest upper bound of the mappings below a node of a binary tree, whose leaves are
    /// they: the children of node `n` are `2n` and `2n + 1`.
    private final long[] uppers;

    private final int leaves;

    private int[] found = new int[4];
    private int count;

    public LabelFinder(EnumerationClass enumeration) {
        List<Mapping> mappings = enumeration.mappings();
        isSigned = enumeration.container().isSigned();
        int count = mappings.size();
        numbers =
                IntStream.range(0, count)
                        .boxed()
                        .sorted(Comparator.comparingLong(i -> ordered(mappings.get(i).lower())))
                        .mapToInt(Integer::intValue)
                        .toArray();
        leaves = Math.max(1, Integer.highestOneBit(Math.max(1, count * 2 - 1)));
        lowers = new long[count];
        uppers = new long[2 * leaves];
        Arrays.fill(uppers, Long.MIN_VALUE);
        for (int i = 0; i < count; i++) {
            lowers[i] = ordered(mappings.get(numbers[i]).lower());
            uppers[leaves + i] = ordered(mappings.get(numbers[i]).upper());
        }
        for (int node = leaves - 1; node > 0; node--) {
            uppers[node] = Math.max(uppers[2 * node], uppers[2 * node + 1]);
        }
    }

    /// The same order for unsigned numbers as for signed ones.
    private long ordered(long value) {
        return isSigned ? value : value ^ Long.MIN_VALUE;
    }

    /// Finds the mappings that contain a value.
    ///
    /// @return how many there are
    public int find(long value) {
        count = 0;
        collect(1, 0, leaves, ordered(value));
        if (count > 1) {
            Arrays.sort(found, 0, count);
        }
        return count;
    }

    /// The number of a mapping that [#find] found last, in the order in which they are declared.
    ///
    /// @param which of them
    public int found(int which) {
        return found[which];
    }

    private void collect(int node, int from, int to, long value) {
        boolean isNone = from >= lowers.length || lowers[from] > value || uppers[node] < value;
        if (isNone) {
            return;
        }
        if (node >= leaves) {
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = numbers[from];
            return;
        }
        int middle = (from + to) >>> 1;
        collect(2 * node, from, middle, value);
        collect(2 * node + 1, middle, to, value);
    }
}
