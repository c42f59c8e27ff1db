// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldNames;
import dev.contrail.ctf.Metadata;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads TSDL's types and declarations (`ctf.md` sections 5 and 6.3).
///
/// Types may use each other by name, so a few lines can describe a tree of astronomic size or
/// depth: each type carries its measure, and both are bounded.
final class TsdlTypes {
    private static final Measure LEAF = new Measure(1, 1);

    /// A type and, where one may follow, the name that it is given; empty for none.
    record Declared(FieldClass type, String name) {}

    private record Measure(int fields, int depth) {}

    private final TsdlLeafTypes leaves;
    private final Map<String, Object> environment;
    private final Map<FieldClass, Measure> measures = new IdentityHashMap<>();
    private int depth;

    TsdlTypes(ByteOrder nativeOrder, Map<String, Object> environment, Set<String> clocks) {
        this.leaves = new TsdlLeafTypes(nativeOrder, clocks);
        this.environment = environment;
    }

    /// How many fields a type has, all its parts counted.
    int fieldCount(FieldClass type) {
        return measures.getOrDefault(type, LEAF).fields();
    }

    /// Takes a `typedef`, `typealias`, or named structure, variant or enumeration with its
    /// semicolon, if one begins here.
    boolean takeDeclaration(TsdlLexer lexer, TsdlScope scope) throws CtfException {
        if (lexer.takeName("typealias")) {
            FieldClass type = type(lexer, scope);
            lexer.expect(":=");
            if (isTagged(lexer)) {
                throw lexer.wanted("a name that is no structure's, variant's or enumeration's");
            }
            declare(lexer, scope, words(lexer), type);
        } else if (lexer.takeName("typedef")) {
            for (Member member : declarators(lexer, scope, new ArrayList<>())) {
                declare(lexer, scope, member.name(), member.fieldClass());
            }
        } else if (isTagged(lexer)) {
            type(lexer, scope);
        } else {
            return false;
        }
        lexer.expect(";");
        return true;
    }

    /// Whether a type begins here whose name is in a name space of its own.
    private static boolean isTagged(TsdlLexer lexer) {
        return lexer.isName("struct") || lexer.isName("variant") || lexer.isName("enum");
    }

    private static void declare(TsdlLexer lexer, TsdlScope scope, String name, FieldClass type)
            throws CtfException {
        if (name.isEmpty()) {
            throw lexer.wanted("a name for the type");
        }
        if (!scope.declare(name, type)) {
            throw lexer.error("type `" + CtfException.shortened(name) + "` is declared twice");
        }
    }

    /// A type that no name follows.
    FieldClass type(TsdlLexer lexer, TsdlScope scope) throws CtfException {
        return declared(lexer, scope, false).type();
    }

    private Declared declared(TsdlLexer lexer, TsdlScope scope, boolean withName)
            throws CtfException {
        if (++depth > Metadata.MAX_DEPTH) {
            throw lexer.error("types are nested more than " + Metadata.MAX_DEPTH + " deep");
        }
        try {
            while (lexer.takeName("const")) {
                continue; // says nothing about the layout
            }
            if (lexer.kind() != TsdlLexer.Kind.NAME) {
                throw lexer.wanted("a type");
            }
            return switch (lexer.value()) {
                case "integer" -> named(lexer, withName, leaves.integer(lexer));
                case "floating_point" -> named(lexer, withName, leaves.floatingPoint(lexer));
                case "string" -> named(lexer, withName, TsdlLeafTypes.string(lexer));
                case "struct" -> named(lexer, withName, structure(lexer, scope));
                case "variant" -> named(lexer, withName, variant(lexer, scope));
                case "enum" -> named(lexer, withName, enumeration(lexer, scope));
                default -> alias(lexer, scope, withName);
            };
        } finally {
            depth--;
        }
    }

    private static Declared named(TsdlLexer lexer, boolean withName, FieldClass type)
            throws CtfException {
        while (lexer.takeName("const")) {
            continue;
        }
        if (!withName || lexer.kind() != TsdlLexer.Kind.NAME) {
            return new Declared(type, "");
        }
        String name = lexer.expectName("a name");
        if (lexer.kind() == TsdlLexer.Kind.NAME) {
            throw lexer.error(
                    "`%s` and `%s` stand one after the other, want one name after the type"
                            .formatted(
                                    CtfException.shortened(name),
                                    CtfException.shortened(lexer.value())));
        }
        return new Declared(type, name);
    }

    /// A type by its words. Where a name follows, it is the last word: it may hide a type's name.
    private Declared alias(TsdlLexer lexer, TsdlScope scope, boolean withName) throws CtfException {
        var words = new ArrayList<String>();
        while (lexer.kind() == TsdlLexer.Kind.NAME || lexer.is("*")) {
            if (!lexer.isName("const")) {
                words.add(lexer.value());
            }
            lexer.advance();
        }
        String name = "";
        if (withName && words.size() > 1) {
            name = words.removeLast();
        }
        String type = String.join(" ", words);
        Optional<FieldClass> found = scope.find(type);
        if (found.isEmpty()) {
            throw lexer.error("type `" + CtfException.shortened(type) + "` is not declared");
        }
        return new Declared(found.get(), name);
    }

    private static String words(TsdlLexer lexer) throws CtfException {
        var words = new StringBuilder();
        while (lexer.kind() == TsdlLexer.Kind.NAME || lexer.is("*")) {
            if (!lexer.isName("const")) {
                words.append(words.isEmpty() ? "" : " ").append(lexer.value());
            }
            lexer.advance();
        }
        return words.toString();
    }

    private StructureClass structure(TsdlLexer lexer, TsdlScope scope) throws CtfException {
        lexer.advance();
        String name = "";
        if (lexer.kind() == TsdlLexer.Kind.NAME) {
            name = lexer.expectName("a name");
        }
        if (!lexer.is("{")) {
            Optional<FieldClass> found = scope.find("struct " + name);
            if (found.isEmpty()) {
                throw lexer.error("`struct " + CtfException.shortened(name) + "` is not declared");
            }
            return aligned(lexer, (StructureClass) found.get());
        }
        var members = members(lexer, scope.inner());
        StructureClass structure = measured(lexer, new StructureClass(members, 1), members);
        structure = aligned(lexer, structure);
        if (!name.isEmpty()) {
            declare(lexer, scope, "struct " + name, structure);
        }
        return structure;
    }

    private StructureClass aligned(TsdlLexer lexer, StructureClass structure) throws CtfException {
        if (!lexer.takeName("align")) {
            return structure;
        }
        lexer.expect("(");
        int least = TsdlAttributes.alignment(lexer, TsdlAttributes.signed(lexer));
        lexer.expect(")");
        return measured(lexer, new StructureClass(structure.members(), least), structure.members());
    }

    private VariantClass variant(TsdlLexer lexer, TsdlScope scope) throws CtfException {
        lexer.advance();
        String name = "";
        if (lexer.kind() == TsdlLexer.Kind.NAME) {
            name = lexer.expectName("a name");
        }
        String tag = "";
        if (lexer.take("<")) {
            tag = TsdlAttributes.path(lexer, "a variant's tag");
            lexer.expect(">");
        }
        if (!lexer.is("{")) {
            Optional<FieldClass> found = scope.find("variant " + name);
            if (found.isEmpty()) {
                throw lexer.error("`variant " + CtfException.shortened(name) + "` is not declared");
            }
            var options = ((VariantClass) found.get()).options();
            return measured(lexer, new VariantClass(tag, options), options);
        }
        var options = members(lexer, scope.inner());
        if (options.isEmpty()) {
            throw lexer.error("variant without options");
        }
        VariantClass variant = measured(lexer, new VariantClass(tag, options), options);
        if (!name.isEmpty()) {
            declare(lexer, scope, "variant " + name, variant);
        }
        return variant;
    }

    private List<Member> members(TsdlLexer lexer, TsdlScope scope) throws CtfException {
        var members = new ArrayList<Member>();
        var names = new HashSet<String>();
        lexer.expect("{");
        while (!lexer.take("}")) {
            if (lexer.take(";")) {
                continue;
            }
            if (lexer.isName("typedef") || lexer.isName("typealias")) {
                takeDeclaration(lexer, scope);
                continue;
            }
            int before = members.size();
            declarators(lexer, scope, members);
            for (Member member : members.subList(before, members.size())) {
                String shown = FieldNames.shown(member.name());
                if (!names.add(shown)) {
                    throw lexer.error("field `" + CtfException.shortened(shown) + "` stands twice");
                }
                if (member.fieldClass() instanceof VariantClass(String tag, var _)
                        && tag.isEmpty()) {
                    throw lexer.error("variant without tag");
                }
            }
            lexer.expect(";");
        }
        return members;
    }

    /// Reads a type and the names that are given to it, or none when it is a declaration only.
    private List<Member> declarators(TsdlLexer lexer, TsdlScope scope, List<Member> members)
            throws CtfException {
        boolean mayStandAlone = isTagged(lexer);
        Declared first = declared(lexer, scope, true);
        String name = first.name();
        if (name.isEmpty()) {
            if (mayStandAlone && lexer.is(";")) {
                return members;
            }
            throw lexer.wanted("a name after the type");
        }
        while (true) {
            members.add(new Member(name, dimensions(lexer, first.type())));
            if (lexer.is(":")) {
                throw lexer.error("bit fields of the C language are not supported");
            }
            if (!lexer.take(",")) {
                return members;
            }
            while (lexer.take("*")) {
                continue;
            }
            name = lexer.expectName("a name");
        }
    }

    private FieldClass dimensions(TsdlLexer lexer, FieldClass element) throws CtfException {
        var lengths = new ArrayList<Object>();
        while (lexer.take("[")) {
            lengths.add(length(lexer));
            lexer.expect("]");
            if (lengths.size() > Metadata.MAX_DEPTH) {
                throw lexer.error("an array of more than " + Metadata.MAX_DEPTH + " dimensions");
            }
        }
        FieldClass type = element;
        for (Object length : lengths.reversed()) {
            FieldClass array =
                    length instanceof Integer fixed
                            ? new ArrayClass(type, fixed)
                            : new SequenceClass(type, (String) length);
            type = measured(lexer, array, List.of(new Member("", type)));
        }
        return type;
    }

    /// An `Integer`, or the path of a field as `String`.
    private Object length(TsdlLexer lexer) throws CtfException {
        if (lexer.kind() != TsdlLexer.Kind.NAME && lexer.kind() != TsdlLexer.Kind.TEXT) {
            return bounded(lexer, TsdlAttributes.signed(lexer));
        }
        String path = TsdlAttributes.name(lexer, "a length");
        if (!path.startsWith("env.")) {
            return path;
        }
        if (environment.get(path.substring(4)) instanceof Long constant) {
            return bounded(lexer, BigInteger.valueOf(constant));
        }
        throw lexer.error("array length `" + CtfException.shortened(path) + "` is no integer");
    }

    private static Integer bounded(TsdlLexer lexer, BigInteger length) throws CtfException {
        if (length.signum() < 0 || length.bitLength() > 31) {
            throw lexer.error("array length " + length + ", want 0 to 2^31 - 1");
        }
        return length.intValue();
    }

    private EnumerationClass enumeration(TsdlLexer lexer, TsdlScope scope) throws CtfException {
        lexer.advance();
        String name = "";
        if (lexer.kind() == TsdlLexer.Kind.NAME) {
            name = lexer.expectName("a name");
        }
        FieldClass container;
        if (lexer.take(":")) {
            container = type(lexer, scope);
        } else if (lexer.is("{")) {
            container =
                    scope.find("int")
                            .orElseThrow(() -> lexer.error("enum without container, nor an `int`"));
        } else {
            return scope.find("enum " + name)
                    .map(EnumerationClass.class::cast)
                    .orElseThrow(() -> lexer.error("this `enum` is not declared"));
        }
        if (!(container instanceof IntegerClass integer)) {
            throw lexer.error("the container of an enum is not an integer");
        }
        var enumeration = new EnumerationClass(integer, TsdlLeafTypes.mappings(lexer, integer));
        if (!name.isEmpty()) {
            declare(lexer, scope, "enum " + name, enumeration);
        }
        return enumeration;
    }

    private <T extends FieldClass> T measured(TsdlLexer lexer, T type, List<Member> parts)
            throws CtfException {
        long fields = 1;
        int deepest = 0;
        for (Member part : parts) {
            Measure measure = measures.getOrDefault(part.fieldClass(), LEAF);
            fields += measure.fields();
            deepest = Math.max(deepest, measure.depth());
        }
        if (fields > Metadata.MAX_FIELDS || deepest >= Metadata.MAX_DEPTH) {
            throw lexer.error(
                    "a type of %d fields, nested %d deep; want at most %d and %d"
                            .formatted(
                                    fields, deepest + 1, Metadata.MAX_FIELDS, Metadata.MAX_DEPTH));
        }
        measures.put(type, new Measure((int) fields, deepest + 1));
        return type;
    }
}
