// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a JVM tells of itself in its file below `hsperfdata_USER`, which it may rewrite at any
/// time: the texts in it, by their names. The layout is that of `perfMemory.hpp` and `perfData.hpp`
/// of the JDK.
final class PerformanceCounters {
    static final String COMMAND = "sun.rt.javaCommand";
    static final String VERSION = "java.property.java.vm.specification.version";

    /// Its first character is `1` when tools may attach.
    static final String CAPABILITIES = "sun.rt.jvmCapabilities";

    private static final int MAGIC = 0xcafec0c0;
    private static final int HEADER_BYTES = 32;
    private static final int BYTE_ORDER_AT = 4;
    private static final int ENTRY_AT = 24;
    private static final int ENTRY_BYTES = 20;
    private static final int DATA_TYPE_AT = 12;
    private static final int MAX_BYTES = 1 << 20;

    private final Map<String, String> texts;

    private PerformanceCounters(Map<String, String> texts) {
        this.texts = texts;
    }

    /// @throws IOException when it cannot be read, or is none
    static PerformanceCounters read(Path file) throws IOException {
        ByteBuffer untrusted = ByteBuffer.allocate(MAX_BYTES);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (untrusted.hasRemaining() && channel.read(untrusted) >= 0) {
                continue;
            }
        }
        untrusted.flip();
        if (untrusted.remaining() < HEADER_BYTES || untrusted.getInt(0) != MAGIC) {
            throw new IOException(file + " is no file of a JVM");
        }
        boolean isLittle = untrusted.get(BYTE_ORDER_AT) == 1;
        untrusted.order(isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return new PerformanceCounters(texts(untrusted));
    }

    private static Map<String, String> texts(ByteBuffer untrusted) {
        var texts = new HashMap<String, String>();
        int at = untrusted.getInt(ENTRY_AT);
        while (at >= HEADER_BYTES && at <= untrusted.limit() - ENTRY_BYTES) {
            int length = untrusted.getInt(at);
            if (length < ENTRY_BYTES || length > untrusted.limit() - at) {
                break;
            }
            ByteBuffer entry = untrusted.slice(at, length).order(untrusted.order());
            if (entry.get(DATA_TYPE_AT) == 'B') {
                texts.put(text(entry, entry.getInt(4)), text(entry, entry.getInt(16)));
            }
            at += length;
        }
        return texts;
    }

    /// Up to a zero, or the end.
    private static String text(ByteBuffer entry, int from) {
        if (from < 0 || from >= entry.limit()) {
            return "";
        }
        int end = from;
        while (end < entry.limit() && entry.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - from];
        entry.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Empty when it does not say that.
    Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name)).filter(each -> !each.isEmpty());
    }
}
