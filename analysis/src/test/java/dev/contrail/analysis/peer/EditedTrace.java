// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.analysis.RandomTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A right trace in which one or two things are changed: a word of its metadata or a byte of a
/// stream.
final class EditedTrace {
    private static final List<String> WORDS =
            List.of(
                    ";",
                    "{",
                    "}",
                    "=",
                    ":=",
                    ",",
                    "0",
                    "1",
                    "7",
                    "64",
                    "-1",
                    "struct",
                    "enum",
                    "integer",
                    "string",
                    "const",
                    "*",
                    "[2]",
                    "<x>",
                    "\"x\"",
                    "x",
                    "native",
                    "le",
                    "be",
                    "true",
                    "align(16)",
                    "signed = true;",
                    "base = x;",
                    "align = 1;",
                    "id",
                    "timestamp",
                    "stream_id",
                    "packet_size",
                    "content_size",
                    "...",
                    "(",
                    ")");

    private EditedTrace() {}

    static void write(long seed, Path folder) throws IOException {
        RandomTrace.write(seed, folder);
        var random = new Random(~seed);
        if (random.nextInt(3) > 0) {
            editWord(random, folder.resolve("metadata"));
        } else {
            editByte(random, folder);
        }
    }

    private static void editWord(Random random, Path metadata) throws IOException {
        List<String> words = Shrinker.words(Files.readString(metadata));
        int at = 1 + random.nextInt(words.size() - 1); // after the signature
        while (words.get(at).isBlank()) {
            at = 1 + random.nextInt(words.size() - 1);
        }
        String other = words.get(1 + random.nextInt(words.size() - 1));
        String word = WORDS.get(random.nextInt(WORDS.size()));
        switch (random.nextInt(5)) {
            case 0 -> words.remove(at);
            case 1 -> words.add(at, " " + words.get(at) + " ");
            case 2 -> words.set(at, " " + other + " ");
            case 3 -> words.set(at, " " + word + " ");
            default -> words.add(at, " " + word + " ");
        }
        Files.writeString(metadata, String.join("", words));
    }

    private static void editByte(Random random, Path folder) throws IOException {
        List<Path> streams;
        try (Stream<Path> files = Files.list(folder)) {
            streams = files.filter(each -> !each.endsWith("metadata")).sorted().toList();
        }
        Path file = streams.get(random.nextInt(streams.size()));
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            return;
        }
        if (random.nextInt(4) == 0) {
            Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            return;
        }
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
    }
}
