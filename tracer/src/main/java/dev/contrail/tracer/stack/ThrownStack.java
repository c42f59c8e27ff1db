// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The frames of one throwable, as text, a line each: `at CLASS.METHOD(FILE:LINE)`. The table keeps
/// no text: two of equal length and equal sums, which are of 64 bits in all, count as the same.
final class ThrownStack implements MetStack {
    private final String text;
    private final int depth;

    /// What stands before each line of them.
    private final String indent;

    /// @param all the text of a throwable and its causes
    /// @param begin where the first line of the frames begins
    /// @param end behind the last one
    ThrownStack(String all, int begin, int end) {
        int first = begin;
        while (first < end && all.charAt(first) == ' ') {
            first++;
        }
        indent = all.substring(begin, first);
        String lines = all.substring(first, end);
        text = indent.isEmpty() ? lines : lines.replace('\n' + indent, "\n");
        int breaks = 0;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            breaks++;
        }
        depth = breaks + 1;
    }

    String indent() {
        return indent;
    }

    @Override
    public Object key() {
        var sum = new CRC32();
        sum.update(text.getBytes(UTF_8));
        return new Key(text.length(), text.hashCode(), sum.getValue());
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public String text() {
        return text;
    }

    /// No record: what those compare by is linked when it is first used.
    private static final class Key {
        private final int length;
        private final int hash;
        private final long sum;

        Key(int length, int hash, long sum) {
            this.length = length;
            this.hash = hash;
            this.sum = sum;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && hash == that.hash
                    && sum == that.sum
                    && length == that.length;
        }
    }
}
