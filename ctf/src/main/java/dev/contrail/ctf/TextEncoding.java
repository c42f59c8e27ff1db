// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// How a text field's characters are encoded. Only UTF-8 exists in CTF 1.8.
public enum TextEncoding {
    UTF_8("utf-8", 1, StandardCharsets.UTF_8),
    UTF_16BE("utf-16be", 2, StandardCharsets.UTF_16BE),
    UTF_16LE("utf-16le", 2, StandardCharsets.UTF_16LE),
    UTF_32BE("utf-32be", 4, StandardCharsets.UTF_32BE),
    UTF_32LE("utf-32le", 4, StandardCharsets.UTF_32LE);

    private final String word;
    private final int unitBytes;
    private final Charset charset;

    TextEncoding(String word, int unitBytes, Charset charset) {
        this.word = word;
        this.unitBytes = unitBytes;
        this.charset = charset;
    }

    /// How CTF 2 metadata names it.
    public String word() {
        return word;
    }

    /// Bytes of a code unit: 1, 2 or 4. Text ends at the first unit that is zero.
    public int unitBytes() {
        return unitBytes;
    }

    /// Turns the bytes into characters. A byte order mark is a character like any other.
    public Charset charset() {
        return charset;
    }
}
