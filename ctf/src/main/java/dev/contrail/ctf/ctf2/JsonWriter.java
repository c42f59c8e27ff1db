// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.Utf8;
import java.util.Locale;

/// Puts JSON text together: commas and escapes.
final class JsonWriter {
    private final StringBuilder text = new StringBuilder();

    /// Whether the next name or element needs a comma before it.
    private boolean isNext;

    String text() {
        return text.toString();
    }

    /// Begins an object or array with its opening bracket.
    JsonWriter open(char bracket) {
        comma();
        text.append(bracket);
        isNext = false;
        return this;
    }

    JsonWriter close(char bracket) {
        text.append(bracket);
        isNext = true;
        return this;
    }

    /// The name of a property; its value comes next.
    JsonWriter name(String name) {
        comma();
        quoted(name);
        text.append(": ");
        isNext = false;
        return this;
    }

    JsonWriter value(String value) {
        comma();
        quoted(value);
        isNext = true;
        return this;
    }

    JsonWriter value(Object numberOrTruth) {
        comma();
        text.append(numberOrTruth);
        isNext = true;
        return this;
    }

    JsonWriter value(JsonValue value) {
        switch (value) {
            case JsonValue.Members members -> {
                open('{');
                members.values().forEach((name, member) -> name(name).value(member));
                close('}');
            }
            case JsonValue.Elements elements -> {
                open('[');
                elements.values().forEach(this::value);
                close(']');
            }
            case JsonValue.Text(int _, String told) -> value(told);
            case JsonValue.Whole(int _, var number) -> value((Object) number);
            case JsonValue.Real(int _, double number) -> value((Object) number);
            case JsonValue.Truth(int _, boolean isTrue) -> value((Object) isTrue);
            case JsonValue.Null _ -> value((Object) "null");
        }
        return this;
    }

    private void comma() {
        if (isNext) {
            text.append(", ");
        }
    }

    private void quoted(String told) {
        String value = Utf8.shown(told);
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
