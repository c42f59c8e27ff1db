// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmTraceTest {
    private static final Path RING = Path.of("/dev/shm/contrail-1/a b.ring");
    private static final UUID UUID_OF_RING = UUID.randomUUID();
    private static final List<EventField> FIELDS =
            List.of(new EventField("n", FieldType.S64), new EventField("t", FieldType.STRING));

    @TempDir private Path state;

    @Test
    void givesOutTheSameAfterARestart() throws IOException {
        JvmTrace first = trace();
        first.eventId(2, List.of(), "a:b", 13, FIELDS);
        int id = first.eventId(2, List.of(), "a:c", 13, FIELDS).orElseThrow();
        long instance = first.instance(2, UUID_OF_RING, 1, 2, 3);
        first.process(RING, "Shop\t1");
        String metadata = first.metadata(UUID_OF_RING);

        JvmTrace next = trace();
        assertThat(next.eventId(2, List.of(), "a:c", 13, FIELDS)).hasValue(id);
        assertThat(next.instance(2, UUID_OF_RING, 1, 2, 3)).isEqualTo(instance);
        assertThat(next.instance(2, UUID_OF_RING, 1, 2, 4)).isEqualTo(instance + 1);
        assertThat(next.processName(RING)).isEqualTo("Shop\t1");
        assertThat(next.rings()).containsExactly(RING);
        assertThat(next.metadata(UUID_OF_RING)).isEqualTo(metadata);
    }

    /// A number of a stream that is there already would have its packets taken for those.
    @ParameterizedTest
    @ValueSource(ints = {0, 30, 60, 100})
    void givesNoNumberTwiceWhereItsFileIsCut(int percent) throws IOException {
        JvmTrace first = trace();
        first.eventId(2, List.of(), "a:b", 13, FIELDS);
        long last = 0;
        for (int i = 0; i < 10; i++) {
            last = first.instance(2, UUID_OF_RING, 1, 2, i);
        }
        Path file = state.resolve("jvm-1");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, Math.max(0, bytes.length * percent / 100 - 1)));

        trace();
        long next = trace().instance(2, UUID_OF_RING, 1, 2, 99);

        assertThat(next).isGreaterThan(last);
    }

    @Test
    void anEventOfTheSameNameAndFieldsAtAnotherLevelIsAnother() throws IOException {
        JvmTrace trace = trace();
        int one = trace.eventId(2, List.of(), "a:b", 13, FIELDS).orElseThrow();
        int other = trace.eventId(2, List.of(), "a:b", 4, FIELDS).orElseThrow();

        assertThat(other).isNotEqualTo(one);
        assertThat(trace.eventId(2, List.of(), "a:b", 13, FIELDS)).hasValue(one);
        assertThat(trace().eventId(2, List.of(), "a:b", 4, FIELDS)).hasValue(other);
    }

    /// Java, and the languages on its virtual machine, have names that TSDL has not; one such name
    /// would make the whole trace unreadable.
    @Test
    void saysFieldNamesAsTsdlCan() throws Exception {
        var names = List.of("ñ", "文字", "a$1", "a-b", "a b", "_00f1", "");
        List<EventField> fields =
                names.stream().map(name -> new EventField(name, FieldType.S64)).toList();
        JvmTrace trace = trace();
        trace.eventId(2, List.of(), "a:ümläut \"quoted\\", 13, fields);
        Metadata metadata = MetadataFile.parse("metadata", trace.metadata(UUID_OF_RING));

        assertThat(metadata.events().getFirst().name()).isEqualTo("a:ümläut \"quoted\\");
        assertThat(metadata.events().getFirst().fields().members())
                .extracting(Member::name)
                .containsExactly(
                        "__00f1",
                        "__6587_5b57",
                        "_a_00241",
                        "_a_002db",
                        "_a_0020b",
                        "__00f1_",
                        "_");
    }

    /// A daemon of the first version kept the same as lines of a file, streams without numbers.
    @Test
    void goesOnWithWhatTheFirstVersionHasGivenOut() throws IOException {
        String ring = UUID_OF_RING.toString();
        Files.writeString(
                state.resolve("jvm-1"),
                String.join(
                        "\n",
                        "stream\t2",
                        "event\t2\t0\t13\ta%3Ab\tn:S64,t:STRING",
                        "process\t%2Fdev%2Fshm%2Fcontrail-1%2Fa+b.ring\tShop",
                        "instance\t2\t" + ring + "\t0\t1\t0",
                        "instance\t2\t" + ring + "\t0\t1\t1",
                        "inst"));
        for (JvmTrace trace : List.of(trace(), trace())) {
            assertThat(trace.eventId(2, List.of(), "a:b", 13, FIELDS)).hasValue(0);
            assertThat(trace.processName(RING)).isEqualTo("Shop");
            assertThat(trace.knownInstance(2, UUID_OF_RING, 0, 1, 1)).hasValue(1);
            assertThat(trace.problem()).isEmpty();
        }
        assertThat(trace().instance(2, UUID_OF_RING, 0, 1, 2)).isEqualTo(2);
        assertThat(trace().eventId(2, List.of(), "a:c", 13, FIELDS)).hasValue(1);
    }

    @Test
    void addsTheAccountsOfRingsThatHaveGone() throws IOException {
        var account = new RingAccount("ust", "a", 10, 2, 3, Long.MAX_VALUE);
        JvmTrace first = trace();
        first.departed(RING, 1, account, false);
        first.departed(RING.resolveSibling("other.ring"), 1, account, true);
        first.departed(RING, 12, account, false);

        for (JvmTrace each : List.of(first, trace())) {
            RingAccount sum = each.departedOf(1);
            assertThat(sum.recorded()).isEqualTo(20);
            assertThat(sum.discarded()).isEqualTo(4);
            assertThat(sum.overwritten()).isEqualTo(3 + 10);
            assertThat(each.isDeparted(RING, 1)).isTrue();
            assertThat(each.isDeparted(RING, 2)).isFalse();
        }
    }

    private JvmTrace trace() throws IOException {
        return JvmTrace.open(
                new SessionFacts(
                        1,
                        "s",
                        false,
                        "20261123T101500+0000",
                        "host",
                        0,
                        ClockClass.monotonic("2cfc1350-7fff-4fac-9d78-043751401ef9", 5),
                        state),
                1);
    }
}
