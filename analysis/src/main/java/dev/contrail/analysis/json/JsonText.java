// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.json;

import dev.contrail.analysis.FieldValues;
import dev.contrail.analysis.text.TextBuffer;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.LabelFinder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes fields as JSON (RFC 8259).
///
/// Integers are numbers of up to 64 bits, real numbers too but for `"NaN"`, `"Infinity"` and
/// `"-Infinity"`; a BLOB is text of hexadecimal digits; an enumeration or bit map is `{"value": 7,
/// "labels": ["a"]}`; a field that is not there is `null`; a variant is its chosen option.
final class JsonText {
    private final TextBuffer out;
    private final Map<EnumerationClass, LabelFinder> finders = new IdentityHashMap<>();
    private long[] slots = {};
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    JsonText(TextBuffer out) {
        this.out = out;
    }

    /// Writes one scope of the event record that the decoder is at.
    void scope(FieldLayout layout, int slot, PacketDecoder decoder) {
        slots = decoder.slots();
        bytes = decoder.bytes();
        structure(layout, slot);
    }

    /// A string in quotes.
    static void string(TextBuffer out, String text) {
        out.add('"');
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            switch (character) {
                case '"', '\\' -> out.add('\\').add((char) character);
                case '\n' -> out.add('\\').add('n');
                case '\r' -> out.add('\\').add('r');
                case '\t' -> out.add('\\').add('t');
                default -> {
                    if (character < ' ') {
                        out.add("\\u00").addByte((byte) character);
                    } else if (character < 128) {
                        out.add((char) character);
                    } else if (Character.getType(character) == Character.SURROGATE) {
                        out.add("\ufffd"); // a byte of metadata that is no character's
                    } else {
                        out.add(Character.toString(character));
                    }
                }
            }
        }
        out.add('"');
    }

    private int field(FieldLayout layout, int slot) {
        return switch (layout.kind()) {
            case INTEGER -> {
                integer(layout, slots[slot]);
                yield slot + 1;
            }
            case FLOAT -> {
                real(FieldValues.number(slots[slot], layout.sizeBits()));
                yield layout.skip(slots, slot);
            }
            case TEXT -> {
                byte[] encoded = new byte[(int) slots[slot + 1]];
                bytes.get((int) slots[slot], encoded);
                string(out, layout.encoding().decode(encoded));
                yield slot + 2;
            }
            case BLOB -> {
                out.add('"');
                for (long i = 0; i < slots[slot + 1]; i++) {
                    out.addByte(bytes.get((int) (slots[slot] + i)));
                }
                out.add('"');
                yield slot + 2;
            }
            case STRUCTURE -> structure(layout, slot);
            case ARRAY -> elements(layout.child(0), slot, layout.length());
            case SEQUENCE -> elements(layout.child(0), slot + 1, slots[slot]);
            case VARIANT -> field(layout.child((int) slots[slot]), slot + 1);
            case OPTIONAL -> {
                if (slots[slot] == 0) {
                    out.add("null");
                    yield slot + 1;
                }
                yield field(layout.child(0), slot + 1);
            }
        };
    }

    private int structure(FieldLayout layout, int slot) {
        out.add('{');
        int next = slot;
        boolean isFirst = true;
        for (int i = 0; i < layout.childCount(); i++) {
            FieldLayout child = layout.child(i);
            if (child.isHidden()) {
                next = child.skip(slots, next);
                continue;
            }
            if (!isFirst) {
                out.add(',');
            }
            isFirst = false;
            string(out, layout.name(i));
            out.add(':');
            next = field(child, next);
        }
        out.add('}');
        return next;
    }

    private int elements(FieldLayout element, int slot, long count) {
        out.add('[');
        int next = slot;
        for (long i = 0; i < count; i++) {
            if (i > 0) {
                out.add(',');
            }
            next = field(element, next);
        }
        out.add(']');
        return next;
    }

    private void integer(FieldLayout layout, long value) {
        switch (layout.fieldClass()) {
            case BooleanClass _ -> out.add(value == 0 ? "false" : "true");
            case EnumerationClass enumeration ->
                    labelled(layout, value, labels(enumeration, value));
            case BitMapClass map -> labelled(layout, value, flags(map.flags(), value));
            default -> number(layout, value);
        }
    }

    private void number(FieldLayout layout, long value) {
        if (layout.isSigned()) {
            out.addSigned(value);
        } else {
            out.addUnsigned(value);
        }
    }

    private void labelled(FieldLayout layout, long value, Set<String> labels) {
        out.add("{\"value\":");
        number(layout, value);
        out.add(",\"labels\":[");
        boolean isFirst = true;
        for (String label : labels) {
            if (!isFirst) {
                out.add(',');
            }
            isFirst = false;
            string(out, label);
        }
        out.add("]}");
    }

    private Set<String> labels(EnumerationClass enumeration, long value) {
        LabelFinder finder = finders.computeIfAbsent(enumeration, LabelFinder::new);
        var labels = new LinkedHashSet<String>();
        int count = finder.find(value);
        for (int i = 0; i < count; i++) {
            labels.add(enumeration.mappings().get(finder.found(i)).label());
        }
        return labels;
    }

    private static Set<String> flags(List<Mapping> flags, long value) {
        var set = new LinkedHashSet<String>();
        for (Mapping flag : flags) {
            if (flag.isSetIn(value)) {
                set.add(flag.label());
            }
        }
        return set;
    }

    private void real(double value) {
        if (Double.isFinite(value)) {
            out.add(Double.toString(value).getBytes(StandardCharsets.US_ASCII));
        } else {
            string(out, Double.toString(value));
        }
    }
}
