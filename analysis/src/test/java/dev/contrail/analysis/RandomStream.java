// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.RandomTsdl.Reference;
import dev.contrail.analysis.RandomTypes.Member;
import dev.contrail.analysis.RandomTypes.Number;
import dev.contrail.analysis.RandomTypes.Structure;
import dev.contrail.analysis.RandomTypes.Type;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// A stream class of a [RandomTrace] with its event classes, and packets of it.
final class RandomStream {
    private static final String CLOCK = "map = clock.c.value;";

    /// A field of a packet's header or context; its name says what it means.
    record Slot(String name, Type type, Optional<Number> number) {
        static Slot of(String name, Number number) {
            return new Slot(name, number, Optional.of(number));
        }
    }

    static String declare(List<Slot> slots) {
        return "struct "
                + RandomTypes.body(
                        slots.stream()
                                .map(each ->
                                        new Member(
                                                each.name
                                                        + (each.name.equals("uuid") ? "[16]" : ""),
                                                each.type))
                                .toList());
    }

    /// How an event begins.
    private enum Header {
        NONE,
        PLAIN,
        COMPACT
    }

    private record Event(long id, Optional<Structure> context, Structure fields) {}

    private final Random random;
    private final RandomTsdl tsdl;
    private final List<Slot> packetHeader;
    private final boolean hasClock;
    private final long id;
    private final boolean isBig;
    private final List<Slot> context = new ArrayList<>();
    private final List<Slot> header = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Header headerKind;
    private final boolean hasSizes;
    private final int compactBits;
    private boolean isFull;
    private long now;
    private Optional<Structure> common = Optional.empty();
    private final StringBuilder declaration = new StringBuilder();

    RandomStream(
            Random random,
            RandomTsdl tsdl,
            List<Slot> packetHeader,
            boolean hasClock,
            long id,
            boolean hasId,
            boolean isBig) {
        this.random = random;
        this.tsdl = tsdl;
        this.packetHeader = packetHeader;
        this.hasClock = hasClock;
        this.id = id;
        this.isBig = isBig;
        hasSizes = tsdl.isPacked() || !oneIn(6);
        headerKind = tsdl.pick(List.of(Header.NONE, Header.PLAIN, Header.PLAIN, Header.COMPACT));
        compactBits = tsdl.isPacked() ? 27 : 32;
        makeContext();
        makeHeader();
        declaration.append("stream { ");
        if (hasId) {
            declaration.append("id = ").append(id).append("; ");
        }
        if (!context.isEmpty()) {
            declaration.append("packet.context := ").append(declare(context)).append("; ");
        }
        switch (headerKind) {
            case NONE -> {}
            case PLAIN ->
                    declaration.append("event.header := ").append(declare(header)).append("; ");
            case COMPACT -> declaration.append("event.header := ").append(compact()).append("; ");
        }
        var known = new ArrayList<Reference>();
        for (Slot slot : context) {
            if (slot.name.startsWith("len")) {
                known.add(new Reference("stream.packet.context." + slot.name, slot.number.get()));
            }
        }
        if (oneIn(3)) {
            common = Optional.of(tsdl.structure(tsdl.members(1 + random.nextInt(3), 1, known)));
            declaration.append("event.context := ").append(common.get().declare("")).append("; ");
            common.get().members().stream()
                    .forEach(each -> {
                        if (each.type() instanceof Number number && number.isLength()) {
                            known.add(new Reference("stream.event.context." + each.name(), number));
                        }
                    });
        }
        declaration.append("};\n");
        makeEvents(hasId, known);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /// Whether several streams of it can be told apart, and are in a known order.
    boolean hasBegin() {
        return context.stream().anyMatch(each -> each.name.equals("timestamp_begin"));
    }

    String declaration() {
        return declaration.toString();
    }

    private void makeContext() {
        if (hasSizes) {
            int kind = random.nextInt(8);
            if (kind != 1 || tsdl.isPacked()) {
                context.add(
                        Slot.of(
                                "packet_size",
                                tsdl.fixed(oneIn(2) ? 32 : 64, tsdl.alignment(), "")));
            }
            if (kind != 2 || tsdl.isPacked()) {
                context.add(
                        Slot.of(
                                "content_size",
                                tsdl.fixed(oneIn(2) ? 32 : 64, tsdl.alignment(), "")));
            }
        }
        if (hasClock && !oneIn(4)) {
            int bits = oneIn(4) ? 16 + random.nextInt(3) * 8 : 64;
            context.add(Slot.of("timestamp_begin", tsdl.fixed(bits, tsdl.alignment(), CLOCK)));
            isFull = bits == 64;
            if (!oneIn(4)) {
                // A shorter one goes back in time for babeltrace2.
                context.add(Slot.of("timestamp_end", tsdl.fixed(64, tsdl.alignment(), CLOCK)));
            }
        }
        if (oneIn(2)) {
            context.add(
                    Slot.of(
                            "events_discarded",
                            tsdl.fixed(8 << random.nextInt(4), tsdl.alignment(), "")));
        }
        if (oneIn(2)) {
            context.add(
                    Slot.of(
                            "packet_seq_num",
                            tsdl.fixed(8 << random.nextInt(4), tsdl.alignment(), "")));
        }
        if (oneIn(2)) {
            context.add(Slot.of("cpu_id", tsdl.fixed(32, 8, "")));
        }
        if (oneIn(4)) {
            context.add(Slot.of("len" + id, tsdl.length()));
        }
        Collections.shuffle(context, random);
        if (oneIn(3)) {
            for (Member member : tsdl.members(1 + random.nextInt(2), 1, List.of())) {
                context.add(new Slot(member.name(), member.type(), Optional.empty()));
            }
        }
    }

    private void makeHeader() {
        if (headerKind != Header.PLAIN) {
            return;
        }
        header.add(Slot.of("id", tsdl.fixed(8 << random.nextInt(4), tsdl.alignment(), "")));
        if (hasClock) {
            int bits = tsdl.isPacked() ? 10 + random.nextInt(55) : 16 << random.nextInt(3);
            header.add(Slot.of("timestamp", tsdl.fixed(bits, tsdl.alignment(), CLOCK)));
        }
        if (oneIn(5)) {
            header.add(Slot.of("user", tsdl.fixed(8, 8, "")));
        }
        Collections.shuffle(header, random);
    }

    /// LTTng's two headers.
    private String compact() {
        int bits = tsdl.isPacked() ? 5 : 16;
        int most = (1 << bits) - 1;
        String tag = "integer { size = " + bits + "; align = " + (tsdl.isPacked() ? 1 : 8) + "; }";
        String time = hasClock ? CLOCK : "";
        return "struct { enum : "
                + tag
                + " { compact = 0 ... "
                + (most - 1)
                + ", extended = "
                + most
                + " } id; variant <id> { struct { integer { size = "
                + compactBits
                + "; align = "
                + (tsdl.isPacked() ? 1 : 8)
                + "; "
                + time
                + " } timestamp; } compact; struct { "
                + "integer { size = 32; align = 8; } id; integer { size = 64; align = 8; "
                + time
                + " } timestamp; } extended; } v; } align(8)";
    }

    private void makeEvents(boolean hasId, List<Reference> known) {
        var ids = new LinkedHashSet<Long>();
        int count = headerKind == Header.NONE ? 1 : 1 + random.nextInt(4);
        while (ids.size() < count) {
            ids.add((long) random.nextInt(headerKind == Header.NONE ? 1 : 30));
        }
        if (headerKind == Header.COMPACT && oneIn(2)) {
            ids.add(100_000L);
        }
        for (long eventId : ids) {
            String name =
                    tsdl.pick(List.of("e", "lttng_ust:x", "q\\\"uote", "b\\\\s", "sp ace", "é"));
            declaration.append("event { name = ");
            declaration
                    .append(oneIn(4) ? "w" + eventId : "\"" + name + eventId + "\"")
                    .append("; ");
            if (headerKind != Header.NONE || oneIn(2)) {
                declaration.append("id = ").append(eventId).append("; ");
            }
            if (hasId) {
                declaration.append("stream_id = ").append(id).append("; ");
            }
            if (oneIn(3)) {
                declaration.append("loglevel = ").append(random.nextInt(15)).append("; ");
            }
            if (oneIn(4)) {
                declaration.append("model.emf.uri = \"http://x/?a=\\\"b\\\"\"; ");
            }
            Optional<Structure> own = Optional.empty();
            if (oneIn(3)) {
                var members = new ArrayList<Member>();
                for (int i = 0; i <= random.nextInt(3); i++) {
                    members.add(new Member(tsdl.name(), tsdl.leaf()));
                }
                own = Optional.of(tsdl.structure(members));
                declaration.append("context := ").append(own.get().declare("")).append("; ");
            }
            var lengths = new ArrayList<>(known);
            List<Member> fields = tsdl.members(random.nextInt(6), 0, lengths);
            if (headerKind == Header.NONE) {
                fields.add(new Member(tsdl.name(), tsdl.leaf())); // no event is empty
            }
            if (hasClock && oneIn(4)) {
                int bits = tsdl.isPacked() ? 11 + random.nextInt(54) : 16 << random.nextInt(3);
                fields.add(
                        random.nextInt(fields.size() + 1),
                        new Member(
                                tsdl.name(), new Stamp(tsdl.fixed(bits, tsdl.alignment(), CLOCK))));
            }
            var payload = tsdl.structure(fields);
            declaration.append("fields := ").append(payload.declare("")).append("; };\n");
            events.add(new Event(eventId, own, payload));
        }
    }

    /// Packets of one stream, one after the other.
    byte[] packets(long instance, UUID uuid) {
        var all = new ByteArrayOutputStream();
        now = isFull ? random.nextLong() >>> 25 + random.nextInt(30) : random.nextInt(500);
        long discarded = oneIn(3) ? random.nextInt(5) : 0;
        long sequence = random.nextInt(3);
        int count = hasSizes ? 1 + random.nextInt(4) : 1;
        for (int i = 0; i < count; i++) {
            all.writeBytes(packet(instance, uuid, discarded, sequence));
            discarded += oneIn(3) ? random.nextInt(9) : 0;
            sequence += oneIn(4) ? 2 + random.nextInt(3) : 1;
            now += random.nextInt(300);
        }
        return all.toByteArray();
    }

    /// A field of an event that counts the clock's ticks: what comes later is relative to it.
    private final class Stamp implements Type {
        private final Number number;

        Stamp(Number number) {
            this.number = number;
        }

        @Override
        public int alignment() {
            return number.alignment();
        }

        @Override
        public String declare(String name) {
            return number.declare(name);
        }

        @Override
        public void write(RandomBits out) {
            now += random.nextInt(50);
            number.put(out, now);
        }
    }

    private byte[] packet(long instance, UUID uuid, long discarded, long sequence) {
        var out = new RandomBits(random, isBig);
        var places = new HashMap<String, Place>();
        for (Slot slot : packetHeader) {
            switch (slot.name) {
                case "magic" -> put(out, slot, RandomTrace.MAGIC);
                case "uuid" -> {
                    for (int i = 0; i < 16; i++) {
                        long half =
                                i < 8
                                        ? uuid.getMostSignificantBits()
                                        : uuid.getLeastSignificantBits();
                        put(out, slot, half >>> 56 - 8 * (i & 7) & 0xFF);
                    }
                }
                case "stream_id" -> put(out, slot, id);
                case "stream_instance_id" -> put(out, slot, instance);
                default -> slot.type.write(out);
            }
        }
        align(out, context);
        for (Slot slot : context) {
            switch (slot.name) {
                case "packet_size", "content_size", "timestamp_end" ->
                        places.put(slot.name, put(out, slot, 0));
                case "timestamp_begin" -> put(out, slot, now);
                case "events_discarded" -> put(out, slot, discarded);
                case "packet_seq_num" -> put(out, slot, sequence);
                default -> slot.type.write(out);
            }
        }
        for (int i = random.nextInt(7); i > 0; i--) {
            now += random.nextInt(400);
            event(out);
        }
        int content = out.position();
        if (places.containsKey("content_size")) {
            out.align(8);
            for (int i = random.nextInt(9); i > 0 && places.containsKey("packet_size"); i--) {
                out.put(random.nextInt(), 8, isBig);
            }
        }
        now += random.nextInt(200);
        patch(out, places.get("packet_size"), out.position());
        patch(out, places.get("content_size"), content);
        patch(out, places.get("timestamp_end"), now);
        return out.bytes();
    }

    /// Where a number is that is known later.
    private record Place(int at, int bits) {}

    private Place put(RandomBits out, Slot slot, long value) {
        Number number = slot.number.orElseThrow();
        number.put(out, value);
        return new Place(out.position() - number.bits, number.bits);
    }

    private void patch(RandomBits out, Place place, long value) {
        if (place != null) {
            out.putAt(place.at, value, place.bits, isBig);
        }
    }

    private static void align(RandomBits out, List<Slot> slots) {
        slots.forEach(each -> out.align(each.type.alignment())); // powers of two: the largest wins
    }

    private void event(RandomBits out) {
        Event event = tsdl.pick(events);
        switch (headerKind) {
            case NONE -> {}
            case PLAIN -> {
                align(out, header);
                for (Slot slot : header) {
                    switch (slot.name) {
                        case "id" -> put(out, slot, event.id);
                        case "timestamp" -> put(out, slot, now);
                        default -> slot.type.write(out);
                    }
                }
            }
            case COMPACT -> compactHeader(out, event.id);
        }
        common.ifPresent(each -> each.write(out));
        event.context.ifPresent(each -> each.write(out));
        event.fields.write(out);
    }

    private void compactHeader(RandomBits out, long event) {
        int bits = tsdl.isPacked() ? 5 : 16;
        out.align(8);
        if (event > 30 || oneIn(4)) {
            out.put(-1, bits, isBig);
            out.align(8).put(event, 32, isBig);
            out.put(now, 64, isBig);
        } else {
            out.put(event, bits, isBig);
            out.put(now, compactBits, isBig);
        }
    }
}
