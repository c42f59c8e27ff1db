// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static dev.contrail.analysis.text.TextBuffer.utf8;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.layout.LabelFinder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeSet;

/// Printers of integers whose values have labels.
final class LabelPrinters {
    private LabelPrinters() {}

    private static byte[] quoted(String label, Colours colours) {
        var text = new TextBuffer();
        text.add(colours.beginValue()).addQuoted(utf8(label)).add(colours.end());
        return text.bytes();
    }

    /// `( "label" : container = 1 )`.
    static final class Enumeration extends FieldPrinter {
        private static final byte[] CONTAINER = utf8(" : container = ");

        private final List<Mapping> mappings;
        private final byte[][] labels;
        private final byte[] unknown;
        private final LabelFinder finder;
        private final boolean isCtf2;
        private final ScalarPrinters.Number container;

        Enumeration(EnumerationClass enumeration, Style style) {
            mappings = enumeration.mappings();
            labels = new byte[mappings.size()][];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = quoted(mappings.get(i).label(), style.colours());
            }
            unknown = utf8(style.colours().unknown("<unknown>"));
            finder = new LabelFinder(enumeration);
            isCtf2 = style.version() == CtfVersion.CTF_2;
            container = new ScalarPrinters.Number(enumeration.container(), style.colours());
        }

        @Override
        int print(TextBuffer out, long[] slots, int slot, ByteBuffer packet) {
            long value = slots[slot];
            out.add('(').add(' ');
            int begin = out.length();
            String previous = null;
            int count = 0;
            int labelled = finder.find(value);
            for (int i = 0; i < labelled; i++) {
                int number = finder.found(i);
                String label = mappings.get(number).label();
                if (!label.equals(previous)) {
                    if (previous != null) {
                        out.add(',').add(' ');
                    }
                    out.add(labels[number]);
                    previous = label;
                    count++;
                }
            }
            if (isCtf2 && count > 1) {
                out.insert(begin, "{ ").add(" }");
            }
            if (previous == null) {
                out.add(unknown);
            }
            out.add(CONTAINER);
            container.print(out, value);
            out.add(' ').add(')');
            return slot + 1;
        }
    }

    /// `0x5 { "flag", … }`.
    static final class BitMap extends ScalarPrinters.OneSlot {
        private final List<Mapping> flags;

        BitMap(BitMapClass map, Colours colours) {
            super(colours);
            flags = map.flags();
        }

        @Override
        void value(TextBuffer out, long value) {
            out.add('0').add('x').addBits(value, 4);
            var names = new TreeSet<String>();
            for (Mapping flag : flags) {
                if (flag.isSetIn(value)) {
                    names.add(flag.label());
                }
            }
            if (!names.isEmpty()) {
                out.add(' ').add('{');
                String separator = " ";
                for (String name : names) {
                    out.add(separator).addQuoted(utf8(name));
                    separator = ", ";
                }
                out.add(' ').add('}');
            }
        }
    }
}
