// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One or two traces whose clocks may be anything: of any frequency and offset, of few bits that
/// wrap, with jumps, and now and then back in time; their packets lack this or that, come in
/// another order, or tell of losses.
final class RandomTimes {
    private static final String[] UUIDS = {
        "62189bee-96dc-11e0-91a8-cfa3d89f3923", "72189bee-96dc-11e0-91a8-cfa3d89f3923"
    };

    private final Random random;
    private final String clock;

    private RandomTimes(Random random) {
        this.random = random;
        long[] rates = {1, 3, 7, 1000, 32_768, 1_000_000, 1_000_000_000, 2_400_000_001L, 1L << 33};
        clock =
                "clock { name = c; freq = "
                        + rates[random.nextInt(rates.length)]
                        + "; offset_s = "
                        + (oneIn(3) ? 0 : random.nextInt(2_000_000_000) - 1000)
                        + "; offset = "
                        + (oneIn(2) ? 0 : random.nextLong() >>> 24 + random.nextInt(40))
                        + "; ";
    }

    static List<Path> write(long seed, Path folder) throws IOException {
        var random = new Random(seed ^ 0x5DEECE66DL);
        var traces = new ArrayList<Path>();
        String identity =
                switch (random.nextInt(3)) {
                    case 0 -> "absolute = TRUE; ";
                    case 1 -> "uuid = \"" + UUIDS[0] + "\"; ";
                    default -> "";
                };
        for (int i = random.nextInt(2); i >= 0; i--) {
            Path trace = Files.createDirectories(folder.resolve("t" + i));
            traces.addFirst(trace);
            // Now and then the clocks have nothing to do with each other.
            boolean isOther = random.nextInt(8) == 0;
            new RandomTimes(random)
                    .write(trace, isOther ? "uuid = \"" + UUIDS[1] + "\"; " : identity, i);
        }
        return traces;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String field(int bits, boolean isTime, String name) {
        return "integer { size = %d; align = 8; %s} %s; "
                .formatted(bits, isTime ? "map = clock.c.value; " : "", name);
    }

    private void write(Path trace, String identity, int number) throws IOException {
        int timeBits = 8 << random.nextInt(4);
        int beginBits = oneIn(3) ? timeBits : 64;
        int discardedBits = oneIn(2) ? 0 : 8 << random.nextInt(4);
        int sequenceBits = oneIn(2) ? 0 : 8 << random.nextInt(4);
        boolean hasBegin = !oneIn(4);
        boolean hasEnd = !oneIn(4);
        boolean hasContent = !oneIn(4);
        Files.writeString(
                trace.resolve("metadata"),
                "/* CTF 1.8 */\ntrace { major = 1; minor = 8; byte_order = be; uuid = \"42189bee-96dc-11e0-91a8-cfa3d89f392"
                        + number
                        + "\"; packet.header :="
                        + " struct { "
                        + field(64, false, "stream_instance_id")
                        + "}; };\n"
                        + clock
                        + identity
                        + "};\nstream { packet.context := struct { "
                        + field(32, false, "packet_size")
                        + (hasContent ? field(32, false, "content_size") : "")
                        + (hasBegin ? field(beginBits, true, "timestamp_begin") : "")
                        + (hasEnd ? field(64, true, "timestamp_end") : "")
                        + (discardedBits > 0 ? field(discardedBits, false, "events_discarded") : "")
                        + (sequenceBits > 0 ? field(sequenceBits, false, "packet_seq_num") : "")
                        + field(8, false, "cpu_id")
                        + "}; event.header := struct { "
                        + field(timeBits, true, "timestamp")
                        + "}; };\nevent { name = \"e"
                        + number
                        + "\"; fields := struct { "
                        + field(8, false, "n")
                        + "}; };\n");
        // babeltrace2 numbers streams without a begin by the order of files in their folder.
        for (int i = hasBegin ? random.nextInt(3) : 0; i >= 0; i--) {
            var packets = new ArrayList<byte[]>();
            long now = random.nextInt(300);
            long discarded = oneIn(2) ? 0 : random.nextInt(200);
            for (int packet = random.nextInt(5); packet >= 0; packet--) {
                ByteBuffer out = ByteBuffer.allocate(1000);
                put(out, 64, i);
                put(out, 32, 0);
                if (hasContent) {
                    put(out, 32, 0);
                }
                if (hasBegin) {
                    put(out, beginBits, now);
                }
                int endAt = out.position();
                if (hasEnd) {
                    put(out, 64, 0);
                }
                put(out, discardedBits, discarded);
                put(out, sequenceBits, packets.size() + (oneIn(6) ? 3 : 0));
                put(out, 8, i);
                for (int event = random.nextInt(6); event > 0; event--) {
                    now += step(timeBits);
                    put(out, timeBits, now);
                    put(out, 8, event);
                }
                int content = out.position();
                now += random.nextInt(20);
                if (hasEnd) {
                    out.putLong(endAt, now);
                }
                int size = content + (hasContent ? random.nextInt(9) : 0);
                out.putInt(8, size * 8);
                if (hasContent) {
                    out.putInt(12, content * 8);
                }
                byte[] bytes = new byte[size];
                out.get(0, bytes);
                packets.add(bytes);
                discarded += oneIn(2) ? 0 : random.nextInt(20);
            }
            if (packets.size() > 1 && oneIn(10)) {
                packets.add(packets.removeFirst());
            }
            var all = new ByteArrayOutputStream();
            packets.forEach(all::writeBytes);
            Files.write(trace.resolve("s" + i), all.toByteArray());
        }
    }

    private long step(int bits) {
        if (oneIn(60)) {
            return -random.nextInt(50);
        }
        int most = oneIn(10) ? 1 << 20 : 1000;
        return random.nextInt(Math.min(most, bits < 32 ? 200 << bits - 8 : most));
    }

    private static void put(ByteBuffer out, int bits, long value) {
        switch (bits) {
            case 8 -> out.put((byte) value);
            case 16 -> out.putShort((short) value);
            case 32 -> out.putInt((int) value);
            case 64 -> out.putLong(value);
            default -> {} // not declared
        }
    }
}
