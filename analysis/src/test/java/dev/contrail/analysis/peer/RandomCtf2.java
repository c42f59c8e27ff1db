// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// A trace of CTF 2 whose metadata has all fragments and properties in all ways, now and then in
/// wrong ones, and whose one stream has bytes that mean anything.
final class RandomCtf2 {
    /// What a word of JSON may be replaced by.
    private static final List<String> WORDS =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "0",
                    "1",
                    "3",
                    "64",
                    "65",
                    "1.5",
                    "1e2",
                    "18446744073709551616",
                    "4611686018427387904",
                    "{}",
                    "[]",
                    "[[0, 1]]",
                    "\"x\"",
                    "\"\"",
                    "\"type\"",
                    "\"structure\"",
                    "\"variant\"",
                    "\"optional\"",
                    "\"payload-field-class\"",
                    "\"event-record-payload\"",
                    "\"\\ud83d\\ude00\"",
                    "\"\\ud83d\"",
                    ",",
                    ":",
                    "{",
                    "}",
                    "[",
                    "]",
                    "\u001e",
                    "\n");

    private final Random random;
    private final RandomFieldClasses classes;
    private final List<String> fragments = new ArrayList<>();

    private RandomCtf2(Random random) {
        this.random = random;
        this.classes = new RandomFieldClasses(random);
    }

    /// @param isOdd whether something is wrong
    static void write(long seed, Path folder, boolean isOdd) throws IOException {
        var random = new Random(seed);
        Files.createDirectories(folder);
        String text = new RandomCtf2(random).text();
        byte[] metadata = text.getBytes(StandardCharsets.UTF_8);
        if (isOdd && random.nextBoolean()) {
            metadata[random.nextInt(metadata.length)] ^= (byte) (1 << random.nextInt(8));
        } else if (isOdd) {
            metadata = edited(random, text).getBytes(StandardCharsets.UTF_8);
        }
        Files.write(folder.resolve("metadata"), metadata);
        byte[] bytes = new byte[8 + random.nextInt(200)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(4));
        }
        RandomMetadata.cut(folder, bytes);
    }

    private static String edited(Random random, String text) {
        List<String> words = Shrinker.words(text);
        for (int edits = random.nextInt(2); edits >= 0; edits--) {
            int at = 1 + random.nextInt(words.size() - 1);
            String other = words.get(random.nextInt(words.size()));
            String word = WORDS.get(random.nextInt(WORDS.size()));
            switch (random.nextInt(5)) {
                case 0 -> words.remove(at);
                case 1 -> words.add(at, words.get(at));
                case 2 -> words.set(at, other);
                case 3 -> words.set(at, word);
                default -> words = new ArrayList<>(words.subList(0, at + 1));
            }
        }
        return String.join("", words);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private void fragment(String type, List<String> properties) {
        properties.add("\"type\": " + RandomFieldClasses.quoted(type));
        if (oneIn(6)) {
            properties.add("\"attributes\": " + classes.attributes());
        }
        if (oneIn(20)) {
            properties.add("\"extensions\": {}");
        }
        Collections.shuffle(properties, random);
        fragments.add("{" + String.join(", ", properties) + "}");
    }

    private void identity(List<String> properties, String more) {
        for (String each : ("namespace name uid" + more).split(" ")) {
            if (oneIn(3)) {
                String value = pick("", "n", "a b", "é", "my.org,2026", "q\"");
                properties.add("\"%s\": %s".formatted(each, RandomFieldClasses.quoted(value)));
            }
        }
    }

    private String text() {
        var preamble = new ArrayList<>(List.of("\"version\": 2"));
        boolean hasUuid = oneIn(2);
        if (hasUuid) {
            preamble.add("\"uuid\": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,255]");
        }
        fragment("preamble", preamble);
        aliases();
        boolean hasClock = oneIn(2);
        if (hasClock) {
            clock();
        }
        if (oneIn(2)) {
            trace();
        }
        aliases();
        boolean hasId = oneIn(3);
        long streamId = oneIn(4) ? random.nextInt(100) : 0;
        stream(streamId, hasClock, hasId);
        for (int id = 0; id <= (hasId ? random.nextInt(4) : 0); id++) {
            aliases();
            event(streamId, hasId ? id : oneIn(8) ? 7 : 0);
        }
        var text = new StringBuilder();
        for (String each : fragments) {
            text.append(oneIn(30) ? "\u001e\u001e" : "\u001e");
            text.append(each).append(pick("\n", "\n", "", "\n\n"));
        }
        return text.toString();
    }

    private void aliases() {
        if (oneIn(4)) {
            fragments.add(classes.alias());
        }
    }

    private void clock() {
        long frequency =
                List.of(1L, 7L, 1000L, 1_000_000_000L, 2_400_000_001L, 1L << 33)
                        .get(random.nextInt(6));
        var properties = new ArrayList<String>();
        properties.add("\"id\": \"c\"");
        properties.add("\"frequency\": " + frequency);
        identity(properties, " description");
        for (String each : List.of("precision", "accuracy")) {
            if (oneIn(3)) {
                properties.add("\"%s\": %d".formatted(each, random.nextInt(2000)));
            }
        }
        if (oneIn(2)) {
            properties.add(
                    "\"origin\": "
                            + pick(
                                    "\"unix-epoch\"",
                                    "\"unix-epoch\"",
                                    "{\"name\": \"o\", \"uid\": \"\"}",
                                    "{\"namespace\": \"n\", \"name\": \"o\", \"uid\": \"u\"}"));
        }
        if (oneIn(2)) {
            properties.add(
                    "\"offset-from-origin\": "
                            + pick(
                                    "{}",
                                    "{\"seconds\": -7}",
                                    "{\"seconds\": 1700000000}",
                                    "{\"cycles\": 0, \"seconds\": 5}",
                                    "{\"cycles\": " + (frequency - 1) + "}"));
        }
        fragment("clock-class", properties);
    }

    private void trace() {
        var properties = new ArrayList<String>();
        identity(properties, "");
        if (oneIn(2)) {
            properties.add(
                    "\"environment\": "
                            + pick(
                                    "{}",
                                    "{\"hostname\": \"h\", \"vpid\": 5, \"a b\": -9223372036854775808}",
                                    "{\"x\": 9223372036854775807, \"é\": \"\\u00e9\\n\", \"\": \"\"}"));
        }
        if (oneIn(4)) {
            properties.add("\"packet-header-field-class\": " + classes.scope("packet-header"));
        }
        fragment("trace-class", properties);
    }

    private void stream(long id, boolean hasClock, boolean hasId) {
        var properties = new ArrayList<String>();
        identity(properties, "");
        if (id != 0 || oneIn(2)) {
            properties.add("\"id\": " + id);
        }
        var header = new ArrayList<String>();
        if (hasClock) {
            properties.add("\"default-clock-class-id\": \"c\"");
            header.add(
                    RandomFieldClasses.special(
                            "t",
                            classes.unsigned(
                                    1 + random.nextInt(16),
                                    "\"roles\": [\"default-clock-timestamp\"]")));
        }
        if (hasId) {
            header.add(
                    random.nextInt(header.size() + 1),
                    RandomFieldClasses.special(
                            "id", classes.unsigned(2, "\"roles\": [\"event-record-class-id\"]")));
        }
        if (!header.isEmpty()) {
            properties.add("\"event-record-header-field-class\": " + classes.structure(header));
        }
        if (oneIn(4)) {
            properties.add("\"packet-context-field-class\": " + classes.scope("packet-context"));
        }
        if (oneIn(5)) {
            properties.add(
                    "\"event-record-common-context-field-class\": "
                            + classes.scope("event-record-common-context"));
        }
        fragment("data-stream-class", properties);
    }

    private void event(long streamId, int id) {
        var properties = new ArrayList<String>();
        identity(properties, "");
        if (id != 0 || oneIn(2)) {
            properties.add("\"id\": " + id);
        }
        if (streamId != 0 || oneIn(2)) {
            properties.add("\"data-stream-class-id\": " + streamId);
        }
        if (oneIn(5)) {
            properties.add(
                    "\"specific-context-field-class\": "
                            + classes.scope("event-record-specific-context"));
        }
        properties.add("\"payload-field-class\": " + classes.scope("event-record-payload"));
        fragment("event-record-class", properties);
    }
}
