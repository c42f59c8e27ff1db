// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.contrail.ctf.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Text that is the same in many lines, as words: these are written faster than an array is copied,
/// as most of it is short.
final class FixedText {
    /// Bytes of an array as words, the first one the least significant.
    static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    /// The last one is filled up with zeros.
    final long[] words;

    /// Bytes.
    final int length;

    FixedText(byte[] text) {
        length = text.length;
        words = new long[(length + Long.BYTES - 1) / Long.BYTES];
        byte[] padded = Arrays.copyOf(text, words.length * Long.BYTES);
        ByteBuffer.wrap(padded).order(LITTLE_ENDIAN).asLongBuffer().get(words);
    }

    FixedText(String text) {
        this(Utf8.bytes(text));
    }

    /// Writes the text, and up to a word's rest behind it.
    ///
    /// @return where it ends
    int write(byte[] to, int at) {
        int next = at;
        for (long word : words) {
            WORDS.set(to, next, word);
            next += Long.BYTES;
        }
        return at + length;
    }
}
