// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import java.util.Arrays;

/// Numbers of which each is often as far from the one before it as that from its own: as long as
/// they are, they take no memory.
final class Column {
    private static final int FIRST_CAPACITY = 16;
    private long first;
    private long step;
    private int size;

    /// All of them once one is not where the others would have it; empty before.
    private long[] numbers = {};

    int size() {
        return size;
    }

    long get(int number) {
        return numbers.length == 0 ? expected(number) : numbers[number];
    }

    private long expected(int number) {
        return first + step * number;
    }

    void add(long value) {
        if (size == 0) {
            first = value;
            step = 0;
            numbers = new long[0];
        } else if (size == 1 && numbers.length == 0) {
            step = value - first;
        } else if (numbers.length == 0 && value != expected(size)) {
            long[] all = new long[Math.max(FIRST_CAPACITY, larger(size))];
            Arrays.setAll(all, this::expected);
            numbers = all;
        }
        if (numbers.length > 0) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, larger(size));
            }
            numbers[size] = value;
        }
        size++;
    }

    private static int larger(int size) {
        return size + (size >> 2) + 1;
    }

    void removeLast() {
        size--;
    }
}
