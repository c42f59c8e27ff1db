// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.it.sim.Application.Recorded;
import dev.contrail.it.sim.Application.Stream;
import dev.contrail.it.sim.Watcher.Shown;
import dev.contrail.recorder.output.LostRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether what was recorded is there, once, or is said to be lost.
final class Account {
    private static final int METADATA_HEADER_BYTES = 37;

    private final World world;
    private final List<String> faults = new ArrayList<>();
    private final Set<Path> withPackets = new HashSet<>();

    /// The number of the next packet of the stream that is read.
    private long next;

    /// What its last packet says was discarded.
    private long told;

    Account(World world) {
        this.world = world;
    }

    /// @return what is wrong; empty for nothing
    Optional<String> check() {
        try {
            for (Application application : world.applications()) {
                for (Stream each : application.streams()) {
                    check(each);
                }
                checkMetadata(application);
            }
        } catch (IOException e) {
            faults.add(e.toString());
        }
        return faults.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", faults));
    }

    private void fault(Stream stream, String what) {
        if (faults.size() < 20) {
            String key = stream.key().traceDirectory() + "/" + stream.key().suffix();
            faults.add(key + ": " + what);
        }
    }

    /// All of it is there that packets need, once.
    private void checkMetadata(Application application) throws IOException {
        Stream first = application.streams().getFirst();
        for (Path each : files(first.key().traceDirectory(), "metadata")) {
            if (!withPackets.contains(each.getParent())) {
                continue; // nothing was ever acknowledged there, and the power was lost
            }
            String text = text(ByteBuffer.wrap(Files.readAllBytes(each)));
            String wanted = String.join("", application.parts());
            int begin = text.indexOf("/* part");
            String found = begin < 0 ? "" : text.substring(begin);
            boolean isWhole =
                    found.equals(wanted)
                            // what needed the rest was lost
                            || world.daemon().lost().sum() > 0
                                    && wanted.startsWith(found)
                                    && !found.isEmpty();
            if (!isWhole || text.indexOf("trace {") != text.lastIndexOf("trace {")) {
                fault(first, "the metadata ends with %s, want %s".formatted(found, wanted));
            }
        }
    }

    /// What is in packets of metadata (`ctf.md`, of TSDL).
    private static String text(ByteBuffer packets) {
        packets.order(ByteOrder.LITTLE_ENDIAN);
        var text = new StringBuilder();
        while (packets.hasRemaining()) {
            int begin = packets.position();
            int content = packets.getInt(begin + 24) / Byte.SIZE;
            int size = packets.getInt(begin + 28) / Byte.SIZE;
            byte[] bytes = new byte[content - METADATA_HEADER_BYTES];
            packets.get(begin + METADATA_HEADER_BYTES, bytes);
            text.append(new String(bytes, StandardCharsets.UTF_8));
            packets.position(begin + size);
        }
        return text.toString();
    }

    private void check(Stream stream) throws IOException {
        List<Path> files = files(stream);
        if (files.stream().map(Path::getParent).distinct().count() > 1) {
            fault(stream, "in several directories: " + files);
        }
        var stored = new ArrayList<Recorded>();
        next = 0;
        told = 0;
        for (Path each : files) {
            read(stream, each, stored);
        }
        LostRecords.Lost lost = world.daemon().lost().of(stream.key());
        long inRing = records(stream.packets());
        long discarded = stream.packets().isEmpty() ? 0 : lastDiscarded(stream);
        long present = records(stored);
        if (present + lost.records() != inRing) {
            fault(
                    stream,
                    "%d recorded, %d stored, %d lost; not stored: %s"
                            .formatted(
                                    inRing,
                                    present,
                                    lost.records(),
                                    stream.packets().stream()
                                            .filter(each -> !stored.contains(each))
                                            .map(each -> each.entry().sequence())
                                            .toList()));
        }
        if (!files.isEmpty() && told != discarded + lost.records()) {
            fault(
                    stream,
                    "the trace tells of %d discarded, the ring has discarded %d, %d were lost"
                            .formatted(told, discarded, lost.records()));
        }
        for (Watcher each : world.watchers()) {
            check(stream, stored, each);
        }
    }

    private static long lastDiscarded(Stream stream) {
        return stream.packets().getLast().entry().discardedEvents();
    }

    private static long records(List<Recorded> packets) {
        return packets.stream().mapToLong(each -> each.entry().recordCount()).sum();
    }

    /// In their order.
    private List<Path> files(Stream stream) throws IOException {
        String name = stream.key().channel() + "_" + stream.key().suffix();
        if (stream.key().fileBytes() == 0) {
            return files(stream.key().traceDirectory(), name);
        }
        var all = new ArrayList<Path>();
        for (int i = 0; i < stream.key().fileCount(); i++) {
            all.addAll(files(stream.key().traceDirectory(), name + "_" + i));
        }
        return all;
    }

    private List<Path> files(String directory, String name) throws IOException {
        Path traces = SimulatedRelay.traces(world.relaying());
        try (var all = Files.walk(traces)) {
            return all.filter(each -> each.endsWith(name))
                    .filter(each -> each.toString().contains("/" + directory + "/"))
                    .sorted()
                    .toList();
        }
    }

    private void read(Stream stream, Path file, List<Recorded> stored) throws IOException {
        byte[] data = Files.readAllBytes(file);
        if (!Files.exists(IndexFile.of(file))) {
            if (data.length > 0) {
                fault(stream, data.length + " bytes without an index");
            }
            return;
        }
        ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(IndexFile.of(file)));
        index.position(IndexFile.HEADER_BYTES);
        long at = 0;
        while (index.hasRemaining()) {
            withPackets.add(file.getParent());
            PacketLocation packet = IndexFile.takeEntry(index);
            if (packet.offsetBytes() != at || packet.endBytes() > data.length) {
                fault(stream, "packet at %d, want %d".formatted(packet.offsetBytes(), at));
                return;
            }
            at = packet.endBytes();
            IndexEntry entry = packet.entry();
            boolean isAnyLost = world.daemon().lost().of(stream.key()).records() > 0;
            if (entry.sequence() < next || entry.sequence() != next && !isAnyLost) {
                fault(stream, "packet %d of %s, want %d".formatted(entry.sequence(), file, next));
            }
            next = entry.sequence() + 1;
            if (entry.discardedEvents() < told) {
                fault(stream, "less discarded than before in " + entry);
            }
            told = entry.discardedEvents();
            check(stream, entry, data, packet, stored);
        }
        if (at != data.length) {
            fault(stream, "%d bytes, %d in the index".formatted(data.length, at));
        }
    }

    private void check(
            Stream stream,
            IndexEntry entry,
            byte[] data,
            PacketLocation packet,
            List<Recorded> stored) {
        int begin = (int) packet.offsetBytes();
        int end = (int) packet.endBytes();
        ByteBuffer bytes = ByteBuffer.wrap(data, begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
        long sequence = bytes.getLong(begin + 64);
        long discarded = bytes.getLong(begin + 72);
        if (sequence != entry.sequence() || discarded != entry.discardedEvents()) {
            fault(
                    stream,
                    "packet %d with %d discarded, in the index %s"
                            .formatted(sequence, discarded, entry));
        }
        int payload = begin + JvmSchema.PACKET_START_BYTES;
        if (payload >= end) {
            return;
        }
        long content = bytes.getLong(payload);
        Optional<Recorded> its =
                stream.packets().stream().filter(each -> each.content() == content).findFirst();
        if (its.isEmpty()
                || !Arrays.equals(
                        Application.payload(its.get()), Arrays.copyOfRange(data, payload, end))) {
            fault(stream, "a packet that was never recorded: " + entry);
            return;
        }
        if (!stored.isEmpty()
                && stored.getLast().entry().sequence() >= its.get().entry().sequence()) {
            fault(
                    stream,
                    "packet %d after %d"
                            .formatted(
                                    its.get().entry().sequence(),
                                    stored.getLast().entry().sequence()));
        }
        stored.add(its.get());
    }

    private static List<Long> some(List<Long> contents, int from) {
        return contents.stream().skip(from).limit(4).map(each -> each & 0xFFFFFF).toList();
    }

    private void check(Stream stream, List<Recorded> stored, Watcher watcher) {
        String name =
                "%s/%s_%s"
                        .formatted(
                                stream.key().traceDirectory(),
                                stream.key().channel(),
                                stream.key().suffix());
        List<Long> seen =
                watcher.shown().stream()
                        .filter(each -> each.stream().endsWith(name) && each.content() != 0)
                        .map(Shown::content)
                        .toList();
        List<Long> wanted = stored.stream().map(Recorded::content).toList();
        if (!seen.equals(wanted)) {
            int same = 0;
            while (same < Math.min(seen.size(), wanted.size())
                    && seen.get(same).equals(wanted.get(same))) {
                same++;
            }
            fault(
                    stream,
                    "%s has seen %d of %d packets, the first %d of them right, then %s instead of %s; missing said: %s"
                            .formatted(
                                    watcher,
                                    seen.size(),
                                    wanted.size(),
                                    same,
                                    some(seen, same),
                                    some(wanted, same),
                                    watcher.shown().stream()
                                            .map(Shown::missing)
                                            .filter(each -> !each.isEmpty())
                                            .toList()));
        }
    }
}
