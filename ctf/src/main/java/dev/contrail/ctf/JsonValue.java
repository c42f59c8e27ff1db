// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A JSON value of CTF 2 metadata, such as an attribute of a class. Immutable.
public sealed interface JsonValue {

    /// Where it begins, in bytes from the metadata's begin.
    int offset();

    /// Names and values, in the order of the text; no name stands twice.
    record Members(int offset, SequencedMap<String, JsonValue> values) implements JsonValue {
        public Members {
            values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        }
    }

    record Elements(int offset, List<JsonValue> values) implements JsonValue {
        public Elements {
            values = List.copyOf(values);
        }
    }

    record Text(int offset, String value) implements JsonValue {}

    /// A number without fraction and exponent.
    record Whole(int offset, BigInteger value) implements JsonValue {}

    /// A number with a fraction or an exponent.
    record Real(int offset, double value) implements JsonValue {}

    record Truth(int offset, boolean value) implements JsonValue {}

    record Null(int offset) implements JsonValue {}
}
