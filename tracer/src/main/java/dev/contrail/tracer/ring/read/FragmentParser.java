// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses a fragment of a metadata area, JSON: objects, arrays, strings, whole numbers. No white
/// space.
final class FragmentParser {
    private static final int MAX_DEPTH = 16;

    private final String untrusted;
    private int at;

    FragmentParser(String untrusted) {
        this.untrusted = untrusted;
    }

    /// @throws IllegalArgumentException when the text is not such JSON
    Object parse() {
        Object value = value(0);
        if (at != untrusted.length()) {
            throw unexpected("the end");
        }
        return value;
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw unexpected("less nesting");
        }
        switch (peek()) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            default:
                return number();
        }
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        take('{');
        if (peek() == '}') {
            return taken('}', members);
        }
        while (true) {
            String key = string();
            take(':');
            members.put(key, value(depth + 1));
            if (peek() != ',') {
                return taken('}', members);
            }
            take(',');
        }
    }

    private List<Object> array(int depth) {
        List<Object> elements = new ArrayList<>();
        take('[');
        if (peek() == ']') {
            return taken(']', elements);
        }
        while (true) {
            elements.add(value(depth + 1));
            if (peek() != ',') {
                return taken(']', elements);
            }
            take(',');
        }
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        take('"');
        while (peek() != '"') {
            char c = untrusted.charAt(at++);
            if (c != '\\') {
                text.append(c);
            } else if (peek() != 'u') {
                text.append(untrusted.charAt(at++));
            } else {
                if (at + 5 > untrusted.length()) {
                    throw unexpected("four digits");
                }
                text.append((char) Integer.parseInt(untrusted.substring(at + 1, at + 5), 16));
                at += 5;
            }
        }
        return taken('"', text.toString());
    }

    private Long number() {
        int from = at;
        while (at < untrusted.length() && "-0123456789".indexOf(untrusted.charAt(at)) >= 0) {
            at++;
        }
        if (from == at) {
            throw unexpected("a value");
        }
        return Long.valueOf(untrusted.substring(from, at));
    }

    private char peek() {
        if (at >= untrusted.length()) {
            throw unexpected("more");
        }
        return untrusted.charAt(at);
    }

    private void take(char wanted) {
        if (peek() != wanted) {
            throw unexpected("'" + wanted + "'");
        }
        at++;
    }

    private <T> T taken(char wanted, T value) {
        take(wanted);
        return value;
    }

    private IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException("character " + at + ", want " + wanted);
    }
}
