// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.details.DetailsText.Color;
import dev.contrail.analysis.text.FloatText;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Utf8;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes what CTF 2 metadata says of a class besides: its attributes, sorted by name.
final class DetailsAttributes {
    /// Names in the order of their bytes, as C compares them.
    static final Comparator<String> BY_BYTES =
            (one, other) -> Arrays.compareUnsigned(Utf8.bytes(one), Utf8.bytes(other));

    /// The namespace of the attributes that babeltrace2 understands itself.
    private static final String OF_READERS = "babeltrace.org,2020";

    /// What it understands there of an event record class, and shows elsewhere.
    private static final Set<String> UNDERSTOOD = Set.of("log-level", "emf-uri");

    private static final BigInteger MAX_PLAIN = BigInteger.valueOf(9999);

    private final DetailsText text;
    private final Map<Object, JsonValue> attributes;

    /// @param attributes by the identity of what they belong to
    DetailsAttributes(DetailsText text, Map<Object, JsonValue> attributes) {
        this.text = text;
        this.attributes = attributes;
    }

    /// The attributes of a class, member or option, unless it has none.
    Optional<JsonValue.Members> of(Object described) {
        if (!(attributes.get(described) instanceof JsonValue.Members told)) {
            return Optional.empty();
        }
        JsonValue.Members shown = described instanceof EventClass ? notUnderstood(told) : told;
        return shown.values().isEmpty() ? Optional.empty() : Optional.of(shown);
    }

    private static JsonValue.Members notUnderstood(JsonValue.Members told) {
        if (!(told.values().get(OF_READERS) instanceof JsonValue.Members ofReaders)
                || Collections.disjoint(ofReaders.values().keySet(), UNDERSTOOD)) {
            return told;
        }
        var others = new LinkedHashMap<>(ofReaders.values());
        others.keySet().removeAll(UNDERSTOOD);
        var shown = new LinkedHashMap<>(told.values());
        if (others.isEmpty()) {
            shown.remove(OF_READERS);
        } else {
            shown.put(OF_READERS, new JsonValue.Members(ofReaders.offset(), others));
        }
        return new JsonValue.Members(told.offset(), shown);
    }

    /// Writes a line for each attribute of the object, if it has any.
    void lines(Object described) {
        of(described)
                .ifPresent(value -> {
                    write(value);
                    text.line();
                });
    }

    /// Writes attributes, without a line's end.
    void write(JsonValue.Members value) {
        text.property("User attributes");
        members(value);
    }

    private void content(JsonValue value) {
        switch (value) {
            case JsonValue.Members members -> members(members);
            case JsonValue.Elements elements -> elements(elements.values());
            case JsonValue.Text string -> text.add(' ').value(string.value());
            case JsonValue.Whole whole -> text.add(' ').value(grouped(whole.value()));
            case JsonValue.Real real -> text.add(' ').value(real(real.value()));
            case JsonValue.Truth truth -> text.add(' ').flag(truth.value());
            case JsonValue.Null _ -> text.add(' ').none("Null");
        }
    }

    private void members(JsonValue.Members members) {
        if (members.values().isEmpty()) {
            text.add(' ').none("Empty");
            return;
        }
        text.in();
        members.values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(BY_BYTES))
                .forEach(each -> {
                    text.line().property(each.getKey());
                    content(each.getValue());
                });
        text.back(1);
    }

    private void elements(List<JsonValue> values) {
        if (values.isEmpty()) {
            text.add(' ').none("Empty");
            return;
        }
        text.add(" Length ").unsigned(values.size()).add(':');
        text.in();
        for (int i = 0; i < values.size(); i++) {
            text.line().element(i, Color.MAGENTA);
            content(values.get(i));
        }
        text.back(1);
    }

    private static String grouped(BigInteger value) {
        return value.abs().compareTo(MAX_PLAIN) <= 0
                ? value.toString()
                : value.toString().replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
    }

    private static String real(double value) {
        return FloatText.fixed(value, value < 0);
    }
}
