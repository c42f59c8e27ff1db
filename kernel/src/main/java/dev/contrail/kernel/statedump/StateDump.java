// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.statedump;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the machine was doing at one moment, as event records: processes, files, namespaces,
/// devices (`lttng-kernel-schema.md` section 4). Immutable.
public record StateDump(List<Part> parts) {
    private static final int MOST_PARTS = 1 << 16;

    /// The records of one packet.
    @SuppressWarnings("ArrayRecordComponent")
    public record Part(byte[] records, long firstTicks, long lastTicks, long recordCount) {}

    public StateDump {
        parts = List.copyOf(parts);
    }

    /// Time of its first record; the earliest possible one when it has none.
    public long firstTicks() {
        return parts.isEmpty() ? Long.MIN_VALUE : parts.getFirst().firstTicks();
    }

    /// The parts of it that begin after a time.
    StateDump after(long ticks) {
        return new StateDump(parts.stream().filter(part -> part.firstTicks() > ticks).toList());
    }

    /// Keeps it for a next daemon.
    void save(Path file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(parts.size());
            for (Part part : parts) {
                out.writeInt(part.records.length);
                out.write(part.records);
                out.writeLong(part.firstTicks);
                out.writeLong(part.lastTicks);
                out.writeLong(part.recordCount);
            }
        }
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.write(written, bytes.toByteArray());
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static StateDump load(Path file) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        int untrustedCount = in.readInt();
        if (untrustedCount < 0 || untrustedCount > MOST_PARTS) {
            throw new IOException(file + ": " + untrustedCount + " parts");
        }
        var parts = new ArrayList<Part>();
        for (int i = 0; i < untrustedCount; i++) {
            int untrustedLength = in.readInt();
            if (untrustedLength < 0 || untrustedLength > in.available()) {
                throw new IOException(file + ": part of " + untrustedLength + " bytes");
            }
            byte[] records = in.readNBytes(untrustedLength);
            parts.add(new Part(records, in.readLong(), in.readLong(), in.readLong()));
        }
        return new StateDump(parts);
    }

    /// Collects records into parts of about [#PART_BYTES].
    static final class Records {
        private static final int PART_BYTES = 128 << 10;
        private static final int MOST_RECORD_BYTES = 16 << 10;
        private static final int EXTENDED_ID = 65535;

        private final List<Part> parts = new ArrayList<>();
        private final ByteBuffer buffer =
                ByteBuffer.allocate(PART_BYTES + MOST_RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private long first;
        private long last;
        private long count;

        /// Begins a record of this moment.
        Records begin(int eventId) {
            return begin(eventId, System.nanoTime());
        }

        /// Begins a record.
        Records begin(int eventId, long ticks) {
            if (buffer.position() > PART_BYTES) {
                endPart();
            }
            if (count == 0) {
                first = ticks;
                buffer.putShort((short) EXTENDED_ID).putInt(eventId).putLong(ticks);
            } else {
                buffer.putShort((short) eventId).putInt((int) ticks);
            }
            last = ticks;
            count++;
            return this;
        }

        Records u8(int value) {
            buffer.put((byte) value);
            return this;
        }

        Records u16(int value) {
            buffer.putShort((short) value);
            return this;
        }

        Records u32(long value) {
            buffer.putInt((int) value);
            return this;
        }

        Records u32BigEndian(int value) {
            return u32(Integer.reverseBytes(value));
        }

        Records u64(long value) {
            buffer.putLong(value);
            return this;
        }

        /// Zero-terminated, at most 4095 bytes long: file names have a bound.
        Records string(byte[] text) {
            for (int i = 0; i < Math.min(text.length, 4095) && text[i] != 0; i++) {
                buffer.put(text[i]);
            }
            return u8(0);
        }

        Records string(String text) {
            return string(text.getBytes(StandardCharsets.UTF_8));
        }

        /// Exactly 16 bytes.
        Records text16(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            buffer.put(Arrays.copyOf(bytes, 15)).put((byte) 0);
            return this;
        }

        StateDump end() {
            endPart();
            return new StateDump(parts);
        }

        private void endPart() {
            if (count > 0) {
                byte[] records = Arrays.copyOf(buffer.array(), buffer.position());
                parts.add(new Part(records, first, last, count));
                buffer.clear();
                count = 0;
            }
        }
    }
}
