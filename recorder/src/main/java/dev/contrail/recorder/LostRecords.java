// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How many records of each stream were in packets that could not be stored.
///
/// Kept in a file, when there is one: a line a loss, so that the account outlives the daemon. Owned
/// by the output's thread.
final class LostRecords {
    private final Optional<Path> file;
    private final Map<String, Long> counts = new HashMap<>();
    private boolean isRead;

    private LostRecords(Optional<Path> file) {
        this.file = file;
    }

    /// Counts that end with the process.
    static LostRecords inMemory() {
        return new LostRecords(Optional.empty());
    }

    /// Counts that go on from what an earlier process has left in the file.
    static LostRecords in(Path file) {
        return new LostRecords(Optional.of(file));
    }

    void add(StreamKey stream, long records) {
        read();
        counts.merge(name(stream), records, Long::sum);
        if (file.isPresent()) {
            try {
                PrivateFiles.append(file.get(), records + "\t" + name(stream) + "\n");
            } catch (IOException e) {
                complain("Cannot keep how many records were lost in ", e);
            }
        }
    }

    long of(StreamKey stream) {
        read();
        return counts.getOrDefault(name(stream), 0L);
    }

    long sum() {
        read();
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String name(StreamKey stream) {
        return stream.traceDirectory() + "/" + stream.channel() + "_" + stream.suffix();
    }

    private void read() {
        if (isRead || file.isEmpty()) {
            return;
        }
        isRead = true;
        if (!Files.exists(file.get())) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file.get())) {
                String[] words = line.split("\t", 2);
                if (words.length == 2) {
                    counts.merge(words[1], Long.parseLong(words[0]), Long::sum);
                }
            }
        } catch (IOException | NumberFormatException e) {
            complain("Cannot read how many records were lost from ", e);
        }
    }

    private void complain(String what, Exception why) {
        System.getLogger("dev.contrail.recorder")
                .log(System.Logger.Level.WARNING, what + file.orElseThrow(), why);
    }
}
