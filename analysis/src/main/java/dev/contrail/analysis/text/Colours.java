// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.nio.charset.StandardCharsets;

/// The colours of a terminal as babeltrace2 2.0.4 uses them; or none.
public enum Colours {
    NONE,
    TERMINAL;

    private static final String BOLD = "\033[1m";
    private static final String TIME = BOLD + BOLD + "\033[33m";
    private static final String RESET = "\033[0m";

    /// A field's name: cyan.
    String fieldName(String name) {
        return in("\033[36m", name);
    }

    /// A name before the event's fields: bold.
    String headerName(String name) {
        return in(BOLD, name);
    }

    /// The event's name: bright magenta.
    public String eventName(String name) {
        return in(BOLD + BOLD + "\033[35m", name);
    }

    /// What no label says, or what is wrong: bright red.
    public String unknown(String text) {
        return in(BOLD + BOLD + "\033[31m", text);
    }

    /// A time: bright yellow.
    public String time(String text) {
        return in(TIME, text);
    }

    /// Begins a time: bright yellow.
    byte[] beginTime() {
        return code(TIME);
    }

    /// Begins a value: bold.
    byte[] beginValue() {
        return code(BOLD);
    }

    /// Ends a time or a value.
    byte[] end() {
        return code(RESET);
    }

    private byte[] code(String code) {
        return (this == NONE ? "" : code).getBytes(StandardCharsets.US_ASCII);
    }

    private String in(String code, String text) {
        return this == NONE ? text : code + text + RESET;
    }
}
