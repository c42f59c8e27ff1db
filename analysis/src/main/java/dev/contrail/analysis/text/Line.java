// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Fixed text with values between: structures in structures become one row of steps, and what is
/// between two values one piece. The usual values are written here, without a call that the
/// compiler does not see through.
final class Line extends FieldPrinter {
    /// How a step writes its value.
    private enum Kind {
        UNSIGNED,
        SIGNED,
        TEXT,
        OTHER
    }

    /// A value, and the text before it.
    ///
    /// @param printer of a value of another kind
    private record Step(FixedText before, Kind kind, FieldPrinter printer) {}

    private static final FieldPrinter NONE = new Line(List.of(), new FixedText(""));

    private final Step[] steps;
    private final FixedText end;

    private Line(List<Step> steps, FixedText end) {
        this.steps = steps.toArray(Step[]::new);
        this.end = end;
    }

    @Override
    int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
        int next = slot;
        for (Step step : steps) {
            out.add(step.before);
            switch (step.kind) {
                case UNSIGNED -> out.addUnsigned(slots[next++]);
                case SIGNED -> out.addSigned(slots[next++]);
                case TEXT -> {
                    out.addEscaped(packet, (int) slots[next], (int) slots[next + 1]);
                    next += 2;
                }
                case OTHER -> next = step.printer.print(out, slots, next, packet);
            }
        }
        out.add(end);
        return next;
    }

    /// Collects a line from its begin to its end.
    static final class Builder {
        private final List<Step> steps = new ArrayList<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

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
            return add(isSigned ? Kind.SIGNED : Kind.UNSIGNED, NONE);
        }

        /// Adds the next two slots: bytes of UTF-8, special characters escaped.
        Builder characters() {
            return add(Kind.TEXT, NONE);
        }

        /// Adds what a printer prints of the next slots.
        Builder field(FieldPrinter printer) {
            return add(Kind.OTHER, printer);
        }

        private Builder add(Kind kind, FieldPrinter printer) {
            steps.add(new Step(taken(), kind, printer));
            return this;
        }

        private FixedText taken() {
            var fixed = new FixedText(text.toByteArray());
            text.reset();
            return fixed;
        }

        /// Ends the line.
        Line build() {
            return new Line(steps, taken());
        }
    }
}
