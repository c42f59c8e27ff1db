// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

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

/// Makes lines and printers of fields. Structures, decimal numbers and text become steps of a
/// [Line]; printers of other fields that hold some are here, a tree with lines, [ScalarPrinters]
/// and [LabelPrinters] as leaves.
final class FieldPrinters {
    private FieldPrinters() {}

    /// Adds what a layout holds to a line.
    static void add(Line.Builder line, FieldLayout layout, Style style) {
        Colours colours = style.colours();
        if (layout.kind() == FieldLayout.Kind.STRUCTURE) {
            addStructure(line, layout, style);
        } else if (isUtf8(layout)) {
            line.text(colours.beginValue()).text("\"");
            line.characters().text("\"").text(colours.end());
        } else if (layout.fieldClass() instanceof AnyInteger integer && isDecimal(integer)) {
            line.text(colours.beginValue()).number(integer.isSigned()).text(colours.end());
        } else {
            line.field(of(layout, style));
        }
    }

    private static boolean isUtf8(FieldLayout layout) {
        return layout.kind() == FieldLayout.Kind.TEXT && layout.encoding() == TextEncoding.UTF_8;
    }

    private static boolean isDecimal(AnyInteger integer) {
        return integer.base() != 2 && integer.base() != 8 && integer.base() != 16;
    }

    private static void addStructure(Line.Builder line, FieldLayout layout, Style style) {
        line.text("{");
        String separator = " ";
        for (int i = 0; i < layout.childCount(); i++) {
            FieldLayout child = layout.child(i);
            if (child.isHidden()) {
                line.field(new Hidden(child));
                continue;
            }
            line.text(separator);
            if (style.withNames()) {
                line.text(style.colours().fieldName(layout.name(i)) + " = ");
            }
            add(line, child, style);
            separator = ", ";
        }
        line.text(" }");
    }

    /// The printer of a layout.
    private static FieldPrinter of(FieldLayout layout, Style style) {
        return switch (layout.kind()) {
            case INTEGER -> integer(layout.fieldClass(), style);
            case FLOAT -> new ScalarPrinters.Real(layout, style.colours());
            case TEXT ->
                    isUtf8(layout)
                            ? line(layout, style)
                            : new ScalarPrinters.Text(layout.encoding(), style.colours());
            case BLOB -> new ScalarPrinters.Blob();
            case STRUCTURE -> line(layout, style);
            case ARRAY, SEQUENCE -> new Elements(layout, style);
            case VARIANT -> new Variant(layout, style);
            case OPTIONAL -> new Optional(of(layout.child(0), style));
        };
    }

    private static Line line(FieldLayout layout, Style style) {
        var line = new Line.Builder();
        add(line, layout, style);
        return line.build();
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

    /// Passes over what is not shown.
    private static final class Hidden extends FieldPrinter {
        private final FieldLayout layout;

        Hidden(FieldLayout layout) {
            this.layout = layout;
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            return layout.skip(slots, slot);
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
