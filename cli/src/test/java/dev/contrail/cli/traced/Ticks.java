// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.traced;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Stream;

/// The numbered events of a trace, as our reader and babeltrace2 both find them. Reading fails when
/// one is there twice, when the readers differ, or when either complains of more than losses.
public final class Ticks {
    private static final Pattern LOSS = Pattern.compile("Tracer discarded (\\d+) events? ");

    /// Where the first packet of a stream already tells of losses: nobody says how many.
    private static final String UNTOLD = "Tracer may have discarded events ";

    /// Numbers by process and thread.
    private final Map<String, BitSet> numbers = new TreeMap<>();

    private long stored;
    private long warned;
    private long told;
    private long lostPackets;

    private Ticks() {}

    /// Reads with our reader; no packet may be missing. With babeltrace2 too, where it is.
    public static Ticks read(Path trace) throws IOException {
        Ticks ticks = readOurs(trace);
        assertThat(ticks.lostPackets).as("packets lost").isZero();
        if (hasPeer()) {
            ticks.compare(trace);
        }
        return ticks;
    }

    private static boolean hasPeer() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "babeltrace2")));
    }

    private void compare(Path trace) throws IOException {
        Path complaints = Files.createTempFile(trace.getParent(), "peer", ".err");
        Process peer =
                new ProcessBuilder("babeltrace2", trace.toString())
                        .redirectError(complaints.toFile())
                        .start();
        long there;
        try (BufferedReader out = peer.inputReader(StandardCharsets.UTF_8)) {
            there = out.lines().filter(line -> line.contains(" count:tick: ")).count();
        }
        assertThat(peer.onExit().join().exitValue()).isZero();
        assertThat(there).as("events that babeltrace2 finds").isEqualTo(stored);
        long losses = 0;
        for (String line : Files.readAllLines(complaints)) {
            Matcher loss = LOSS.matcher(line);
            if (loss.find()) {
                losses += Long.parseLong(loss.group(1));
            } else {
                assertThat(line.contains(UNTOLD) || line.isBlank()).as(line).isTrue();
            }
        }
        Files.delete(complaints);
        assertThat(losses).as("losses that babeltrace2 tells").isEqualTo(warned);
    }

    /// Reads with our reader only.
    private static Ticks readOurs(Path trace) throws IOException {
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
    public long stored() {
        return stored;
    }

    /// Losses that readers warn of: those between the packets of each stream.
    public long warned() {
        return warned;
    }

    /// Losses that the last packet of each stream tells: all of the stream.
    public long told() {
        return told;
    }

    /// The numbers of each thread of each process.
    public List<BitSet> threads() {
        return List.copyOf(numbers.values());
    }

    /// Fails unless each of so many threads has all numbers from 1 to the last.
    public void assertAll(int threads, long last) {
        assertThat(numbers).hasSize(threads);
        numbers.forEach((thread, bits) -> {
            assertThat((long) bits.nextClearBit(1)).as(thread).isEqualTo(last + 1);
            assertThat((long) bits.length()).as(thread).isEqualTo(last + 1);
        });
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

    /// The stream files of the traces below a directory.
    public static List<Path> streams(Path trace) throws IOException {
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
