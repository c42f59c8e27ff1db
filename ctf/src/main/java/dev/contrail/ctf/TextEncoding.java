// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How a text field's characters are encoded. Only UTF-8 exists in CTF 1.8.
public enum TextEncoding {
    UTF_8("utf-8", 1, StandardCharsets.UTF_8),
    UTF_16BE("utf-16be", 2, StandardCharsets.UTF_16BE),
    UTF_16LE("utf-16le", 2, StandardCharsets.UTF_16LE),
    UTF_32BE("utf-32be", 4, StandardCharsets.UTF_32BE),
    UTF_32LE("utf-32le", 4, StandardCharsets.UTF_32LE);

    private static final String MARK = "\ufeff";

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

    /// Turns characters into bytes.
    public Charset charset() {
        return charset;
    }

    /// The characters of some text, U+FFFD for what is none. A byte order mark is a character like
    /// any other: the byte order is already known.
    public String decode(byte[] text) {
        String decoded = new String(text, charset);
        return unitBytes == 4 && beginsWithMark(text) ? MARK + decoded : decoded;
    }

    /// Java's UTF-32 decoders drop a byte order mark in front, those of UTF-8 and UTF-16 do not.
    private boolean beginsWithMark(byte[] text) {
        byte[] mark = MARK.getBytes(charset);
        return text.length >= mark.length
                && Arrays.equals(text, 0, mark.length, mark, 0, mark.length);
    }
}
