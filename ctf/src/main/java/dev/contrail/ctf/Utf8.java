// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Text of CTF 1.8 metadata, which should be UTF-8 and need not: names and environments hold
/// whatever bytes their program had.
///
/// A byte that is no character's becomes U+DC00 plus its value, which no text has by itself, and
/// comes out again as that byte. It is no character to anybody else, so that what wants text gets
/// [#shown].
public final class Utf8 {
    private static final char BYTES = 0xDC00;
    private static final char REPLACEMENT = 0xFFFD;

    private Utf8() {}

    /// The text that some bytes are.
    public static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : exact(bytes);
    }

    private static String exact(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (BYTES + (in.get() & 0xFF)));
            }
        }
    }

    /// The bytes that some text was made of.
    public static byte[] bytes(String text) {
        int at = byteAt(text, 0);
        if (at == text.length()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        var bytes = new ByteArrayOutputStream();
        int begin = 0;
        for (; at < text.length(); at = byteAt(text, begin)) {
            bytes.writeBytes(text.substring(begin, at).getBytes(StandardCharsets.UTF_8));
            bytes.write(text.charAt(at) - BYTES);
            begin = at + 1;
        }
        bytes.writeBytes(text.substring(begin).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /// The same with U+FFFD for each byte that is no character's.
    public static String shown(String text) {
        var shown = new StringBuilder(text);
        for (int at = byteAt(text, 0); at < text.length(); at = byteAt(text, at + 1)) {
            shown.setCharAt(at, REPLACEMENT);
        }
        return shown.toString();
    }

    /// Where the next such byte is; the text's length when there is none.
    private static int byteAt(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isByte = c >= BYTES + 0x80 && c <= BYTES + 0xFF;
            if (isByte && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
                return i;
            }
        }
        return text.length();
    }
}
