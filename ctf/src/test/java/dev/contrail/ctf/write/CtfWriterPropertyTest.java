// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.RandomLayouts;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `-Dcontrail.layouts=10000` tries so many layouts instead of a few hundred.
class CtfWriterPropertyTest {
    private static final int LAYOUTS = Integer.getInteger("contrail.layouts", 300);
    private static final int RECORDS = 40;
    private static final int PACKET_BYTES = 1000;
    private static final Scope[] SCOPES = {
        Scope.COMMON_CONTEXT, Scope.SPECIFIC_CONTEXT, Scope.PAYLOAD
    };

    private record Record(long id, long ticks, List<String> values) {}

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void readsBackWhatWasAppended(CtfVersion version) throws IOException, CtfException {
        long base = System.nanoTime();
        for (int i = 0; i < LAYOUTS; i++) {
            Path trace = folder.resolve(version + "_" + i);
            String name = "seed " + (base + i) + " in " + version;
            var random = new Random(base + i);
            var contexts = new ArrayList<String>();
            List<Record> written;
            try {
                written = write(trace, version, random, contexts);
            } catch (RuntimeException e) {
                throw new AssertionError(name, e);
            }
            assertThat(read(trace, contexts, name)).as(name).isEqualTo(written);
        }
    }

    private static List<Record> write(
            Path folder, CtfVersion version, Random random, List<String> contexts)
            throws IOException, CtfException {
        Metadata made = RandomLayouts.metadata(random);
        StreamClass given = made.streams().getFirst();
        var streamClass =
                new StreamClass(
                        0,
                        given.identity(),
                        random.nextInt(4) == 0 ? "" : given.clock(),
                        given.packetContext(),
                        StructureClass.ABSENT,
                        given.eventContext());
        var values = new RandomValues(random);
        var written = new ArrayList<Record>();
        try (CtfWriter writer = CtfWriter.create(folder, made.trace(), version, PACKET_BYTES)) {
            writer.declare(List.of(streamClass), made.events());
            TracePlan plan = TracePlan.of("m", made); // its lengths and tags hold for both versions
            StreamPlan layouts = plan.stream(0).orElseThrow();
            CtfStream stream = writer.stream(streamClass, "s");
            Object context = values.value(layouts.packetContext());
            contexts.add(RandomValues.shown(context));
            stream.packetContext(context);
            long ticks = random.nextLong() >>> random.nextInt(64);
            for (int i = 0; i < RECORDS; i++) {
                ticks += random.nextLong() >>> 20 + random.nextInt(44);
                EventClass event = made.events().get(random.nextInt(made.events().size()));
                EventPlan own = layouts.event(event.id()).orElseThrow();
                var fields = new EnumMap<Scope, Object>(Scope.class);
                fields.put(Scope.COMMON_CONTEXT, values.value(layouts.commonContext()));
                fields.put(Scope.SPECIFIC_CONTEXT, values.value(own.specificContext()));
                fields.put(Scope.PAYLOAD, values.value(own.payload()));
                stream.appendScopes(event, ticks, fields);
                boolean hasTime = !streamClass.clock().isEmpty();
                written.add(new Record(event.id(), hasTime ? ticks : 0, shown(fields)));
                if (random.nextInt(10) == 0) {
                    stream.flush();
                }
            }
        }
        return written;
    }

    private static List<String> shown(Map<Scope, Object> fields) {
        var shown = new ArrayList<String>();
        for (Scope scope : SCOPES) {
            shown.add(RandomValues.shown(fields.get(scope)));
        }
        return shown;
    }

    private static List<Record> read(Path folder, List<String> contexts, String name)
            throws IOException, CtfException {
        TracePlan plan =
                TracePlan.of("metadata", MetadataFile.read("metadata", folder.resolve("metadata")));
        byte[] bytes = Files.readAllBytes(folder.resolve("s"));
        List<PacketLocation> index;
        try (FileChannel channel = FileChannel.open(IndexFile.of(folder.resolve("s")))) {
            index = IndexFile.read("index", channel, bytes.length);
        }
        var records = new ArrayList<Record>();
        var decoder = new PacketDecoder(plan);
        int number = 0;
        for (PacketLocation packet : index) {
            int at = (int) packet.offsetBytes();
            ByteBuffer rest = ByteBuffer.wrap(bytes, at, (int) packet.sizeBytes()).slice();
            IndexEntry entry = decoder.begin(rest, "s", number, at, bytes.length - at);
            assertThat(entry.sequence()).as(name).isEqualTo(number++);
            assertThat(entry.packetBits()).as(name).isEqualTo(packet.entry().packetBits());
            assertThat(entry.contentBits()).as(name).isEqualTo(packet.entry().contentBits());
            int inPacket = 0;
            while (decoder.next()) {
                var values = new ArrayList<String>();
                for (Scope scope : SCOPES) {
                    values.add(
                            decoder.layout(scope)
                                    .map(layout -> value(decoder, scope, layout))
                                    .orElse("[]"));
                }
                boolean hasTime = decoder.stream().clock().isPresent();
                long ticks = hasTime ? decoder.ticks() : 0;
                records.add(new Record(decoder.event().eventClass().id(), ticks, values));
                inPacket++;
            }
            assertThat(packet.sizeBytes() <= PACKET_BYTES || inPacket <= 1).as(name).isTrue();
            String context = value(decoder, Scope.PACKET_CONTEXT, decoder.stream().packetContext());
            String own = contexts.getFirst().substring(1);
            assertThat(context).as(name).endsWith(own.equals("]") ? "]" : " " + own);
        }
        return records;
    }

    private static String value(PacketDecoder decoder, Scope scope, FieldLayout layout) {
        return RandomValues.read(
                layout, decoder.slots(), decoder.firstSlot(scope), decoder.bytes());
    }
}
