// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.RandomTypes.Characters;
import dev.contrail.analysis.RandomTypes.Choice;
import dev.contrail.analysis.RandomTypes.Member;
import dev.contrail.analysis.RandomTypes.Number;
import dev.contrail.analysis.RandomTypes.Repeated;
import dev.contrail.analysis.RandomTypes.Structure;
import dev.contrail.analysis.RandomTypes.Text;
import dev.contrail.analysis.RandomTypes.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/// Makes up field classes of CTF 1.8: how TSDL declares them, in all of its ways, and values of
/// them in bits. It knows nothing of our model, so that both of its readers are put to the test.
///
/// What makes babeltrace2 2.0.4 die, or print something old, is left out: empty texts, references
/// inside `event.context`, tags with overlapping labels.
final class RandomTsdl {
    /// No text that is empty: babeltrace2 2.0.4 prints an older one for it.
    static final List<Long> LENGTHS = List.of(1L, 2L, 3L, 4L);

    private final Random random;
    private final boolean isBigEndian;

    /// Whether fields may begin and end inside a byte.
    private final boolean isPacked;

    /// Declarations at the top of the metadata.
    private final StringBuilder top = new StringBuilder();

    /// Names of types that C has, not used yet.
    private final List<String> cNames =
            new ArrayList<>(
                    List.of(
                            "unsigned long",
                            "char",
                            "long unsigned int",
                            "long long",
                            "unsigned short",
                            "_Bool"));

    private int names;

    RandomTsdl(Random random, boolean isBigEndian) {
        this.random = random;
        this.isBigEndian = isBigEndian;
        this.isPacked = random.nextInt(3) == 0;
    }

    String top() {
        return top.toString();
    }

    <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String oneOf(String words) {
        return pick(List.of(words.split(" ")));
    }

    /// A new name, sometimes one that is a word of the language after its underscore.
    String name() {
        return oneOf("_ a x_ _b __c Z _Int").concat(Integer.toString(names++));
    }

    boolean isPacked() {
        return isPacked;
    }

    int alignment() {
        return isPacked && random.nextBoolean() ? 1 << random.nextInt(3) : 8 << random.nextInt(4);
    }

    int bits() {
        return isPacked && random.nextBoolean() ? 1 + random.nextInt(64) : 8 << random.nextInt(4);
    }

    private String number(long value) {
        return switch (random.nextInt(6)) {
            case 0 -> "0x" + Long.toHexString(value);
            case 1 -> value == 0 ? "00" : "0" + Long.toOctalString(value);
            case 2 -> value + oneOf("u U ul UL");
            default -> Long.toString(value);
        };
    }

    /// `integer { … }` in some of its spellings.
    ///
    /// @param more attributes, each with its semicolon
    private String integer(int bits, int alignment, boolean isSigned, boolean isBig, String more) {
        var attributes = new ArrayList<String>();
        attributes.add("size = " + number(bits) + ";");
        boolean isDefault = alignment == (bits % 8 == 0 ? 8 : 1);
        if (!isDefault || random.nextBoolean()) {
            attributes.add("align = " + number(alignment) + ";");
        }
        if (isSigned || random.nextInt(4) == 0) {
            attributes.add(
                    "signed = " + (isSigned ? oneOf("true TRUE 1") : oneOf("false FALSE 0")) + ";");
        }
        if (isBig != isBigEndian || random.nextInt(4) == 0) {
            String order = isBig ? oneOf("be network") : "le";
            attributes.add(
                    "byte_order = "
                            + (isBig == isBigEndian && random.nextBoolean() ? "native" : order)
                            + ";");
        }
        if (random.nextInt(3) == 0) {
            // babeltrace2 shows numbers of 61 to 63 bits as 0x0: it shifts by 64.
            String base =
                    oneOf(
                            "decimal dec d i u 10 octal oct o 8 binary b 2"
                                    + (bits % 64 > 60 ? "" : " hexadecimal hex x X p 16"));
            attributes.add("base = " + base + ";");
        }
        if (!more.isEmpty()) {
            attributes.add(more);
        }
        Collections.shuffle(attributes, random);
        return "integer {"
                + oneOf("\n /*;*/ //}\n").replace("//}", "")
                + " "
                + String.join(" ", attributes)
                + " }";
    }

    /// Gives a type a name of its own now and then.
    private String alias(String type) {
        if (random.nextInt(3) > 0) {
            return type;
        }
        String name = "t" + names++;
        switch (random.nextInt(4)) {
            case 0 -> top.append("typedef ").append(type).append(' ').append(name).append(";\n");
            case 1 -> {
                name = cNames.isEmpty() ? name : cNames.removeFirst();
                top.append("typealias ").append(type).append(" := ").append(name).append(";\n");
            }
            case 2 -> {
                top.append("typealias ").append(type).append(" := ").append(name).append(";\n");
                top.append("typedef ").append(name).append(" d").append(name).append(";\n");
                name = "d" + name;
            }
            default ->
                    top.append("typealias ").append(type).append(" := ").append(name).append(";\n");
        }
        return name;
    }

    /// An integer that clocks, roles and others may ask for.
    Number fixed(int bits, int alignment, String more) {
        String text = integer(bits, alignment, false, isBigEndian, more);
        return new Number(bits, alignment, isBigEndian, text, List.of());
    }

    private boolean order(int bits, int alignment) {
        return bits % 8 == 0 && alignment >= 8 && random.nextInt(4) == 0
                ? !isBigEndian
                : isBigEndian;
    }

    private Number integer(boolean isSigned, int bits, List<Long> choice) {
        int alignment = alignment();
        boolean isBig = order(bits, alignment);
        String text = alias(integer(bits, alignment, isSigned, isBig, ""));
        return new Number(bits, alignment, isBig, text, choice);
    }

    /// The length of a sequence.
    Number length() {
        Number plain = integer(false, Math.max(3, bits()), LENGTHS);
        if (random.nextInt(5) > 0) {
            return plain;
        }
        String text = "enum : " + plain.declaration + " { one = 1, more = 2 ... 4 }";
        return new Number(plain.bits, plain.alignment, plain.isBig, text, LENGTHS);
    }

    private String label(int number) {
        return pick(
                List.of(
                        "L" + number,
                        "\"l " + number + "\"",
                        "\"q\\\"\\\\" + number + "\"",
                        "\"é\\t" + number + "\"",
                        "_l" + number));
    }

    private Type enumeration() {
        boolean isSigned = random.nextBoolean();
        int bits = Math.max(4, bits());
        Number container = integer(isSigned, bits, List.of());
        var labels = new ArrayList<String>();
        long at = isSigned ? -3 : 0;
        for (int i = 0; i <= random.nextInt(6); i++) {
            String label = label(random.nextInt(5) + (i << 3));
            switch (random.nextInt(4)) {
                case 0 -> labels.add(label);
                case 1 -> labels.add(label + " = " + at);
                case 2 -> labels.add(label + " = " + at + " ... " + (at + random.nextInt(3)));
                default -> labels.add(label + " = " + (at - (at > 0 ? 1 : 0)) + " ... " + (at + 2));
            }
            at += random.nextInt(3);
        }
        String name = random.nextInt(3) == 0 ? "E" + names++ : "";
        String text =
                "enum "
                        + name
                        + " : "
                        + container.declaration
                        + " { "
                        + String.join(", ", labels)
                        + (random.nextBoolean() ? ", }" : " }");
        if (!name.isEmpty() && random.nextBoolean()) {
            top.append(text).append(";\n");
            text = "enum " + name;
        } else if (name.isEmpty()) {
            text = alias(text);
        }
        var values = new ArrayList<Long>();
        for (long value = isSigned ? -4 : 0; value < 7; value++) {
            values.add(value);
        }
        return new Number(bits, container.alignment, container.isBig, text, values);
    }

    private Type floatingPoint() {
        boolean isDouble = random.nextBoolean();
        int bits = isDouble ? 64 : 32;
        int alignment = alignment();
        boolean isBig = order(bits, alignment);
        String text =
                "floating_point { exp_dig = "
                        + (isDouble ? 11 : 8)
                        + "; mant_dig = "
                        + (isDouble ? 53 : 24)
                        + "; align = "
                        + alignment
                        + "; byte_order = "
                        + (isBig ? "be" : "le")
                        + "; }";
        var values = new ArrayList<Long>();
        for (double value :
                new double[] {
                    0,
                    -0.0,
                    1,
                    -1.5,
                    1e300,
                    Double.MIN_VALUE,
                    Double.NaN,
                    1e5,
                    123456.5,
                    1e-5,
                    0.1,
                    1 / 3.0,
                    Float.MIN_VALUE,
                    1e15,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    random.nextGaussian(),
                    random.nextInt()
                }) {
            values.add(
                    isDouble
                            ? Double.doubleToRawLongBits(value)
                            : Float.floatToRawIntBits((float) value));
        }
        values.add(random.nextLong());
        return new Number(bits, alignment, isBig, alias(text), values);
    }

    Type leaf() {
        return switch (random.nextInt(8)) {
            case 0 -> floatingPoint();
            case 1 ->
                    new Text(alias(oneOf("string string{encoding=UTF8;} string{encoding=ascii;}")));
            case 2, 3 -> enumeration();
            default -> integer(random.nextBoolean(), bits(), List.of());
        };
    }

    Structure structure(List<Member> members) {
        int minimum = random.nextInt(4) == 0 ? 1 << random.nextInt(7) : 1;
        String name = random.nextInt(4) == 0 ? "S" + names++ : "";
        String align = minimum > 1 ? " align(" + number(minimum) + ")" : "";
        String text = "struct " + name + " " + RandomTypes.body(members) + align;
        // Of names in named structures, babeltrace2 takes off an underscore for each copy it makes.
        boolean isApart =
                members.stream()
                        .allMatch(each ->
                                each.type() instanceof Number && !each.name().startsWith("__"));
        if (isApart && random.nextInt(3) == 0) {
            if (name.isEmpty()) {
                text = alias(text);
            } else {
                top.append(text).append(";\n");
                text = "struct " + name;
            }
        }
        return new Structure(members, minimum, name, text);
    }

    private Type element(int depth, List<Reference> outer) {
        return switch (random.nextInt(6)) {
            case 0 ->
                    depth < 3
                            ? structure(members(1 + random.nextInt(3), depth + 1, outer))
                            : leaf();
            case 1 ->
                    new Characters(
                            "integer { size = 8; align = 8; encoding = "
                                    + oneOf("UTF8 utf8 \"UTF-8\" ASCII ascii")
                                    + "; }");
            default -> leaf();
        };
    }

    /// A number that sequences may name.
    record Reference(String path, Number number) {}

    /// Members of a structure.
    ///
    /// @param outer lengths that can be named here
    List<Member> members(int count, int depth, List<Reference> outer) {
        var members = new ArrayList<Member>();
        var known = new ArrayList<>(outer);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(depth < 3 ? 9 : 5)) {
                case 0 -> {
                    Reference length = known.isEmpty() ? null : pick(known);
                    if (length == null || random.nextBoolean()) {
                        length = new Reference(name(), length());
                        members.add(new Member(length.path(), length.number()));
                        known.add(length);
                    }
                    Type element = element(depth, known);
                    members.add(
                            new Member(
                                    name(),
                                    new Repeated(element, length.number(), 0, length.path())));
                }
                case 1 -> {
                    int length = 1 + random.nextInt(3);
                    Type array = new Repeated(element(depth, known), null, length, number(length));
                    members.add(
                            new Member(
                                    name(),
                                    random.nextInt(3) == 0
                                            ? new Repeated(array, null, 2, "2")
                                            : array));
                }
                case 5, 6 -> choice(members, depth, known);
                case 7 ->
                        members.add(
                                new Member(
                                        name(),
                                        structure(members(random.nextInt(4), depth + 1, known))));
                default -> members.add(new Member(name(), leaf()));
            }
        }
        return members;
    }

    /// Adds a tag and a variant.
    private void choice(List<Member> members, int depth, List<Reference> known) {
        var labels = new ArrayList<String>();
        var values = new ArrayList<Long>();
        var options = new LinkedHashMap<Long, Type>();
        var fields = new ArrayList<Member>();
        boolean isSigned = random.nextBoolean();
        long at = isSigned ? -2 : 0;
        for (int i = 0; i <= random.nextInt(4); i++) {
            String label = name();
            Type type = random.nextInt(5) == 0 ? structure(List.of()) : element(depth, known);
            fields.add(new Member(label, type));
            long end = at + random.nextInt(2);
            labels.add(label + " = " + at + (end == at ? "" : " ... " + end));
            for (; at <= end; at++) {
                options.put(at, type);
                values.add(at);
            }
        }
        Collections.shuffle(fields, random);
        String tagName = name();
        Number container = integer(isSigned, Math.max(5, bits()), values);
        String enumeration =
                "enum : " + container.declaration + " { " + String.join(", ", labels) + " }";
        var tag =
                new Number(
                        container.bits, container.alignment, container.isBig, enumeration, values);
        members.add(new Member(tagName, tag));
        if (random.nextInt(3) == 0) {
            members.add(new Member(name(), leaf()));
        }
        members.add(
                new Member(
                        name(),
                        new Choice(
                                tag,
                                options,
                                "variant <" + tagName + "> " + RandomTypes.body(fields))));
    }
}
