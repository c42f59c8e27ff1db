// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.kernel.tracefs.EventFormat;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes and texts captured from a kernel, and sub-buffers made of chosen words.
public final class Captured {
    private Captured() {}

    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = Captured.class.getResourceAsStream("captured/" + name)) {
            return in.readAllBytes();
        }
    }

    public static String text(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    public static EventFormat format(String system, String event) throws IOException {
        return EventFormat.parse(system, text(system + "." + event + ".format"));
    }

    /// Memory outside the heap, where the kernel's lies.
    public static MemorySegment memory(byte[] bytes) {
        MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 8);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    /// Builds the data of a sub-buffer.
    public static final class Data {
        private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

        public Data word(int type, long delta) {
            bytes.putInt((int) (type | delta << 5));
            return this;
        }

        public Data u32(long value) {
            bytes.putInt((int) value);
            return this;
        }

        /// A record of `raw_data`: type 19, numbered, without more.
        public Data marker(long delta, int number) {
            return word(3, delta).u32(19).u32(99).u32(number);
        }

        public byte[] toBytes() {
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}
