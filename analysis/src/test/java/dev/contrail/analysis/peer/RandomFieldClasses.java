// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Makes up field classes of CTF 2, as JSON, of every type and with every property.
final class RandomFieldClasses {
    private static final int MAX_DEPTH = 3;

    private static final List<String> ENCODINGS =
            List.of("utf-8", "utf-8", "utf-16be", "utf-16le", "utf-32be", "utf-32le");

    private final Random random;
    private final String order;

    /// Of field classes that have been declared.
    private final List<String> aliases = new ArrayList<>();

    private int names;

    /// Where a field may find others: the scope and the members that lead there.
    ///
    /// @param origin the scope's name
    /// @param depth how many structures there are around it, its own counted
    private record Place(String origin, List<String> path, int depth) {
        Place inside(String member) {
            var inner = new ArrayList<>(path);
            inner.add(member);
            return new Place(origin, inner, depth + 1);
        }
    }

    RandomFieldClasses(Random random) {
        this.random = random;
        this.order = random.nextBoolean() ? "little-endian" : "big-endian";
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> {
                    switch (c) {
                        case '"', '\\' -> quoted.append('\\').append((char) c);
                        case '\n' -> quoted.append("\\n");
                        default -> {
                            if (c < ' ') {
                                quoted.append("\\u%04x".formatted(c));
                            } else {
                                quoted.append((char) c);
                            }
                        }
                    }
                });
        return quoted.append('"').toString();
    }

    /// A name that nothing else has.
    String name() {
        return pick("a", "x y", "_", "é", "日", "q\"", "b\\", "int", "id", "{", "😀", "", "n\n", "1")
                + names++;
    }

    private String object(String type, List<String> properties) {
        var all = new ArrayList<>(properties);
        all.add("\"type\": " + quoted(type));
        if (oneIn(12)) {
            all.add("\"attributes\": " + attributes());
        }
        if (oneIn(40)) {
            all.add("\"extensions\": {}");
        }
        java.util.Collections.shuffle(all, random);
        return "{" + String.join(pick(", ", ",", ",\n  "), all) + "}";
    }

    String attributes() {
        return pick(
                "{}",
                "{\"my.org,2026\": {\"a\": [1, -2.5e3, true, null, \"x\"], \"b\": {}}}",
                "{\"k\": null, \"l\": 18446744073709551615}",
                "{\"babeltrace.org,2020\": {\"log-level\": \"info\", \"emf-uri\": \"http://a\"}}",
                "{\"lttng.org,2009\": {\"is-something\": false}}");
    }

    private String alignment() {
        return "\"alignment\": " + (1 << random.nextInt(oneIn(4) ? 7 : 4));
    }

    private List<String> bits(int length) {
        var properties = new ArrayList<String>();
        properties.add("\"length\": " + length);
        properties.add("\"byte-order\": " + quoted(order));
        if (oneIn(2)) {
            properties.add(alignment());
        }
        if (oneIn(5)) {
            properties.add("\"bit-order\": " + quoted(pick("first-to-last", "last-to-first")));
        }
        return properties;
    }

    private int length() {
        return oneIn(3) ? 1 + random.nextInt(60) : 8 << random.nextInt(4);
    }

    private void display(List<String> properties, boolean isSigned) {
        if (oneIn(3)) {
            properties.add("\"preferred-display-base\": " + pick("2", "8", "10", "16"));
        }
        if (oneIn(4)) {
            properties.add(
                    "\"mappings\": {"
                            + IntStream.range(0, random.nextInt(4))
                                    .mapToObj(i -> quoted(name()) + ": " + ranges(isSigned))
                                    .collect(Collectors.joining(", "))
                            + "}");
        }
    }

    private String ranges(boolean isSigned) {
        return IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> {
                    long lower = random.nextInt(6) - (isSigned ? 4 : 0);
                    return "[" + lower + ", " + (lower + random.nextInt(4)) + "]";
                })
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private String flags(int length) {
        return IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(i -> {
                    int lower = random.nextInt(length);
                    int upper = lower + random.nextInt(length - lower);
                    return quoted(name()) + ": [[" + lower + ", " + upper + "]]";
                })
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /// An unsigned integer.
    String unsigned(int length, String more) {
        List<String> properties = bits(length);
        display(properties, false);
        if (!more.isEmpty()) {
            properties.add(more);
        }
        return object("fixed-length-unsigned-integer", properties);
    }

    private List<String> encoded() {
        var properties = new ArrayList<String>();
        if (oneIn(3)) {
            properties.add("\"encoding\": " + quoted(ENCODINGS.get(random.nextInt(6))));
        }
        return properties;
    }

    private String leaf() {
        if (!aliases.isEmpty() && oneIn(8)) {
            return quoted(aliases.get(random.nextInt(aliases.size())));
        }
        int length = length();
        List<String> properties = bits(length);
        var none = new ArrayList<String>();
        return switch (random.nextInt(14)) {
            case 0 -> object("fixed-length-bit-array", properties);
            case 1 -> {
                properties.add("\"flags\": " + flags(length));
                yield object("fixed-length-bit-map", properties);
            }
            case 2 -> object("fixed-length-boolean", properties);
            case 3, 4 -> {
                display(properties, true);
                yield object("fixed-length-signed-integer", properties);
            }
            case 5 ->
                    object(
                            "fixed-length-floating-point-number",
                            bits(oneIn(6) ? oneIn(2) ? 16 : 128 : oneIn(2) ? 32 : 64));
            case 6 -> {
                display(none, false);
                yield object("variable-length-unsigned-integer", none);
            }
            case 7 -> {
                display(none, true);
                yield object("variable-length-signed-integer", none);
            }
            case 8, 9 -> object("null-terminated-string", encoded());
            case 10 -> {
                List<String> encoded = encoded();
                encoded.add("\"length\": " + 4 * random.nextInt(4));
                yield object("static-length-string", encoded);
            }
            case 11 -> {
                none.add("\"length\": " + random.nextInt(6));
                if (oneIn(3)) {
                    none.add("\"media-type\": \"image/png\"");
                }
                yield object("static-length-blob", none);
            }
            default -> unsigned(length, "");
        };
    }

    private String fieldClass(Place place) {
        if (place.depth() > MAX_DEPTH || !oneIn(4)) {
            return leaf();
        }
        if (oneIn(2)) {
            return structure(place);
        }
        var properties = new ArrayList<String>();
        properties.add("\"element-field-class\": " + fieldClass(place.inside("")));
        properties.add("\"length\": " + random.nextInt(4));
        if (oneIn(3)) {
            properties.add("\"minimum-alignment\": " + (1 << random.nextInt(6)));
        }
        return object("static-length-array", properties);
    }

    private static String member(String name, String fieldClass, String more) {
        return "{\"name\": " + quoted(name) + ", \"field-class\": " + fieldClass + more + "}";
    }

    /// The structure of a scope.
    String scope(String origin) {
        return structure(new Place(origin, List.of(), 1));
    }

    private String structure(Place place) {
        var members = new ArrayList<String>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (oneIn(3)) {
                keyed(members, place);
            } else {
                String name = name();
                String more = oneIn(12) ? ", \"attributes\": " + attributes() : "";
                members.add(member(name, fieldClass(place.inside(name)), more));
            }
        }
        return structure(members);
    }

    /// A structure of these members.
    String structure(List<String> members) {
        var properties = new ArrayList<String>();
        if (!members.isEmpty() || oneIn(2)) {
            properties.add("\"member-classes\": [" + String.join(", ", members) + "]");
        }
        if (oneIn(4)) {
            properties.add("\"minimum-alignment\": " + (1 << random.nextInt(7)));
        }
        return object("structure", properties);
    }

    /// Where a key is that stands in the structure of the field that needs it.
    private String location(String name, String key, Place place) {
        boolean isReachable = !place.path().contains("");
        var path = new ArrayList<String>();
        if (isReachable && oneIn(2)) {
            place.path().forEach(each -> path.add(quoted(each)));
            path.add(quoted(key));
            return "%s: {\"origin\": %s, \"path\": [%s]}"
                    .formatted(quoted(name), quoted(place.origin()), String.join(", ", path));
        }
        if (!place.path().isEmpty() && isReachable && oneIn(3)) {
            path.add("null");
            path.add(quoted(place.path().getLast()));
        }
        path.add(quoted(key));
        return quoted(name) + ": {\"path\": [" + String.join(", ", path) + "]}";
    }

    /// Adds a field and, before it, the one that says its length, or which option it is.
    private void keyed(List<String> members, Place place) {
        String key = name();
        String name = name();
        int bits = 1 + random.nextInt(2);
        boolean isVariable = oneIn(8);
        String plainKey =
                isVariable
                        ? object("variable-length-unsigned-integer", List.of())
                        : unsigned(bits, "");
        var properties = new ArrayList<String>();
        String type;
        switch (random.nextInt(6)) {
            case 0 -> {
                type = "dynamic-length-array";
                properties.add("\"element-field-class\": " + fieldClass(place.inside("")));
                properties.add(location("length-field-location", key, place));
                if (oneIn(4)) {
                    properties.add("\"minimum-alignment\": " + (1 << random.nextInt(6)));
                }
            }
            case 1 -> {
                type = "dynamic-length-string";
                properties.addAll(encoded());
                properties.add(location("length-field-location", key, place));
            }
            case 2 -> {
                type = "dynamic-length-blob";
                properties.add(location("length-field-location", key, place));
            }
            case 3 -> {
                type = "optional";
                properties.add("\"field-class\": " + fieldClass(place.inside("")));
                properties.add(location("selector-field-location", key, place));
                if (oneIn(2)) {
                    plainKey = object("fixed-length-boolean", bits(bits));
                } else {
                    properties.add("\"selector-field-ranges\": " + ranges(false));
                }
            }
            default -> {
                type = "variant";
                var options = new ArrayList<String>();
                for (int i = 0; i < 4; i += bits) {
                    String named = oneIn(5) ? "" : "\"name\": " + quoted(name()) + ", ";
                    options.add(
                            "{%s\"field-class\": %s, \"selector-field-ranges\": [[%d, %d]]}"
                                    .formatted(
                                            named,
                                            fieldClass(place.inside("")),
                                            i,
                                            i + bits > 3 ? 1 << 20 : i + bits - 1));
                }
                properties.add("\"options\": [" + String.join(", ", options) + "]");
                properties.add(location("selector-field-location", key, place));
            }
        }
        members.add(member(key, plainKey, ""));
        members.add(member(name, object(type, properties), ""));
    }

    /// A fragment that declares a name for a class.
    String alias() {
        String name = name();
        String fragment =
                object(
                        "field-class-alias",
                        List.of("\"name\": " + quoted(name), "\"field-class\": " + leaf()));
        aliases.add(name);
        return fragment;
    }

    /// A member with roles.
    static String special(String name, String fieldClass) {
        return member(name, fieldClass, "");
    }
}
