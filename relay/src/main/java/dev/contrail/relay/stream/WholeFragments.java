// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import java.nio.ByteBuffer;

/// Finds how much of the metadata that has come can be handed on. CTF 2 metadata comes cut
/// anywhere, and a viewer wants whole fragments: of a JSON text sequence (RFC 7464) what ends with
/// a whole value. CTF 1.8 metadata is handed on as it comes.
final class WholeFragments {
    private static final int RECORD_SEPARATOR = 0x1E;

    private boolean isJson;
    private boolean isInText;
    private boolean isEscaped;
    private int depth;
    private long bytes;
    private long whole;

    /// More has come.
    void add(ByteBuffer more) {
        if (bytes == 0 && more.hasRemaining()) {
            isJson = more.get(more.position()) == RECORD_SEPARATOR;
        }
        if (!isJson) {
            bytes += more.remaining();
            whole = bytes;
            return;
        }
        while (more.hasRemaining()) {
            take(more.get());
        }
    }

    private void take(byte next) {
        bytes++;
        if (isInText) {
            isInText = isEscaped || next != '"';
            isEscaped = !isEscaped && next == '\\';
            return;
        }
        switch (next) {
            case '"' -> isInText = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                if (depth == 0) {
                    whole = bytes;
                }
            }
            case '\n' -> {
                if (depth == 0 && whole == bytes - 1) {
                    whole = bytes;
                }
            }
            default -> {}
        }
    }

    /// How many bytes, from the beginning, are whole fragments.
    long wholeBytes() {
        return whole;
    }
}
