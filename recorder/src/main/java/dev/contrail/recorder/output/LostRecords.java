// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.recorder.thread.RepeatedMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many records of each stream were in packets that could not be stored, and until when.
///
/// Kept in a [StateLog], when there is one: a stream's total at each loss, so that the account
/// outlives the daemon, and which packet it was where that may turn out to be stored. Any thread.
public final class LostRecords {
    /// What a stream has lost.
    ///
    /// @param records in all packets that were given up
    /// @param endTicks the end of the last of these packets
    /// @param discarded the records that the ring had discarded by then, as that packet would have
    ///   told
    public record Lost(long records, long endTicks, long discarded) {
        static final Lost NOTHING = new Lost(0, Long.MIN_VALUE, 0);

        private Lost and(IndexEntry packet) {
            return new Lost(
                    records + Math.max(0, packet.recordCount()),
                    Math.max(endTicks, packet.endTicks()),
                    Math.max(discarded, packet.discardedEvents()));
        }

        /// @param untrusted as [#text] makes it; the number alone is an earlier version's
        private static Lost of(String untrusted) {
            String[] words = untrusted.split(" ");
            return new Lost(
                    Long.parseLong(words[0]),
                    words.length < 3 ? Long.MIN_VALUE : Long.parseLong(words[1]),
                    words.length < 3 ? 0 : Long.parseLong(words[2]));
        }

        private String text() {
            return records + " " + endTicks + " " + discarded;
        }

        private Lost less(long stored) {
            return new Lost(records - stored, endTicks, discarded);
        }
    }

    /// Beyond it the log is written anew, a record a stream: a full disk must not fill another one.
    private static final long MAX_LOG_BYTES = 64 * 1024;

    /// Stands for a packet that is not remembered.
    private static final String NOT_KEPT = " -1 0";

    private static final RepeatedMessages LOG =
            new RepeatedMessages(System.getLogger("dev.contrail.recorder"));

    private final Optional<Path> file;
    private final Map<String, Lost> counts = new HashMap<>();
    private final Map<String, UnsureLosses> unsure = new HashMap<>();
    private Optional<StateLog> log = Optional.empty();
    private long mostLogBytes = MAX_LOG_BYTES;
    private boolean isRead;

    private LostRecords(Optional<Path> file) {
        this.file = file;
    }

    /// Counts that end with the process.
    public static LostRecords inMemory() {
        return new LostRecords(Optional.empty());
    }

    /// Counts that go on from what an earlier process has left in the file.
    public static LostRecords in(Path file) {
        return new LostRecords(Optional.of(file));
    }

    /// That packet is given up.
    public synchronized void add(StreamKey stream, IndexEntry packet) {
        String name = count(stream, packet);
        keep(name, unsure.containsKey(name) ? NOT_KEPT : "");
    }

    /// As [#add], but the packet may be stored all the same: [#settle] will say.
    public synchronized void addUnsure(StreamKey stream, IndexEntry packet) {
        String name = count(stream, packet);
        var its = new UnsureLosses.Packet(packet.sequence(), Math.max(0, packet.recordCount()));
        boolean isKept = unsure.computeIfAbsent(name, _ -> new UnsureLosses()).add(its);
        keep(name, isKept ? text(its) : NOT_KEPT);
    }

    /// @return the stream's name
    private String count(StreamKey stream, IndexEntry packet) {
        read();
        String name = name(stream);
        counts.put(name, counts.getOrDefault(name, Lost.NOTHING).and(packet));
        return name;
    }

    /// The output has said up to which number it has the packets of a stream: of those that were
    /// given up it may have some, and the others are lost.
    public synchronized void settle(StreamKey stream, long position) {
        read();
        String name = name(stream);
        UnsureLosses its = unsure.remove(name);
        if (its != null) {
            counts.put(name, counts.getOrDefault(name, Lost.NOTHING).less(its.settle(position)));
            keep(name, "");
        }
    }

    private static String text(UnsureLosses.Packet packet) {
        return " " + packet.sequence() + " " + packet.records();
    }

    /// How many of the records may be stored all the same.
    public synchronized long unsure() {
        read();
        return unsure.values().stream().mapToLong(UnsureLosses::records).sum();
    }

    public synchronized Lost of(StreamKey stream) {
        read();
        return counts.getOrDefault(name(stream), Lost.NOTHING);
    }

    /// @param name the stream's file, from the output directory on
    public synchronized long recordsOf(String name) {
        read();
        return counts.getOrDefault(name, Lost.NOTHING).records;
    }

    /// Of all streams of a channel, in all traces of the kernel or of applications.
    public synchronized long ofChannel(boolean isKernel, String channel) {
        read();
        long sum = 0;
        for (Map.Entry<String, Lost> each : counts.entrySet()) {
            String name = each.getKey();
            int begin = name.lastIndexOf('/') + 1;
            int end = Math.max(begin, name.lastIndexOf('_'));
            if (name.startsWith("kernel/") == isKernel
                    && name.substring(begin, end).equals(channel)) {
                sum += each.getValue().records;
            }
        }
        return sum;
    }

    public synchronized long sum() {
        read();
        return counts.values().stream().mapToLong(Lost::records).sum();
    }

    /// The stream's file, from the output directory on.
    public static String name(StreamKey stream) {
        return stream.traceDirectory() + "/" + stream.channel() + "_" + stream.suffix();
    }

    private void keep(String name, String packet) {
        if (file.isEmpty()) {
            return;
        }
        try {
            keepIn(name, packet);
        } catch (IOException e) {
            LOG.warn("Cannot keep how many records were lost in " + file.orElseThrow(), e);
        }
    }

    private void keepIn(String name, String packet) throws IOException {
        if (log.isEmpty()) {
            log = Optional.of(StateLog.open(file.get()));
        }
        StateLog kept = log.get();
        if (kept.sizeBytes() > mostLogBytes) {
            var all = new ArrayList<String>();
            counts.forEach((stream, count) -> {
                all.add(record(stream, count, ""));
                UnsureLosses its = unsure.getOrDefault(stream, new UnsureLosses());
                its.all().forEach(each -> all.add(record(stream, count, text(each))));
            });
            kept.replace(all);
            mostLogBytes = Math.max(MAX_LOG_BYTES, 2 * kept.sizeBytes());
        } else {
            kept.append(record(name, counts.getOrDefault(name, Lost.NOTHING), packet));
        }
    }

    private static String record(String name, Lost lost, String packet) {
        return lost.text() + packet + "\t" + name;
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
            found.records().forEach(this::read);
            log = Optional.of(found);
        } catch (IOException e) {
            LOG.warn("Cannot read how many records were lost from " + file.get(), e);
        }
    }

    /// A record without a packet comes when nothing is unsure.
    private void read(String name, String untrusted) {
        counts.put(name, Lost.of(untrusted));
        String[] words = untrusted.split(" ");
        if (words.length < 5) {
            unsure.remove(name);
            return;
        }
        var packet = new UnsureLosses.Packet(Long.parseLong(words[3]), Long.parseLong(words[4]));
        if (packet.sequence() >= 0) {
            unsure.computeIfAbsent(name, _ -> new UnsureLosses()).add(packet);
        }
    }

    /// One that is damaged costs its own count, not the others.
    private void read(String untrustedRecord) {
        List<String> words = List.of(untrustedRecord.split("\t", 2));
        try {
            if (words.size() == 2) {
                read(words.get(1), words.get(0));
            }
        } catch (NumberFormatException e) {
            LOG.warn("Cannot read how many records were lost from " + file.orElseThrow(), e);
        }
    }
}
