// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.AnyInteger;
import dev.contrail.ctf.FieldClass.BitArrayClass;
import dev.contrail.ctf.FieldClass.BitMapClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.DynamicBlobClass;
import dev.contrail.ctf.FieldClass.DynamicTextClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.StaticBlobClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.TextEncoding;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads a field class of CTF 2 that has no parts, and what classes with parts are made of besides
/// (`ctf.md` section 13.1).
///
/// @param properties the class's; its `type` is taken
record Ctf2LeafTypes(String where, JsonProperties properties) {
    private static final BigInteger MIN_SIGNED = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_SIGNED = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /// No bound of a range is further from zero: the text allows any, but no field has such values.
    private static final BigInteger FARTHEST = BigInteger.ONE.shiftLeft(256);

    /// Longest floating point number; the format sets no limit, nor is more than 128 in use.
    private static final int MAX_FLOAT_BITS = 1 << 12;

    private static final int MAX_ALIGNMENT = 1 << 30;

    /// How the bits of a fixed-length class lie.
    private record Bits(int size, int alignment, ByteOrder order, boolean isReversed) {}

    FieldClass fieldClass(String type) throws CtfException {
        return switch (type) {
            case "fixed-length-bit-array" -> {
                Bits bits = bits(64);
                yield new BitArrayClass(bits.size, bits.alignment, bits.order, bits.isReversed);
            }
            case "fixed-length-bit-map" -> bitMap();
            case "fixed-length-boolean" -> {
                Bits bits = bits(64);
                yield new BooleanClass(bits.size, bits.alignment, bits.order, bits.isReversed);
            }
            case "fixed-length-unsigned-integer" -> integer(false);
            case "fixed-length-signed-integer" -> integer(true);
            case "fixed-length-floating-point-number" -> number();
            case "variable-length-unsigned-integer" ->
                    labelled(new VariableIntegerClass(false, base(), integerRoles()));
            case "variable-length-signed-integer" ->
                    labelled(new VariableIntegerClass(true, base(), Set.of()));
            case "null-terminated-string" -> new TextClass(encoding());
            case "static-length-string" -> new StaticTextClass(length(), encoding());
            case "dynamic-length-string" ->
                    new DynamicTextClass(
                            location(where, properties, "length-field-location"), encoding());
            case "static-length-blob" -> blob();
            case "dynamic-length-blob" ->
                    new DynamicBlobClass(
                            location(where, properties, "length-field-location"), mediaType());
            default ->
                    throw properties.error(
                            "field class type `%s` is unknown"
                                    .formatted(CtfException.shortened(type)));
        };
    }

    /// The roles of a class without parts.
    static Set<Role> roles(FieldClass fieldClass) {
        return switch (fieldClass) {
            case AnyInteger integer -> integer.roles();
            case EnumerationClass enumeration -> enumeration.container().roles();
            case StaticBlobClass blob -> blob.roles();
            case FieldClass _ -> Set.of();
        };
    }

    private Bits bits(int most) throws CtfException {
        int size = (int) properties.needBounded("length", 1, most);
        String order = properties.needText("byte-order");
        boolean isBig = order.equals("big-endian");
        if (!isBig && !order.equals("little-endian")) {
            throw unknown("byte-order", order, "little-endian or big-endian");
        }
        String natural = isBig ? "last-to-first" : "first-to-last";
        String bitOrder = properties.text("bit-order").orElse(natural);
        if (!bitOrder.equals("first-to-last") && !bitOrder.equals("last-to-first")) {
            throw unknown("bit-order", bitOrder, "first-to-last or last-to-first");
        }
        return new Bits(
                size,
                alignment(properties, "alignment"),
                isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                !bitOrder.equals(natural));
    }

    static int alignment(JsonProperties properties, String name) throws CtfException {
        int bits = (int) properties.bounded(name, 1, 1, MAX_ALIGNMENT);
        if (Integer.bitCount(bits) != 1) {
            throw properties.error("`%s` is %d, want a power of two".formatted(name, bits));
        }
        return bits;
    }

    private FieldClass bitMap() throws CtfException {
        Bits bits = bits(64);
        var flags = new ArrayList<Mapping>();
        JsonValue told = properties.need("flags");
        for (Map.Entry<String, JsonValue> flag :
                new JsonProperties(where, told, "`flags`").entries()) {
            for (BigInteger[] range : ranges(where, flag.getValue())) {
                if (range[0].signum() < 0
                        || range[1].compareTo(BigInteger.valueOf(bits.size)) >= 0) {
                    throw JsonProperties.error(
                            where,
                            flag.getValue(),
                            "bits %d to %d, want 0 to %d"
                                    .formatted(range[0], range[1], bits.size - 1));
                }
                flags.add(new Mapping(flag.getKey(), range[0].longValue(), range[1].longValue()));
            }
        }
        if (flags.isEmpty()) {
            throw properties.error("bit map without flags");
        }
        return new BitMapClass(bits.size, bits.alignment, bits.order, bits.isReversed, flags);
    }

    private FieldClass integer(boolean isSigned) throws CtfException {
        Bits bits = bits(64);
        return labelled(
                new IntegerClass(
                        bits.size,
                        bits.alignment,
                        isSigned,
                        bits.order,
                        bits.isReversed,
                        base(),
                        false,
                        "",
                        isSigned ? Set.of() : integerRoles()));
    }

    private FieldClass number() throws CtfException {
        Bits bits = bits(MAX_FLOAT_BITS);
        int exponent =
                switch (bits.size) {
                    case 16 -> 5;
                    case 32 -> 8;
                    case 64 -> 11;
                    case 128 -> 15;
                    default -> (int) Math.round(4 * Math.log(bits.size) / Math.log(2)) - 13;
                };
        if (bits.size != 16 && bits.size != 64 && bits.size % 32 != 0 || bits.size == 96) {
            throw properties.error(
                    "floating point number of %d bits, want 16, 32, 64, 128 or a larger multiple of 32"
                            .formatted(bits.size));
        }
        return new FloatClass(
                exponent, bits.size - exponent, bits.alignment, bits.order, bits.isReversed);
    }

    private int base() throws CtfException {
        int base = (int) properties.bounded("preferred-display-base", 10, 0, Integer.MAX_VALUE);
        if (base != 2 && base != 8 && base != 10 && base != 16) {
            throw properties.error("`preferred-display-base` is " + base + ", want 2, 8, 10 or 16");
        }
        return base;
    }

    private FieldClass labelled(AnyInteger integer) throws CtfException {
        Optional<JsonValue> told = properties.take("mappings");
        if (told.isEmpty()) {
            return integer;
        }
        var mappings = new ArrayList<Mapping>();
        for (Map.Entry<String, JsonValue> label :
                new JsonProperties(where, told.get(), "`mappings`").entries()) {
            for (BigInteger[] range : ranges(where, label.getValue())) {
                if (!integer.isSigned() && range[0].signum() < 0) {
                    throw JsonProperties.error(
                            where,
                            label.getValue(),
                            "a range of an unsigned integer begins at " + range[0]);
                }
                BigInteger lower = range[0].max(integer.isSigned() ? MIN_SIGNED : BigInteger.ZERO);
                BigInteger upper = range[1].min(integer.isSigned() ? MAX_SIGNED : MAX_UNSIGNED);
                if (lower.compareTo(upper) <= 0) { // else no value has the label
                    mappings.add(new Mapping(label.getKey(), lower.longValue(), upper.longValue()));
                }
            }
        }
        return mappings.isEmpty() ? integer : new EnumerationClass(integer, mappings);
    }

    /// Lower and upper bounds of a range set, which is not empty.
    static List<BigInteger[]> ranges(String where, JsonValue value) throws CtfException {
        var ranges = new ArrayList<BigInteger[]>();
        for (JsonValue range : JsonProperties.elements(where, value, "ranges")) {
            List<JsonValue> bounds = JsonProperties.elements(where, range, "range");
            if (bounds.size() != 2) {
                throw JsonProperties.error(
                        where, range, "a range of %d numbers, want 2".formatted(bounds.size()));
            }
            BigInteger least = FARTHEST.negate();
            BigInteger lower =
                    JsonProperties.whole(where, bounds.getFirst(), "range", least, FARTHEST);
            BigInteger upper =
                    JsonProperties.whole(where, bounds.getLast(), "range", lower, FARTHEST);
            ranges.add(new BigInteger[] {lower, upper});
        }
        if (ranges.isEmpty()) {
            throw JsonProperties.error(where, value, "found no range, want one or more");
        }
        return ranges;
    }

    private FieldClass blob() throws CtfException {
        var blob = new StaticBlobClass(length(), mediaType(), roles());
        boolean isUuid = blob.roles().equals(Set.of(Role.METADATA_UUID));
        if (!blob.roles().isEmpty() && (!isUuid || blob.lengthBytes() != 16)) {
            throw properties.error("a BLOB with a role, want metadata-stream-uuid and 16 bytes");
        }
        return blob;
    }

    private Set<Role> integerRoles() throws CtfException {
        Set<Role> roles = roles();
        if (roles.contains(Role.METADATA_UUID)) {
            throw properties.error("an integer has the role of a BLOB, metadata-stream-uuid");
        }
        return roles;
    }

    private Set<Role> roles() throws CtfException {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (JsonValue element : properties.elements("roles")) {
            roles.add(role(element));
        }
        return roles;
    }

    private Role role(JsonValue element) throws CtfException {
        String word = JsonProperties.text(where, element, "roles");
        for (Role role : Role.values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw JsonProperties.error(
                where, element, "role `%s` is unknown".formatted(CtfException.shortened(word)));
    }

    private TextEncoding encoding() throws CtfException {
        String word = properties.text("encoding").orElse("utf-8");
        for (TextEncoding encoding : TextEncoding.values()) {
            if (encoding.word().equals(word)) {
                return encoding;
            }
        }
        throw unknown("encoding", word, "utf-8, utf-16be, utf-16le, utf-32be or utf-32le");
    }

    private String mediaType() throws CtfException {
        return properties.text("media-type").orElse("application/octet-stream");
    }

    private int length() throws CtfException {
        return (int) properties.needBounded("length", 0, Integer.MAX_VALUE);
    }

    /// Reads a location; a parent after a name takes the name back (`ctf.md` section 13.4).
    static FieldLocation location(String where, JsonProperties owner, String name)
            throws CtfException {
        JsonValue untrusted = owner.need(name);
        var properties = new JsonProperties(where, untrusted, "`" + name + "`");
        Optional<String> origin = properties.text("origin");
        List<JsonValue> elements = JsonProperties.elements(where, properties.need("path"), "path");
        properties.end();
        int parents = 0;
        var path = new ArrayList<String>();
        for (JsonValue element : elements) {
            if (!(element instanceof JsonValue.Null)) {
                path.add(JsonProperties.text(where, element, "path"));
            } else if (path.isEmpty()) {
                parents++;
            } else {
                path.removeLast();
            }
        }
        if (elements.isEmpty() || elements.getLast() instanceof JsonValue.Null) {
            throw properties.error("a path that does not end with a name");
        }
        if (origin.isEmpty()) {
            return new FieldLocation.Relative(parents, path);
        }
        if (parents > 0) {
            throw properties.error("a path that leaves its scope");
        }
        for (Scope scope : Scope.values()) {
            if (scope.word().equals(origin.get())) {
                return new FieldLocation.Absolute(scope, path);
            }
        }
        throw properties.error(
                "origin `%s` is unknown".formatted(CtfException.shortened(origin.get())));
    }

    private CtfException unknown(String name, String found, String want) {
        return properties.error(
                "`%s` is `%s`, want %s".formatted(name, CtfException.shortened(found), want));
    }
}
