// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.RandomLayouts;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// `-Dcontrail.layouts=100000` tries so many layouts instead of a few thousand.
class RecordCompilerPropertyTest {
    private static final int LAYOUTS = Integer.getInteger("contrail.layouts", 3000);
    private static final int RECORDS = 12;

    private long generated;
    private long all;

    @Test
    void generatedCodeAndInterpreterReadWhatWasWritten() throws CtfException {
        long base = System.nanoTime();
        for (int i = 0; i < LAYOUTS; i++) {
            check(base + i);
        }
        assertThat(generated).isGreaterThan(all / 2);
    }

    private void check(long seed) throws CtfException {
        var random = new Random(seed);
        TracePlan plan = TracePlan.of("m", RandomLayouts.metadata(random));
        StreamPlan stream = plan.stream(0).orElseThrow();
        var writer = new RandomRecord(random);
        writer.write(stream.packetContext(), null, 0);
        writer.takeSlots();
        var events = plan.metadata().events();
        var written = new ArrayList<DecodedRecord>();
        while (written.size() < RECORDS) {
            EventClass event = events.get(random.nextInt(events.size()));
            EventPlan eventPlan = stream.event(event.id()).orElseThrow();
            writer.write(stream.eventHeader(), Role.EVENT_CLASS_ID, event.id());
            writer.write(stream.commonContext(), null, 0);
            writer.write(eventPlan.specificContext(), null, 0);
            writer.write(eventPlan.payload(), null, 0);
            written.add(new DecodedRecord(event.id(), 0, writer.takeSlots()));
        }
        byte[] packet = writer.bytes();
        String name = "seed " + seed;
        var interpreted = new ArrayList<DecodedRecord>();
        Optional<String> damage =
                read(plan, packet, Integer.MAX_VALUE, writer.position(), interpreted);
        assertThat(damage).as(name).isEmpty();
        assertThat(slots(interpreted)).as(name).isEqualTo(slots(written));
        var fast = new ArrayList<DecodedRecord>();
        assertThat(read(plan, packet, 1, writer.position(), fast)).as(name).isEmpty();
        fast.clear();
        assertThat(read(plan, packet, 1, writer.position(), fast)).as(name).isEmpty();
        assertThat(fast).as(name).isEqualTo(interpreted);
        damage(plan, packet, random, name);
    }

    /// What generated code makes of damage is what the interpreter makes of it.
    private void damage(TracePlan plan, byte[] packet, Random random, String name) {
        for (int round = 0; round < 4; round++) {
            byte[] damaged = Arrays.copyOf(packet, 1 + random.nextInt(packet.length));
            if (random.nextBoolean()) {
                damaged = packet.clone();
                damaged[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
            }
            long limit = damaged.length * 8L - random.nextInt(8);
            var one = new ArrayList<DecodedRecord>();
            var other = new ArrayList<DecodedRecord>();
            Optional<String> interpreted = read(plan, damaged, Integer.MAX_VALUE, limit, one);
            Optional<String> fast = read(plan, damaged, 1, limit, other);
            assertThat(fast).as(name).isEqualTo(interpreted);
            assertThat(other).as(name).isEqualTo(one);
        }
    }

    private static List<List<Long>> slots(List<DecodedRecord> records) {
        return records.stream().map(DecodedRecord::slots).toList();
    }

    private Optional<String> read(
            TracePlan plan,
            byte[] packet,
            int eventsBeforeCode,
            long limit,
            List<DecodedRecord> records) {
        var decoder = new PacketDecoder(plan, eventsBeforeCode);
        try {
            decoder.begin(ByteBuffer.wrap(packet), "f", 0, 0, packet.length);
            decoder.endContent(limit);
            while (decoder.next()) {
                records.add(DecodedRecord.of(decoder));
                if (eventsBeforeCode == 1) {
                    all++;
                    generated += decoder.isGenerated() ? 1 : 0;
                }
            }
            return Optional.empty();
        } catch (CtfException e) {
            return Optional.of(e.getMessage());
        }
    }
}
