// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Writes a trace of CTF 1.8 in which everything that the format leaves open is chosen at random.
public final class RandomTrace {
    static final long MAGIC = 0xC1FC1FC1L;

    private final Random random;
    private final boolean isBig;
    private final RandomTsdl tsdl;
    private final UUID uuid;
    private final boolean hasClock;
    private final boolean hasStreamId;
    private final boolean hasInstance;

    /// The packet header.
    private final List<RandomStream.Slot> header = new ArrayList<>();

    private RandomTrace(long seed) {
        random = new Random(seed);
        isBig = random.nextBoolean();
        tsdl = new RandomTsdl(random, isBig);
        uuid = new UUID(random.nextLong(), random.nextLong());
        hasClock = random.nextInt(8) > 0;
        hasStreamId = random.nextInt(4) > 0;
        hasInstance = random.nextBoolean();
    }

    public static void write(long seed, Path folder) throws IOException {
        Files.createDirectories(folder);
        new RandomTrace(seed).write(folder);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private void write(Path folder) throws IOException {
        makeHeader();
        String clock = hasClock ? clock() : "";
        var blocks = new ArrayList<>(List.of(traceBlock(), environment(), clock));
        Collections.shuffle(blocks, random);
        var streams = new StringBuilder();
        var classes = new ArrayList<RandomStream>();
        for (int i = hasStreamId && hasInstance ? random.nextInt(2) : 0; i >= 0; i--) {
            var made = new RandomStream(random, tsdl, header, hasClock, i * 7L, hasStreamId, isBig);
            classes.add(made);
            streams.append(made.declaration());
        }
        // babeltrace2 numbers streams without a begin by the order of files in their folder.
        boolean isOrdered = hasInstance && classes.stream().allMatch(RandomStream::hasBegin);
        int files = isOrdered ? 1 + random.nextInt(4) : 1;
        for (int i = 0; i < files; i++) {
            Files.write(
                    folder.resolve("s" + i),
                    classes.get(i % classes.size()).packets(5 + i * 2L, uuid));
        }
        Files.writeString(
                folder.resolve("metadata"),
                "/* CTF 1.8 */\n" + String.join("", blocks) + tsdl.top() + streams);
    }

    private void makeHeader() {
        var later = new ArrayList<RandomStream.Slot>();
        if (oneIn(2)) {
            later.add(RandomStream.Slot.of("uuid", tsdl.fixed(8, 8, "")));
        }
        if (hasStreamId) {
            int bits = 8 << random.nextInt(4);
            later.add(RandomStream.Slot.of("stream_id", tsdl.fixed(bits, tsdl.alignment(), "")));
        }
        if (hasInstance) {
            later.add(RandomStream.Slot.of("stream_instance_id", tsdl.fixed(64, 8, "")));
        }
        if (oneIn(6)) {
            later.add(RandomStream.Slot.of("other", tsdl.fixed(tsdl.bits(), tsdl.alignment(), "")));
        }
        Collections.shuffle(later, random);
        if (!oneIn(4)) {
            header.add(RandomStream.Slot.of("magic", tsdl.fixed(32, 8, "")));
        }
        header.addAll(later);
    }

    private String traceBlock() {
        boolean hasUuid = header.stream().anyMatch(each -> each.name().equals("uuid"));
        return "trace { major = 1; minor = 8; "
                + (hasUuid || oneIn(2) ? "uuid = \"" + uuid + "\"; " : "")
                + "byte_order = "
                + (isBig ? "be" : "le")
                + "; "
                + (header.isEmpty()
                        ? ""
                        : "packet.header := " + RandomStream.declare(header) + "; ")
                + "};\n";
    }

    private String environment() {
        var entries = new StringBuilder("env {");
        for (String each :
                List.of(
                        "hostname = \"h\\\"o\\\\st\"",
                        "procname = \"p r\\n\"",
                        "vpid = 42",
                        "domain = \"ust\"",
                        "low = -9223372036854775807",
                        "empty = \"\"",
                        "hex = 0xFF",
                        "tracer_name = \"x\"",
                        "trace_name = \"t\"")) {
            if (oneIn(3)) {
                entries.append(' ').append(each).append(';');
            }
        }
        return entries.append(" };\n").toString();
    }

    private String clock() {
        var attributes = new ArrayList<String>(List.of("name = c;"));
        long frequency = tsdl.pick(List.of(1000000000L, 1000000000L, 1000000L, 2400000000L, 1000L));
        attributes.add("freq = " + frequency + ";");
        for (String each :
                List.of(
                        "offset_s = 1500000000;",
                        "offset = 123456;",
                        "precision = 7;",
                        "absolute = TRUE;",
                        "description = \"a \\\"clock\\\"\";",
                        "uuid = \"" + uuid + "\";")) {
            if (oneIn(2)) {
                attributes.add(each);
            }
        }
        Collections.shuffle(attributes, random);
        return "clock { " + String.join(" ", attributes) + " };\n";
    }
}
