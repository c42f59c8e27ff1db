// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.JsonValue;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The properties of an object of CTF 2 metadata, each taken once and checked on the way; [#end]
/// then finds those that nobody asked for (`ctf.md` section 12: an unknown property is an error).
final class JsonProperties {
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final String where;
    private final int offset;
    private final SequencedMap<String, JsonValue> values;
    private final Set<String> taken = new HashSet<>();

    /// @param where the file and the fragment, for messages
    JsonProperties(String where, JsonValue untrusted, String what) throws CtfException {
        this.where = where;
        this.offset = untrusted.offset();
        if (!(untrusted instanceof JsonValue.Members members)) {
            throw wanted(where, untrusted, "an object: " + what);
        }
        this.values = members.values();
    }

    /// The attributes, if there are any; declared extensions are refused, since none is known.
    Optional<JsonValue> attributes() throws CtfException {
        Optional<JsonValue> extensions = take("extensions");
        if (extensions.isPresent()) {
            var declared = new JsonProperties(where, extensions.get(), "`extensions`");
            if (!declared.values.isEmpty()) {
                throw error(
                        "extensions of `%s` are declared, and this reader knows none"
                                .formatted(
                                        CtfException.shortened(
                                                declared.values.firstEntry().getKey())));
            }
        }
        Optional<JsonValue> attributes = take("attributes");
        if (attributes.isPresent() && !(attributes.get() instanceof JsonValue.Members)) {
            throw wanted(where, attributes.get(), "an object: `attributes`");
        }
        return attributes;
    }

    /// To be called when all known properties have been taken.
    void end() throws CtfException {
        for (Map.Entry<String, JsonValue> value : values.entrySet()) {
            if (!taken.contains(value.getKey())) {
                throw error(
                        where,
                        value.getValue(),
                        "property `%s` is unknown"
                                .formatted(CtfException.shortened(value.getKey())));
            }
        }
    }

    Set<Map.Entry<String, JsonValue>> entries() {
        return values.entrySet();
    }

    Optional<JsonValue> take(String name) {
        taken.add(name);
        return Optional.ofNullable(values.get(name));
    }

    JsonValue need(String name) throws CtfException {
        return take(name).orElseThrow(() -> error("`" + name + "` is missing"));
    }

    Optional<String> text(String name) throws CtfException {
        Optional<JsonValue> value = take(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(text(where, value.get(), name));
    }

    String needText(String name) throws CtfException {
        return text(where, need(name), name);
    }

    static String text(String where, JsonValue value, String name) throws CtfException {
        if (value instanceof JsonValue.Text(int _, String text)) {
            return text;
        }
        throw wanted(where, value, "text: `" + name + "`");
    }

    /// An unsigned number of 64 bits.
    long unsigned(String name, long otherwise) throws CtfException {
        Optional<JsonValue> value = take(name);
        return value.isEmpty()
                ? otherwise
                : whole(where, value.get(), name, BigInteger.ZERO, MAX_UNSIGNED).longValue();
    }

    long bounded(String name, long otherwise, long least, long most) throws CtfException {
        Optional<JsonValue> value = take(name);
        return value.isEmpty()
                ? otherwise
                : whole(
                                where,
                                value.get(),
                                name,
                                BigInteger.valueOf(least),
                                BigInteger.valueOf(most))
                        .longValue();
    }

    long needBounded(String name, long least, long most) throws CtfException {
        need(name);
        return bounded(name, 0, least, most);
    }

    static BigInteger whole(
            String where, JsonValue value, String name, BigInteger least, BigInteger most)
            throws CtfException {
        if (value instanceof JsonValue.Whole(int _, BigInteger number)) {
            if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
                return number;
            }
            throw error(
                    where, value, "`%s` is %d, want %d to %d".formatted(name, number, least, most));
        }
        throw wanted(where, value, "an integer: `" + name + "`");
    }

    /// The elements of an array; none when it is absent.
    List<JsonValue> elements(String name) throws CtfException {
        Optional<JsonValue> value = take(name);
        return value.isEmpty() ? List.of() : elements(where, value.get(), name);
    }

    static List<JsonValue> elements(String where, JsonValue value, String name)
            throws CtfException {
        if (value instanceof JsonValue.Elements(int _, List<JsonValue> elements)) {
            return elements;
        }
        throw wanted(where, value, "an array: `" + name + "`");
    }

    /// An error at the object.
    CtfException error(String what) {
        return new CtfException(where + ", byte " + offset, what);
    }

    static CtfException error(String where, JsonValue at, String what) {
        return new CtfException(where + ", byte " + at.offset(), what);
    }

    static CtfException wanted(String where, JsonValue found, String what) {
        String kind =
                switch (found) {
                    case JsonValue.Members _ -> "an object";
                    case JsonValue.Elements _ -> "an array";
                    case JsonValue.Text(int _, String text) ->
                            "\"" + CtfException.shortened(text) + "\"";
                    case JsonValue.Whole(int _, BigInteger number) -> number.toString();
                    case JsonValue.Real(int _, double number) -> Double.toString(number);
                    case JsonValue.Truth(int _, boolean isTrue) -> Boolean.toString(isTrue);
                    case JsonValue.Null _ -> "null";
                };
        return error(where, found, "found " + kind + ", want " + what);
    }

    /// Takes namespace, name and UID.
    Identity identity() throws CtfException {
        return new Identity(text("namespace"), text("name"), text("uid"));
    }
}
