// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.Ctf2Traces;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class RecordCompilerTest {
    /// HotSpot leaves longer methods interpreted (`-XX:HugeMethodLimit`).
    private static final int LONGEST_COMPILED = 8000;

    private static final String U8 =
            "{'type': 'fixed-length-unsigned-integer', 'length': 8, 'byte-order': 'little-endian',"
                    + " 'alignment': 8}";

    private static TracePlan plan(int events, int fields, long idStep) throws CtfException {
        String[] fragments = new String[2 + events];
        fragments[0] = Ctf2Traces.PREAMBLE;
        fragments[1] =
                "{'type': 'data-stream-class', 'event-record-header-field-class': {'type':"
                        + " 'structure', 'member-classes': ["
                        + Ctf2Traces.member("id", Ctf2Traces.integer(64, "event-record-class-id"))
                        + "]}}";
        for (int event = 0; event < events; event++) {
            String[] members = new String[fields];
            for (int field = 0; field < fields; field++) {
                members[field] = Ctf2Traces.member("f" + field, U8);
            }
            fragments[2 + event] =
                    Ctf2Traces.event(members)
                            .replaceFirst(",", ", 'id': " + event * idStep + ", 'name': 'e',");
        }
        return TracePlan.of("m", MetadataFile.parse("m", Ctf2Traces.sequence(fragments)));
    }

    /// One record of each event class, ids in their order, fields counting up.
    private static ByteBuffer packet(int events, int fields, long idStep) {
        ByteBuffer packet =
                ByteBuffer.allocate(events * (8 + fields)).order(ByteOrder.LITTLE_ENDIAN);
        for (int event = 0; event < events; event++) {
            packet.putLong(event * idStep);
            for (int field = 0; field < fields; field++) {
                packet.put((byte) (event + field));
            }
        }
        return packet.flip();
    }

    private static int generatedRecords(TracePlan plan, int events, int fields, long idStep)
            throws CtfException {
        var decoder = new PacketDecoder(plan, 1);
        int generated = 0;
        for (int round = 0; round < 2; round++) {
            ByteBuffer packet = packet(events, fields, idStep);
            decoder.begin(packet, "f", round, 0, packet.limit());
            generated = 0;
            for (int event = 0; event < events; event++) {
                assertThat(decoder.next()).isTrue();
                assertThat(decoder.event().eventClass().id()).isEqualTo(event * idStep);
                int last = decoder.firstSlot(Scope.PAYLOAD) + fields - 1;
                assertThat(decoder.slots()[last]).isEqualTo(event + fields - 1 & 0xFF);
                generated += decoder.isGenerated() ? 1 : 0;
            }
            assertThat(decoder.next()).isFalse();
        }
        return generated;
    }

    @Test
    void dispatchesToAnyNumberOfEventClasses() throws CtfException {
        for (long idStep : new long[] {1, 1000}) {
            TracePlan plan = plan(300, 2, idStep);
            assertThat(generatedRecords(plan, 300, 2, idStep)).isEqualTo(300);
        }
    }

    @Test
    void decodesManyRecordsAtOnceAlsoWhereTheyAreLarge() throws CtfException {
        TracePlan plan = plan(40, 150, 1);
        assertThat(generatedRecords(plan, 40, 150, 1)).isEqualTo(40);
        var decoder = new PacketDecoder(plan, 1);
        int most = 0;
        for (int round = 0; round < 5; round++) {
            ByteBuffer packet = packet(40, 150, 1);
            decoder.begin(packet, "f", round, 0, packet.limit());
            while (decoder.next()) {
                most = Math.max(most, decoder.ahead());
            }
        }
        assertThat(most).isEqualTo(39);
    }

    @Test
    void leavesEventClassesWithHugeIdsToTheInterpreter() throws CtfException {
        long idStep = 1L << 30;
        assertThat(generatedRecords(plan(5, 2, idStep), 5, 2, idStep)).isEqualTo(2);
    }

    @Test
    void leavesEventClassesOfHundredsOfFieldsToTheInterpreter() throws CtfException {
        assertThat(generatedRecords(plan(2, 1000, 1), 2, 1000, 1)).isZero();
        assertThat(generatedRecords(plan(2, 100, 1), 2, 100, 1)).isEqualTo(2);
    }

    @Test
    void makesOnlyMethodsThatHotSpotCompiles() throws CtfException {
        for (int fields : new int[] {1, 240}) {
            int events = fields == 1 ? 1500 : 20;
            StreamPlan stream = plan(events, fields, 7).stream(0).orElseThrow();
            byte[] code = RecordCompiler.code(stream, stream.events());
            var made = ClassFile.of().parse(code);
            assertThat(made.methods()).hasSizeGreaterThan(events);
            for (var method : made.methods()) {
                int length = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
                assertThat(length)
                        .as(method.methodName().stringValue())
                        .isLessThan(LONGEST_COMPILED);
            }
        }
    }

    @Test
    void leavesAStreamClassOfTooManyConstantsToTheInterpreter() throws CtfException {
        int events = 1500;
        String[] fragments = new String[2 + events];
        fragments[0] = Ctf2Traces.PREAMBLE;
        fragments[1] =
                "{'type': 'data-stream-class', 'event-record-header-field-class': {'type':"
                        + " 'structure', 'member-classes': ["
                        + Ctf2Traces.member("id", Ctf2Traces.integer(64, "event-record-class-id"))
                        + "]}}";
        for (int event = 0; event < events; event++) {
            var ranges = new StringBuilder("[[0, 0]");
            for (int i = 0; i < 40; i++) {
                ranges.append(
                        ", [%d, %d]"
                                .formatted(
                                        100_000L * event + i * 2 + 9,
                                        100_000L * event + i * 2 + 9));
            }
            fragments[2 + event] =
                    Ctf2Traces.event(
                                    Ctf2Traces.member("k", U8),
                                    Ctf2Traces.member(
                                            "o",
                                            "{'type': 'optional', 'field-class': "
                                                    + U8
                                                    + ", 'selector-field-location': {'path':"
                                                    + " ['k']}, 'selector-field-ranges': "
                                                    + ranges
                                                    + "]}"))
                            .replaceFirst(",", ", 'id': " + event + ",");
        }
        TracePlan plan = TracePlan.of("m", MetadataFile.parse("m", Ctf2Traces.sequence(fragments)));
        StreamPlan stream = plan.stream(0).orElseThrow();
        assertThat(RecordCompiler.compile(stream, stream.events())).isEmpty();
    }
}
