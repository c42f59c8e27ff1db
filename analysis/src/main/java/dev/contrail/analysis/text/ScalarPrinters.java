// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.analysis.FieldValues;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.TextEncoding;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Printers of fields that have one value.
final class ScalarPrinters {
    private ScalarPrinters() {}

    /// A field of one slot.
    abstract static class OneSlot extends FieldPrinter {
        private final boolean isColoured;
        private final byte[] begin;
        private final byte[] end;

        OneSlot(Colours colours) {
            isColoured = colours != Colours.NONE;
            begin = colours.beginValue();
            end = colours.end();
        }

        @Override
        final int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            print(out, slots[slot]);
            return slot + 1;
        }

        final void print(TextBuffer out, long value) {
            if (isColoured) {
                out.add(begin);
                value(out, value);
                out.add(end);
            } else {
                value(out, value);
            }
        }

        abstract void value(TextBuffer out, long value);
    }

    /// An integer in the base that its class prefers.
    static final class Number extends OneSlot {
        private final int base;
        private final int sizeBits;
        private final boolean isSigned;
        private final long mask;

        Number(AnyInteger integer, Colours colours) {
            super(colours);
            base = integer.base();
            sizeBits = integer.sizeBits();
            isSigned = integer.isSigned();
            mask = mask(integer);
        }

        /// A negative value shows as many digits as its size, rounded up to whole digits, has.
        ///
        /// Signed hexadecimal integers of 61 to 63 bits show as 0, because babeltrace2's do (it
        /// shifts by 64): our text is compared with its text, byte for byte.
        private static long mask(AnyInteger integer) {
            if (!integer.isSigned() || integer.sizeBits() == 64) {
                return -1;
            }
            int bitsPerDigit = integer.base() == 8 ? 3 : 4;
            int shown = (integer.sizeBits() + bitsPerDigit - 1) / bitsPerDigit * bitsPerDigit;
            return shown == 64 ? 0 : (1L << shown) - 1;
        }

        @Override
        void value(TextBuffer out, long value) {
            switch (base) {
                case 2 -> {
                    out.add('0').add('b');
                    for (int bit = sizeBits - 1; bit >= 0; bit--) {
                        out.add((value >>> bit & 1) == 0 ? '0' : '1');
                    }
                }
                case 8 -> out.add('0').addBits(value & mask, 3);
                case 16 -> out.add('0').add('x').addBits(value & mask, 4);
                default -> {
                    if (isSigned) {
                        out.addSigned(value);
                    } else {
                        out.addUnsigned(value);
                    }
                }
            }
        }
    }

    /// A boolean.
    static final class Truth extends OneSlot {
        Truth(Colours colours) {
            super(colours);
        }

        @Override
        void value(TextBuffer out, long value) {
            out.add(value == 0 ? "false" : "true");
        }
    }

    /// A bit array.
    static final class Bits extends OneSlot {
        Bits(Colours colours) {
            super(colours);
        }

        @Override
        void value(TextBuffer out, long value) {
            out.add('0').add('x').addBits(value, 4);
        }
    }

    /// A number that need not be whole.
    static final class Real extends FieldPrinter {
        private final FieldLayout layout;
        private final byte[] begin;
        private final byte[] end;

        Real(FieldLayout layout, Colours colours) {
            this.layout = layout;
            begin = colours.beginValue();
            end = colours.end();
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            long bits = slots[slot];
            int size = layout.sizeBits();
            boolean isNegative = FieldValues.isNegative(bits, size);
            out.add(begin);
            out.add(FloatText.of(FieldValues.number(bits, size), isNegative));
            out.add(end);
            return layout.skip(slots, slot);
        }
    }

    /// Text in another encoding than UTF-8.
    static final class Text extends FieldPrinter {
        private final TextEncoding encoding;
        private final byte[] begin;
        private final byte[] end;

        Text(TextEncoding encoding, Colours colours) {
            this.encoding = encoding;
            begin = colours.beginValue();
            end = colours.end();
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            byte[] encoded = new byte[(int) slots[slot + 1]];
            packet.get((int) slots[slot], encoded);
            String text = encoding.decode(encoded);
            out.add(begin);
            out.addQuoted(text.getBytes(StandardCharsets.UTF_8));
            out.add(end);
            return slot + 2;
        }
    }

    /// Bytes.
    static final class Blob extends FieldPrinter {
        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            int start = (int) slots[slot];
            int length = (int) slots[slot + 1];
            out.add('{').add(' ');
            for (int i = start; i < start + length; i++) {
                out.addByte(packet.get(i)).add(' ');
            }
            out.add('}');
            return slot + 2;
        }
    }
}
