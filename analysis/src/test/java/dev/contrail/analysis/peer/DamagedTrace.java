// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.analysis.RandomTrace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A right trace of which bytes are damaged: in its stream files, or in the headers of the packets
/// that its metadata is cut into.
final class DamagedTrace {
    private static final int MAGIC = 0x75D11D57;
    private static final int HEADER_BYTES = 37;

    private DamagedTrace() {}

    static void write(long seed, Path folder) throws IOException {
        RandomTrace.write(seed, folder);
        var random = new Random(seed ^ 0x2545F491L);
        if (random.nextBoolean()) {
            cutMetadata(random, folder.resolve("metadata"));
            return;
        }
        List<Path> streams;
        try (Stream<Path> files = Files.list(folder)) {
            streams = files.filter(each -> !each.endsWith("metadata")).sorted().toList();
        }
        Path file = streams.get(random.nextInt(streams.size()));
        Files.write(file, damaged(random, Files.readAllBytes(file)));
    }

    /// Bytes with some that are others, missing, or too many.
    static byte[] damaged(Random random, byte[] bytes) {
        byte[] result = bytes;
        for (int i = random.nextInt(3); i >= 0 && result.length > 0; i--) {
            int at = random.nextInt(result.length);
            int count = Math.min(result.length - at, 1 + random.nextInt(8));
            switch (random.nextInt(6)) {
                case 0 -> result = Arrays.copyOf(result, at);
                case 1 -> result = Arrays.copyOf(result, result.length + count);
                case 2 -> Arrays.fill(result, at, at + count, (byte) random.nextInt(-1, 1));
                case 3 -> { // some are there twice
                    ByteBuffer more = ByteBuffer.allocate(result.length + count);
                    more.put(result, 0, at + count).put(result, at, result.length - at);
                    result = more.array();
                }
                default -> result[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return result;
    }

    private static void cutMetadata(Random random, Path file) throws IOException {
        byte[] text = Files.readAllBytes(file);
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        var packets = new ArrayList<byte[]>();
        for (int at = 0; at < text.length; ) {
            int length = Math.min(text.length - at, random.nextInt(2000));
            int padding = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
            ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + length + padding).order(order);
            packet.putInt(MAGIC).putLong(5).putLong(7).putInt(0);
            packet.putInt((HEADER_BYTES + length) * 8).putInt(packet.capacity() * 8);
            packet.put(new byte[] {0, 0, 0, 1, 8}).put(text, at, length);
            packets.add(packet.array());
            at += length;
        }
        if (random.nextInt(3) > 0) {
            byte[] packet = packets.get(random.nextInt(packets.size()));
            packet[random.nextInt(HEADER_BYTES)] ^= (byte) (1 << random.nextInt(8));
        }
        int length = packets.stream().mapToInt(each -> each.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        packets.forEach(all::put);
        Files.write(file, all.array());
    }
}
