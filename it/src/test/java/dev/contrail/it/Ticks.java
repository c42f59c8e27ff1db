// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The numbered events of a trace, as our reader and babeltrace2 both find them. Reading fails when
/// one is there twice, when the readers differ, or when either complains of more than losses.
final class Ticks {
    private static final Pattern LOSS =
            Pattern.compile("Tracer discarded (\\d+) (event|packet)s? ");

    /// Where the first packet of a stream already tells of losses: nobody says how many.
    private static final String UNTOLD = "Tracer may have discarded events ";

    /// Numbers by process and thread.
    private final Map<String, BitSet> numbers = new TreeMap<>();

    private long stored;
    private long warned;
    private long told;
    private long lostPackets;

    private Ticks() {}

    /// Reads with both; no packet may be missing.
    static Ticks read(Machine machine, Path trace) throws IOException, InterruptedException {
        Ticks ticks = readBroken(machine, trace);
        assertThat(ticks.lostPackets).as("packets lost").isZero();
        return ticks;
    }

    /// Reads with both a trace of which packets could not be stored.
    static Ticks readBroken(Machine machine, Path trace) throws IOException, InterruptedException {
        Ticks ticks = readOurs(trace);
        Needs.tool("babeltrace2");
        Machine.Result peer = machine.run(List.of("babeltrace2", trace.toString()));
        assertThat(peer.status()).as(peer.err()).isZero();
        long there = peer.out().lines().filter(line -> line.contains(" count:tick: ")).count();
        assertThat(there).as("events that babeltrace2 finds").isEqualTo(ticks.stored);
        var complaints = new ArrayList<String>();
        long warned = 0;
        long lostPackets = 0;
        for (String line : peer.err().lines().toList()) {
            Matcher loss = LOSS.matcher(line);
            if (loss.find() && loss.group(2).equals("packet")) {
                lostPackets += Long.parseLong(loss.group(1));
            } else if (loss.reset().find()) {
                warned += Long.parseLong(loss.group(1));
            } else if (!line.contains(UNTOLD) && !line.isBlank()) {
                complaints.add(line);
            }
        }
        assertThat(complaints).as("babeltrace2's complaints").isEmpty();
        assertThat(lostPackets).as("packets that babeltrace2 misses").isEqualTo(ticks.lostPackets);
        assertThat(warned).as("losses that babeltrace2 tells").isEqualTo(ticks.warned);
        return ticks;
    }

    /// Reads with our reader only.
    static Ticks readOurs(Path trace) throws IOException {
        var ticks = new Ticks();
        var damage = new ArrayList<String>();
        try (TraceReader reader = TraceReader.open(List.of(trace))) {
            while (reader.next()) {
                switch (reader.current()) {
                    case EventRecord event when event.name().equals("count:tick") ->
                            ticks.add(event);
                    case Message.DiscardedEvents loss -> ticks.warned += loss.count();
                    case Message.DiscardedPackets loss -> ticks.lostPackets += loss.count();
                    case Message.Damage(String what) -> damage.add(what);
                    case Message _ -> {}
                }
            }
            damage.addAll(reader.damage());
            damage.addAll(reader.warnings());
        }
        assertThat(damage).as("what our reader complains of").isEmpty();
        ticks.told = told(trace);
        return ticks;
    }

    /// Events found, of all threads.
    long stored() {
        return stored;
    }

    /// Losses that readers warn of: those between the packets of each stream.
    long warned() {
        return warned;
    }

    /// Losses that the last packet of each stream tells: all of the stream.
    long told() {
        return told;
    }

    /// The numbers of each thread of each process.
    List<BitSet> threads() {
        return List.copyOf(numbers.values());
    }

    /// Fails unless each thread has all numbers from 1 to its last, which is in `last`.
    void assertAllUpTo(long[] last) {
        assertThat(missing(last)).as("numbers missing").isEmpty();
        assertThat(stored).isEqualTo(java.util.stream.LongStream.of(last).sum());
    }

    /// `thread:from-to` for what is not there, of one process.
    List<String> missing(long[] last) {
        var missing = new ArrayList<String>();
        for (int thread = 0; thread < last.length; thread++) {
            BitSet found = new BitSet();
            int wanted = thread;
            numbers.forEach((key, bits) -> {
                if (key.endsWith(":" + wanted)) {
                    found.or(bits);
                }
            });
            int from = found.nextClearBit(1);
            while (from <= last[thread]) {
                int to = found.nextSetBit(from);
                to = to < 0 ? (int) last[thread] : to - 1;
                missing.add(thread + ":" + from + "-" + to);
                from = found.nextClearBit(to + 1);
            }
        }
        return missing;
    }

    private void add(EventRecord event) {
        long process = (Long) event.fields(dev.contrail.ctf.Scope.PACKET_CONTEXT).get("vpid");
        long thread = (Long) event.field("thread").orElseThrow();
        long number = (Long) event.field("number").orElseThrow();
        BitSet bits = numbers.computeIfAbsent(process + ":" + thread, _ -> new BitSet());
        assertThat(bits.get((int) number)).as("%d:%d is there twice", thread, number).isFalse();
        bits.set((int) number);
        stored++;
    }

    /// From the indexes, which must fit the stream files to the byte.
    private static long told(Path trace) throws IOException {
        Map<String, PacketLocation> last = new HashMap<>();
        for (Path stream : streams(trace)) {
            Path index = IndexFile.of(stream);
            if (!Files.exists(index)) {
                assertThat(Files.size(stream)).as("%s has no index", stream).isZero();
                continue;
            }
            try (FileChannel channel = FileChannel.open(index)) {
                long end = 0;
                for (PacketLocation packet :
                        IndexFile.read(index.toString(), channel, Files.size(stream))) {
                    assertThat(packet.offsetBytes()).as(stream.toString()).isEqualTo(end);
                    end += packet.entry().packetBits() / 8;
                    last.merge(
                            stream.getParent()
                                    + "/"
                                    + packet.entry().streamInstanceId()
                                    + "/"
                                    + packet.entry().streamClassId(),
                            packet,
                            (one, other) ->
                                    one.entry().sequence() > other.entry().sequence()
                                            ? one
                                            : other);
                }
                assertThat(Files.size(stream)).as(stream.toString()).isEqualTo(end);
            } catch (CtfException e) {
                throw new AssertionError(index.toString(), e);
            }
        }
        return last.values().stream().mapToLong(packet -> packet.entry().discardedEvents()).sum();
    }

    /// Whether a whole packet of some stream is stored.
    static boolean hasPacket(Path trace) throws IOException {
        for (Path stream : streams(trace)) {
            Path index = IndexFile.of(stream);
            if (Files.exists(index) && Files.size(index) > IndexFile.HEADER_BYTES) {
                return true;
            }
        }
        return false;
    }

    /// The stream files of the traces below a directory.
    static List<Path> streams(Path trace) throws IOException {
        try (var all = Files.walk(trace)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(file -> !file.getFileName().toString().equals("metadata"))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(file -> !file.getParent().getFileName().toString().equals("index"))
                    .sorted()
                    .toList();
        }
    }
}
