// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static dev.contrail.analysis.text.TextBuffer.utf8;

import dev.contrail.analysis.text.FieldPrinter.Style;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.BitArrayClass;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.TextEncoding;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;

/// Makes the printers of fields; those of fields that hold others are here, a tree with
/// [ScalarPrinters] and [LabelPrinters] as leaves.
final class FieldPrinters {
    private FieldPrinters() {}

    /// The printer of a layout.
    static FieldPrinter of(FieldLayout layout, Style style) {
        return switch (layout.kind()) {
            case INTEGER -> integer(layout.fieldClass(), style);
            case FLOAT -> new ScalarPrinters.Real(layout, style.colours());
            case TEXT ->
                    layout.encoding() == TextEncoding.UTF_8
                            ? new ScalarPrinters.Utf8(style.colours())
                            : new ScalarPrinters.Text(layout.encoding(), style.colours());
            case BLOB -> new ScalarPrinters.Blob();
            case STRUCTURE -> new Structure(layout, style);
            case ARRAY, SEQUENCE -> new Elements(layout, style);
            case VARIANT -> new Variant(layout, style);
            case OPTIONAL -> new Optional(of(layout.child(0), style));
        };
    }

    private static FieldPrinter integer(FieldClass fieldClass, Style style) {
        return switch (fieldClass) {
            case AnyInteger integer -> new ScalarPrinters.Number(integer, style.colours());
            case EnumerationClass enumeration -> new LabelPrinters.Enumeration(enumeration, style);
            case BooleanClass _ -> new ScalarPrinters.Truth(style.colours());
            case BitArrayClass _ -> new ScalarPrinters.Bits(style.colours());
            case BitMapClass map -> new LabelPrinters.BitMap(map, style.colours());
            default -> throw new IllegalStateException("not an integer: " + fieldClass);
        };
    }

    private static final class Structure extends FieldPrinter {
        private static final byte[] END = utf8(" }");

        private final FieldLayout layout;

        /// What stands before each member; null before one that is hidden.
        private final byte[][] before;

        private final FieldPrinter[] members;

        Structure(FieldLayout layout, Style style) {
            this.layout = layout;
            before = new byte[layout.childCount()][];
            members = new FieldPrinter[before.length];
            String separator = "{ ";
            for (int i = 0; i < before.length; i++) {
                FieldLayout child = layout.child(i);
                if (!child.isHidden()) {
                    String name =
                            style.withNames()
                                    ? style.colours().fieldName(layout.name(i)) + " = "
                                    : "";
                    before[i] = utf8(separator + name);
                    members[i] = of(child, style);
                    separator = ", ";
                }
            }
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            int next = slot;
            boolean isEmpty = true;
            for (int i = 0; i < members.length; i++) {
                FieldPrinter member = members[i];
                if (member == null) {
                    next = layout.child(i).skip(slots, next);
                } else {
                    isEmpty = false;
                    out.add(before[i]);
                    next = member.print(out, slots, next, packet);
                }
            }
            if (isEmpty) {
                out.add('{');
            }
            out.add(END);
            return next;
        }
    }

    private static final class Elements extends FieldPrinter {
        private final FieldPrinter element;
        private final boolean withNames;

        /// -1 for a sequence.
        private final long length;

        Elements(FieldLayout layout, Style style) {
            element = of(layout.child(0), style);
            withNames = style.withNames();
            length = layout.length();
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            long count = length < 0 ? slots[slot] : length;
            int next = length < 0 ? slot + 1 : slot;
            out.add('[');
            for (long i = 0; i < count; i++) {
                if (i > 0) {
                    out.add(',');
                }
                out.add(' ');
                if (withNames) {
                    out.add('[').addUnsigned(i).add(']').add(' ').add('=').add(' ');
                }
                next = element.print(out, slots, next, packet);
            }
            out.add(' ').add(']');
            return next;
        }
    }

    private static final class Variant extends FieldPrinter {
        private final FieldPrinter[] options;

        Variant(FieldLayout layout, Style style) {
            options = new FieldPrinter[layout.childCount()];
            for (int i = 0; i < options.length; i++) {
                options[i] = of(layout.child(i), style);
            }
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            out.add('{').add(' ');
            int next = options[(int) slots[slot]].print(out, slots, slot + 1, packet);
            out.add(' ').add('}');
            return next;
        }
    }

    private static final class Optional extends FieldPrinter {
        private final FieldPrinter field;

        Optional(FieldPrinter field) {
            this.field = field;
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            if (slots[slot] == 0) {
                out.add("<none>");
                return slot + 1;
            }
            out.add('{').add(' ');
            int next = field.print(out, slots, slot + 1, packet);
            out.add(' ').add('}');
            return next;
        }
    }
}
