// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A trace whose metadata has all blocks in all ways, and whose one stream has bytes that mean
/// anything.
final class RandomMetadata {
    private final RandomWords words;
    private final RandomGrammar grammar;
    private final boolean hasId;

    private RandomMetadata(Random random) {
        words = new RandomWords(random);
        grammar = new RandomGrammar(words);
        hasId = oneIn(3);
    }

    static void write(long seed, Path folder) throws IOException {
        var random = new Random(seed);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("metadata"), new RandomMetadata(random).text());
        byte[] bytes = new byte[8 + random.nextInt(120)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(4));
        }
        cut(folder, bytes);
    }

    /// Writes a stream file that ends after an event record, if one does near its end.
    static void cut(Path folder, byte[] bytes) throws IOException {
        Path file = folder.resolve("s");
        for (int length = bytes.length; length > Math.max(0, bytes.length - 40); length--) {
            Files.write(file, Arrays.copyOf(bytes, length));
            var err = new ByteArrayOutputStream();
            String[] arguments = {"--output-format=dummy", folder.toString()};
            int status;
            try {
                status =
                        View.main(arguments, OutputStream.nullOutputStream(), new PrintStream(err));
            } catch (RuntimeException | Error e) {
                return; // the test will tell
            }
            if (status == 0) {
                return;
            }
            if (err.toString(StandardCharsets.UTF_8).contains("/metadata")) {
                break;
            }
        }
        Files.write(file, bytes);
    }

    private boolean oneIn(int n) {
        return words.oneIn(n);
    }

    private String pick(String... of) {
        return words.pick(of);
    }

    private String text() {
        grammar.declareTypes();
        String clock = oneIn(2) ? clock() : "";
        var blocks = new ArrayList<>(List.of(traceBlock(), oneIn(2) ? environment() : "", clock));
        Collections.shuffle(blocks, words.random());
        String stream = oneIn(4) && !hasId && clock.isEmpty() ? "" : stream(!clock.isEmpty());
        String events = event(0) + (hasId && oneIn(2) ? event(1) : "");
        String head = words.isOdd() ? pick("/* CTF 1.8*/", "/*CTF 1.8 */ ", "") : "/* CTF 1.8 */";
        return head + "\n" + String.join("", blocks) + grammar.top() + stream + events + extra();
    }

    private String extra() {
        return words.isOdd()
                ? pick(
                        ";",
                        "callsite { name = \"x\"; func = \"f\"; file = \"a.c\"; line = 5; };\n",
                        "callsite { };",
                        "nope { };",
                        "trace { };",
                        "env { };",
                        "#define x\n",
                        "/* open",
                        "// end",
                        "int x;",
                        "typealias nope := more;",
                        "stream { };",
                        "event { name = \"other\"; };",
                        "}")
                : "";
    }

    private String block(String word, List<String> content) {
        Collections.shuffle(content, words.random());
        return word
                + pick(" ", "\n", "")
                + "{"
                + words.space()
                + String.join("", content)
                + "}"
                + (words.isOdd() ? pick("", " ; ;", ",") : pick(";", " ;"))
                + "\n";
    }

    private String traceBlock() {
        var content = new ArrayList<String>();
        content.add(words.attribute("major", words.number(1)));
        content.add(words.attribute("minor", words.number(8)));
        content.add(
                words.attribute(
                        "byte_order",
                        words.isOdd()
                                ? pick("\"le\"", "native", "LE", "network", "1", "\"be\"")
                                : pick("le", "be", "be", "network")));
        if (oneIn(3)) {
            String uuid = "2a6422d0-6cee-11e0-8c08-cb07d7b3a564";
            content.add(
                    words.attribute(
                            "uuid",
                            words.isOdd()
                                    ? pick(
                                            "\"" + uuid.toUpperCase(Locale.ROOT) + "\"",
                                            "\"{" + uuid + "}\"",
                                            "\"" + uuid.replace("-", "") + "\"",
                                            "\"" + uuid.substring(1) + "\"",
                                            "\"\"",
                                            uuid,
                                            "\"g" + uuid.substring(1) + "\"")
                                    : "\"" + uuid + "\""));
        }
        if (oneIn(12)) {
            grammar.declaration(new StringBuilder(), 2);
            content.add("typealias integer { size = 8; } := inner_t; ");
        }
        return block("trace", content);
    }

    private String value() {
        return switch (words.random().nextInt(8)) {
            case 0 -> words.number(words.random().nextLong() >>> words.random().nextInt(64));
            case 1 -> words.number(-(long) words.random().nextInt(1000));
            case 2 -> pick("hello", "TRUE", "le", "a.b", "(1)", "-(1)", "'c'", "-0", "0x0", "~1");
            case 3 ->
                    pick("9223372036854775807", "-9223372036854775807", "0xFFFFFFFF", "017", "00");
            default -> words.string(pick("v", "", "long value", "é"));
        };
    }

    private String environment() {
        var content = new ArrayList<String>();
        for (int i = words.random().nextInt(5); i >= 0; i--) {
            String name =
                    switch (words.random().nextInt(4)) {
                        case 0 ->
                                pick(
                                        "hostname",
                                        "procname",
                                        "vpid",
                                        "domain",
                                        "tracer_name",
                                        "tracer_major",
                                        "trace_name",
                                        "sysname",
                                        "tracer_patchlevel");
                        case 1 -> pick("\"a b\"", "\"q\"", "le", "size", "\"\"");
                        default -> words.name();
                    };
            content.add(words.attribute(name, value()));
        }
        return block("env", content);
    }

    private String clock() {
        var content = new ArrayList<String>();
        content.add(words.attribute("name", oneIn(4) ? "\"c\"" : "c"));
        if (!words.isOdd()) { // babeltrace2 dies where it is missing
            long[] rates = {1, 2, 3, 7, 1000, 19_200_000, 1_000_000_000, 2_400_000_001L, 1L << 33};
            int at = words.random().nextInt(rates.length);
            content.add(words.attribute("freq", words.number(rates[at])));
        }
        if (oneIn(2)) {
            long seconds = words.random().nextLong() >> 31 + words.random().nextInt(30);
            content.add(words.attribute("offset_s", words.number(seconds)));
        }
        if (oneIn(2)) {
            long ticks = words.random().nextLong() >>> 3 + words.random().nextInt(60);
            content.add(words.attribute("offset", words.number(ticks)));
        }
        if (oneIn(3)) {
            content.add(words.attribute("precision", words.number(words.random().nextInt(2000))));
        }
        if (oneIn(3)) {
            String value = pick("true", "TRUE", "1", "0", "false", "FALSE");
            String odd = pick("yes", "2", "\"TRUE\"", "-1", "True");
            content.add(words.attribute("absolute", words.isOdd() ? odd : value));
        }
        if (oneIn(3)) {
            content.add(words.attribute("description", words.string("ticks")));
        }
        if (oneIn(3)) {
            String uuid = "62189bee-96dc-11e0-91a8-cfa3d89f3923";
            content.add(
                    words.attribute(
                            "uuid", words.isOdd() ? pick("\"1\"", uuid) : "\"" + uuid + "\""));
        }
        return block("clock", content);
    }

    private String mapping() {
        return words.attribute(
                "map",
                words.isOdd()
                        ? pick(
                                "clock.d.value",
                                "clock.c.nope",
                                "clock.c",
                                "\"clock.c.value\"",
                                "c",
                                "c.value")
                        : pick("clock.c.value", "clock.c.value", "clock . c . value"));
    }

    private String stream(boolean hasClock) {
        var content = new ArrayList<String>();
        if (oneIn(8)) {
            content.add(words.attribute("id", words.number(0)));
        }
        int bits = 1 + words.random().nextInt(16);
        String clock = hasClock && !words.isOdd() ? mapping() : "";
        String time = grammar.integer(bits, false, clock) + " " + pick("timestamp", "t") + "; ";
        String id = hasId ? grammar.integer(8, words.isOdd(), "") + " id; " : "";
        if (hasClock || hasId) {
            String fields = oneIn(2) ? id + time : time + id;
            content.add("event.header := struct { " + fields + "}; ");
        }
        if (oneIn(5)) {
            content.add("packet.context := " + grammar.structure(2, List.of()) + "; ");
        }
        if (oneIn(6)) {
            content.add("event.context := " + grammar.structure(2, List.of()) + "; ");
        }
        if (oneIn(12)) {
            content.addFirst("typealias integer { size = 8; } := inner_t; ");
        }
        return block("stream", content);
    }

    private String event(int id) {
        var content = new ArrayList<String>();
        content.add(
                words.attribute(
                        "name", oneIn(4) ? words.name() : words.string(pick("e", "a:b", "x y"))));
        if (hasId) {
            content.add(words.attribute("id", words.number(id)));
        }
        if (oneIn(8)) {
            content.add(words.attribute("stream_id", words.number(0)));
        }
        if (oneIn(4)) {
            String odd = pick("15", "-1", "\"1\"", "TRACE_INFO", "100");
            content.add(
                    words.attribute(
                            "loglevel",
                            words.isOdd() ? odd : words.number(words.random().nextInt(15))));
        }
        if (oneIn(6)) {
            content.add(words.attribute("model.emf.uri", words.string("http://a/b")));
        }
        if (oneIn(5)) {
            content.add("context := " + grammar.plainStructure() + "; ");
        }
        content.add("fields := " + grammar.structure(0, List.of()) + "; ");
        return block("event", content);
    }
}
