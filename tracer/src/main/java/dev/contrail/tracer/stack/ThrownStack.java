// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Frames that follow each other in the text of a throwable: those of one throwable, a line each,
/// `at CLASS.METHOD(FILE:LINE)`. The table keeps no text: two of equal length and equal sums, which
/// are of 64 bits in all, count as the same.
final class ThrownStack implements MetStack {
    static final String FRAME = "at ";

    private final String text;
    private final int depth;

    private final String indent;
    private final int end;

    private ThrownStack(String text, int depth, String indent, int end) {
        this.text = text;
        this.depth = depth;
        this.indent = indent;
        this.end = end;
    }

    /// The frames that begin with the line at `begin`; null where that line is something else.
    static @Nullable ThrownStack at(String all, int begin) {
        int first = begin;
        while (first < all.length() && all.charAt(first) == ' ') {
            first++;
        }
        String indent = all.substring(begin, first);
        int end = begin;
        int depth = 0;
        for (int line = begin; isFrame(all, line, indent); line = end + 1) {
            end = all.indexOf('\n', line);
            end = end < 0 ? all.length() : end;
            depth++;
        }
        if (depth == 0) {
            return null;
        }
        String text = all.substring(first, end);
        return new ThrownStack(
                indent.isEmpty() ? text : text.replace('\n' + indent, "\n"), depth, indent, end);
    }

    private static boolean isFrame(String all, int line, String indent) {
        return all.startsWith(indent, line) && all.startsWith(FRAME, line + indent.length());
    }

    /// What stands before each line.
    String indent() {
        return indent;
    }

    /// Where the text goes on after the last frame.
    int end() {
        return end;
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
