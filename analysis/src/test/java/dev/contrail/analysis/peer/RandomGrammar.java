// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Makes up field classes of TSDL over the whole grammar. What it says is mostly right; the bytes
/// of a stream may be anything.
final class RandomGrammar {
    private static final int MAX_DEPTH = 3;

    private final RandomWords words;

    /// Names of types that are declared at the top.
    private final List<String> types = new ArrayList<>();

    private final StringBuilder top = new StringBuilder();

    RandomGrammar(RandomWords words) {
        this.words = words;
    }

    /// Declarations at the top of the text.
    String top() {
        return top.toString();
    }

    private boolean oneIn(int n) {
        return words.oneIn(n);
    }

    private String pick(String... of) {
        return words.pick(of);
    }

    String integer(int bits, boolean isSigned, String more) {
        var attributes = new ArrayList<String>();
        int size = words.isOdd() ? words.random().nextInt(70) : bits;
        attributes.add(words.attribute("size", words.number(size)));
        if (oneIn(3)) {
            int align = words.isOdd() ? words.random().nextInt(40) : 1 << words.random().nextInt(7);
            attributes.add(words.attribute("align", words.number(align)));
        }
        if (isSigned || oneIn(4)) {
            String value = isSigned ? pick("true", "TRUE", "1") : pick("false", "FALSE", "0");
            attributes.add(
                    words.attribute(
                            "signed",
                            words.isOdd()
                                    ? pick("True", "2", "yes", "\"true\"", "-1", "0x1", "t")
                                    : value));
        }
        if (oneIn(4)) {
            attributes.add(words.attribute("byte_order", byteOrder()));
        }
        if (oneIn(4)) {
            // Of 61 to 63 bits babeltrace2 shows 0x0: it shifts by 64.
            String bases =
                    "decimal dec d i u 10 octal oct o 8 binary b 2 \"dec\" \"x\""
                            + (size > 60 ? "" : " hexadecimal hex x X p 16 0x10");
            String odd = "16U 3 hexa \"hex\" DEC 010";
            attributes.add(words.attribute("base", pick((words.isOdd() ? odd : bases).split(" "))));
        }
        if (oneIn(8)) {
            attributes.add(words.attribute("encoding", encoding()));
        }
        if (!more.isEmpty()) {
            attributes.add(more);
        }
        Collections.shuffle(attributes, words.random());
        return "integer" + pick(" ", "") + "{" + words.space() + String.join("", attributes) + "}";
    }

    private String byteOrder() {
        return words.isOdd()
                ? pick("LE", "little", "\"le\"", "native", "big_endian", "1", "Be")
                : pick("le", "be", "network", "native");
    }

    private String encoding() {
        return words.isOdd()
                ? pick("Utf8", "latin1", "utf16", "\"none\"", "8", "UTF16", "asciI")
                : pick("none", "UTF8", "utf8", "ASCII", "ascii", "\"UTF-8\"", "\"utf-8\"");
    }

    private int bits() {
        return oneIn(3) ? 1 + words.random().nextInt(64) : 8 << words.random().nextInt(4);
    }

    private String floatingPoint() {
        boolean isDouble = oneIn(2);
        var attributes = new ArrayList<String>();
        int exponent = words.isOdd() ? words.random().nextInt(16) : isDouble ? 11 : 8;
        attributes.add(words.attribute("exp_dig", words.number(exponent)));
        attributes.add(words.attribute("mant_dig", words.number(isDouble ? 53 : 24)));
        if (oneIn(3)) {
            attributes.add(words.attribute("byte_order", byteOrder()));
        }
        if (oneIn(3)) {
            attributes.add(words.attribute("align", words.number(1 << words.random().nextInt(7))));
        }
        Collections.shuffle(attributes, words.random());
        return "floating_point {" + String.join("", attributes) + "}";
    }

    /// An enumeration with these labels, which are strings or names.
    private String enumeration(List<String> labels) {
        var text = new StringBuilder("enum ");
        if (oneIn(4)) {
            text.append(words.name()).append(' ');
        }
        boolean isSigned = oneIn(3);
        if (words.isOdd()) {
            text.append(
                    pick("", ": string", ": floating_point {exp_dig=8;mant_dig=24;}", ": nope"));
        } else {
            text.append(": ").append(integer(Math.max(4, bits()), isSigned, ""));
        }
        text.append(" {").append(words.space());
        long at = isSigned ? -2 : 0;
        for (int i = 0; i < labels.size(); i++) {
            text.append(i == 0 ? "" : pick(", ", ",")).append(labels.get(i));
            switch (words.random().nextInt(4)) {
                case 0 -> text.append(" = ").append(words.number(at));
                case 1 -> {
                    text.append(" = ").append(words.number(at)).append(" ... ");
                    at += words.isOdd() ? -3 : words.random().nextInt(3);
                    text.append(words.number(at));
                }
                case 2 -> text.append('=').append(at).append("...").append(at);
                default -> {}
            }
            at++;
        }
        return text.append(pick(" }", ", }", "}")).toString();
    }

    private List<String> labels(int count) {
        var labels = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            String name = words.name();
            boolean isText = oneIn(4) || name.contains("\\") && !words.isOdd();
            labels.add(isText ? words.string("l" + i) : oneIn(5) ? "\"" + name + "\"" : name);
        }
        return labels;
    }

    private String leaf() {
        return switch (words.random().nextInt(8)) {
            case 0 -> floatingPoint();
            case 1 ->
                    pick(
                            "string",
                            "string { }",
                            "string {"
                                    + pick("", " ")
                                    + words.attribute("encoding", encoding())
                                    + "}");
            case 2 -> enumeration(labels(1 + words.random().nextInt(4)));
            case 3, 4 ->
                    types.isEmpty() ? "string" : types.get(words.random().nextInt(types.size()));
            default -> integer(bits(), oneIn(2), "");
        };
    }

    private String type(int depth, List<String> lengths, List<String> tags) {
        if (depth >= MAX_DEPTH) {
            return leaf();
        }
        String type =
                switch (words.random().nextInt(8)) {
                    case 0 -> structure(depth + 1, lengths);
                    default -> leaf();
                };
        return words.isOdd() ? pick("const " + type, type + " const", type + " *", "nope") : type;
    }

    String structure(int depth, List<String> lengths) {
        return "struct "
                + (oneIn(5) ? words.name() + " " : "")
                + body(depth, lengths)
                + (oneIn(5) ? " align(" + words.number(1 << words.random().nextInt(7)) + ")" : "");
    }

    /// A structure for the context of an event, without fields that name others: babeltrace2 dies
    /// where one in that scope names one of the same scope.
    String plainStructure() {
        var text = new StringBuilder("struct { ");
        for (int i = words.random().nextInt(3); i >= 0; i--) {
            text.append(integer(bits(), oneIn(2), "")).append(' ');
            text.append(words.name()).append("; ");
        }
        return text.append('}').toString();
    }

    /// The members of a structure.
    private String body(int depth, List<String> outer) {
        var text = new StringBuilder("{" + words.space());
        var lengths = new ArrayList<>(outer);
        for (int i = words.random().nextInt(5); i >= 0; i--) {
            switch (words.random().nextInt(9)) {
                case 0 -> {
                    String name = words.name();
                    String length = integer(1 + words.random().nextInt(2), words.isOdd(), "");
                    text.append(length).append(' ').append(name).append("; ");
                    lengths.add(name);
                }
                case 1 -> {
                    if (depth < MAX_DEPTH) {
                        variant(text, depth, lengths);
                    }
                }
                case 2 -> declaration(text, depth);
                default ->
                        text.append(type(depth, lengths, List.of()))
                                .append(' ')
                                .append(declarators(lengths))
                                .append(words.isOdd() ? pick("", ";;", ",;") : ";")
                                .append(words.space());
            }
        }
        return text.append('}').toString();
    }

    private String declarators(List<String> lengths) {
        String text = declarator(lengths);
        return oneIn(10) ? text + ", " + declarator(lengths) : text;
    }

    private String declarator(List<String> lengths) {
        String name = words.name();
        if (words.isOdd()) {
            return pick(
                    "*" + name,
                    "(" + name + ")",
                    name + " : 5",
                    name + "[]",
                    name + "[-1]",
                    name + "[0]",
                    name + "[nope]",
                    name + "[\"2\"]",
                    name + "[env.length]",
                    name + "[env.nope]",
                    name + "[event.fields." + name + "]",
                    name + "[2][0]",
                    name + "[stream.packet.context.x]",
                    "(" + name + ")[2]",
                    "");
        }
        var text = new StringBuilder(name);
        while (oneIn(5)) {
            if (lengths.isEmpty() || oneIn(2)) {
                text.append('[').append(words.number(words.random().nextInt(4))).append(']');
            } else {
                String length = lengths.get(words.random().nextInt(lengths.size()));
                text.append('[').append(length).append(']');
            }
        }
        return text.toString();
    }

    /// Adds a tag and a variant.
    private void variant(StringBuilder text, int depth, List<String> lengths) {
        String tag = words.name();
        List<String> labels = labels(1 + words.random().nextInt(4));
        var options = new StringBuilder("{ ");
        for (String label : labels) {
            String name = label.replaceAll("^L?\"|\"$", "");
            if (!words.isOdd()) {
                options.append(type(depth + 1, lengths, List.of()));
                options.append(' ').append(name).append("; ");
            }
        }
        options.append('}');
        text.append(enumeration(labels)).append(' ').append(tag).append("; ");
        String reference = words.isOdd() ? pick("event.fields." + tag, "nope", "", "1") : tag;
        if (oneIn(4)) {
            String name = words.name();
            text.append("variant ").append(name).append(' ').append(options).append("; ");
            text.append("variant ").append(name).append(" <").append(reference).append("> ");
        } else {
            text.append("variant ").append(oneIn(5) ? words.name() + " " : "").append('<');
            text.append(reference).append("> ").append(options).append(' ');
        }
        text.append(words.name()).append("; ");
    }

    /// Adds the declaration of a type, which may be used from now on.
    void declaration(StringBuilder text, int depth) {
        boolean isTop = text == top;
        String name = words.name();
        String type = oneIn(4) && depth < MAX_DEPTH ? structure(depth + 1, List.of()) : leaf();
        String used = name;
        switch (words.random().nextInt(8)) {
            case 0 -> text.append("typedef ").append(type).append(' ').append(name).append(";\n");
            case 1 -> {
                text.append("typedef ").append(type).append(' ');
                text.append(declarators(List.of())).append(";\n");
                return;
            }
            case 2 -> {
                used =
                        pick(
                                "unsigned long",
                                "char",
                                "long unsigned int",
                                "long long",
                                "unsigned short",
                                "_Bool",
                                "int",
                                "double",
                                "void",
                                "unsigned int");
                text.append("typealias ").append(type).append(" := ").append(used).append(";\n");
            }
            case 3 -> {
                used = words.isOdd() ? pick("const " + name, name + " *", "struct " + name) : name;
                text.append("typealias ").append(type).append(" := ").append(used).append(";\n");
            }
            case 4 -> {
                text.append("struct ").append(name).append(' ');
                text.append(body(depth + 1, List.of())).append(";\n");
                used = "struct " + name;
            }
            case 5 -> {
                String container = integer(8, oneIn(2), "");
                text.append("enum ").append(name).append(" : ").append(container);
                text.append(" { ").append(String.join(", ", labels(2))).append(" };\n");
                used = "enum " + name;
            }
            default ->
                    text.append("typealias ")
                            .append(type)
                            .append(" := ")
                            .append(name)
                            .append(";\n");
        }
        if (isTop && !types.contains(used)) {
            types.add(used);
        }
    }

    /// Declares some types at the top.
    void declareTypes() {
        for (int i = words.random().nextInt(4); i > 0; i--) {
            declaration(top, 0);
        }
    }
}
