// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// Fixed text with values between: structures in structures become one row of steps, and what is
/// between two values one piece.
///
/// The steps lie in one array, as the bytes of a trace's many lines would not all be near: a word
/// that says what comes after how many bytes of text, then the words of that text. There is room
/// for all fixed text and decimal numbers of a line before they are written.
final class Line extends FieldPrinter {
    // What comes after a step's text: the lowest byte of its first word.

    private static final int END = 0;
    private static final int UNSIGNED = 1;
    private static final int SIGNED = 2;
    private static final int TEXT = 3;

    /// By a printer, whose index is in the next three bytes.
    private static final int OTHER = 4;

    private static final int INDEX_SHIFT = 8;
    private static final int INDEX_MASK = (1 << 24) - 1;
    private static final int LENGTH_SHIFT = 32;

    private final long[] steps;
    private final FieldPrinter[] printers;

    /// Most bytes that fixed text and decimal numbers take.
    private final int mostBytes;

    private Line(long[] steps, List<FieldPrinter> printers, int mostBytes) {
        this.steps = steps;
        this.printers = printers.toArray(FieldPrinter[]::new);
        this.mostBytes = mostBytes;
    }

    @Override
    int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
        int next = slot;
        int at = 0;
        out.reserve(mostBytes);
        byte[] bytes = out.bytes;
        int to = out.length;
        while (true) {
            long step = steps[at++];
            int end = to + (int) (step >>> LENGTH_SHIFT);
            for (int word = to; word < end; word += Long.BYTES) {
                FixedText.WORDS.set(bytes, word, steps[at++]);
            }
            to = end;
            switch ((int) step & 0xFF) {
                case UNSIGNED -> to = Digits.unsigned(bytes, to, slots[next++]);
                case SIGNED -> to = Digits.signed(bytes, to, slots[next++]);
                case END -> {
                    out.length = to;
                    return next;
                }
                default -> {
                    out.length = to;
                    if (((int) step & 0xFF) == TEXT) {
                        out.addEscaped(packet, (int) slots[next], (int) slots[next + 1]);
                        next += 2;
                    } else {
                        FieldPrinter printer = printers[(int) (step >>> INDEX_SHIFT) & INDEX_MASK];
                        next = printer.print(out, slots, next, packet);
                    }
                    out.reserve(mostBytes);
                    bytes = out.bytes;
                    to = out.length;
                }
            }
        }
    }

    /// Collects a line from its begin to its end.
    static final class Builder {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final LongStream.Builder steps = LongStream.builder();
        private final List<FieldPrinter> printers = new ArrayList<>();
        private int mostBytes;

        /// Adds what is the same in each line.
        Builder text(byte[] fixed) {
            text.writeBytes(fixed);
            return this;
        }

        /// As before.
        Builder text(String fixed) {
            return text(TextBuffer.utf8(fixed));
        }

        /// Adds the next slot, as a decimal number.
        Builder number(boolean isSigned) {
            return step(isSigned ? SIGNED : UNSIGNED);
        }

        /// Adds the next two slots: bytes of UTF-8, special characters escaped.
        Builder characters() {
            return step(TEXT);
        }

        /// Adds what a printer prints of the next slots.
        Builder field(FieldPrinter printer) {
            int index = printers.size();
            printers.add(printer);
            return step(index << INDEX_SHIFT | OTHER);
        }

        private Builder step(int what) {
            var before = new FixedText(text.toByteArray());
            text.reset();
            mostBytes += before.length + 1 + Digits.MOST;
            steps.add((long) before.length << LENGTH_SHIFT | what);
            for (long word : before.words) {
                steps.add(word);
            }
            return this;
        }

        /// Ends the line.
        Line build() {
            step(END);
            return new Line(steps.build().toArray(), printers, mostBytes);
        }
    }
}
