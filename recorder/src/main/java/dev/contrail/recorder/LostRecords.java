// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many records of each stream were in packets that could not be stored.
///
/// Kept in a [StateLog], when there is one: a stream's total at each loss, so that the account
/// outlives the daemon. Any thread.
final class LostRecords {
    /// Beyond it the log is written anew, a record a stream: a full disk must not fill another one.
    private static final long MAX_LOG_BYTES = 64 * 1024;

    private static final RepeatedMessages LOG =
            new RepeatedMessages(System.getLogger("dev.contrail.recorder"));

    private final Optional<Path> file;
    private final Map<String, Long> counts = new HashMap<>();
    private Optional<StateLog> log = Optional.empty();
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

    synchronized void add(StreamKey stream, long records) {
        read();
        String name = name(stream);
        counts.merge(name, records, Long::sum);
        try {
            keep(name);
        } catch (IOException e) {
            LOG.warn("Cannot keep how many records were lost in " + file.orElseThrow(), e);
        }
    }

    long of(StreamKey stream) {
        return ofStream(name(stream));
    }

    /// @param name the stream's file, from the output directory on
    synchronized long ofStream(String name) {
        read();
        return counts.getOrDefault(name, 0L);
    }

    /// Of all streams of a channel, in all traces of the kernel or of applications.
    synchronized long ofChannel(boolean isKernel, String channel) {
        read();
        long sum = 0;
        for (Map.Entry<String, Long> each : counts.entrySet()) {
            String name = each.getKey();
            int begin = name.lastIndexOf('/') + 1;
            int end = Math.max(begin, name.lastIndexOf('_'));
            if (name.startsWith("kernel/") == isKernel
                    && name.substring(begin, end).equals(channel)) {
                sum += each.getValue();
            }
        }
        return sum;
    }

    synchronized long sum() {
        read();
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The stream's file, from the output directory on.
    static String name(StreamKey stream) {
        return stream.traceDirectory() + "/" + stream.channel() + "_" + stream.suffix();
    }

    private void keep(String name) throws IOException {
        if (file.isEmpty()) {
            return;
        }
        if (log.isEmpty()) {
            log = Optional.of(StateLog.open(file.get()));
        }
        StateLog kept = log.get();
        if (kept.sizeBytes() > MAX_LOG_BYTES) {
            var all = new ArrayList<String>();
            counts.forEach((stream, count) -> all.add(record(stream, count)));
            kept.replace(all);
        } else {
            kept.append(record(name, counts.getOrDefault(name, 0L)));
        }
    }

    private static String record(String name, long count) {
        return count + "\t" + name;
    }

    private void read() {
        if (isRead || file.isEmpty()) {
            return;
        }
        isRead = true;
        if (!Files.exists(file.get())) {
            return; // Made at the first loss.
        }
        try {
            StateLog found = StateLog.open(file.get());
            for (String record : found.records()) {
                List<String> words = List.of(record.split("\t", 2));
                if (words.size() == 2) {
                    counts.put(words.get(1), Long.parseLong(words.get(0)));
                }
            }
            log = Optional.of(found);
        } catch (IOException | NumberFormatException e) {
            LOG.warn("Cannot read how many records were lost from " + file.get(), e);
        }
    }
}
