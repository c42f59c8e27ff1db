// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.Traces;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class TsdlRoundTripTest {

    @Test
    void readsBackEveryFieldClassThatItWrites() throws CtfException {
        Metadata metadata = MetadataFile.parse("metadata", Traces.metadata());
        assertThat(metadata.trace()).isEqualTo(Traces.trace());
        assertThat(metadata.streams())
                .containsExactly(Traces.stream(0, LttngSchema.jvmEventHeader(Traces.CLOCK)));
        assertThat(metadata.events()).containsExactly(Traces.allFieldClasses());
        assertThat(metadata.warnings()).isEmpty();
    }

    @Test
    void takesUpStreamsAndEventsThatAreAppended() throws CtfException {
        StreamClass later = Traces.stream(7, LttngSchema.largeEventHeader(Traces.CLOCK));
        var empty =
                new EventClass(
                        9,
                        7,
                        "empty",
                        EventClass.NO_LOG_LEVEL,
                        StructureClass.ABSENT,
                        Traces.struct());
        Metadata metadata =
                MetadataFile.parse(
                        "metadata",
                        Traces.metadata() + TsdlWriter.stream(later) + TsdlWriter.event(empty));
        assertThat(metadata.streams()).hasSize(2).contains(later);
        assertThat(metadata.events()).hasSize(2).contains(empty);
    }

    @Test
    void tellsAScopeWithoutMembersFromOneThatIsNotDeclared() throws CtfException {
        Metadata metadata =
                MetadataFile.parse(
                        "metadata",
                        Traces.metadata()
                                + "event { name = \"bare\"; id = 1; stream_id = 0; };"
                                + "event { name = \"empty\"; id = 2; stream_id = 0; fields := struct {}; };");
        assertThat(metadata.events().get(1).fields().isAbsent()).isTrue();
        assertThat(metadata.events().get(2).fields().isAbsent()).isFalse();
    }

    @Test
    void keepsByteOrderOfABigEndianTrace() throws CtfException {
        var trace =
                new TraceClass(
                        Traces.UUID_OF_TRACE,
                        ByteOrder.BIG_ENDIAN,
                        LttngSchema.packetHeader(),
                        new LinkedHashMap<>(),
                        List.of(Traces.CLOCK));
        StreamClass stream = Traces.stream(0, LttngSchema.jvmEventHeader(Traces.CLOCK));
        String text =
                TsdlWriter.preamble(trace, List.of(stream))
                        + TsdlWriter.event(Traces.allFieldClasses(), ByteOrder.BIG_ENDIAN);
        Metadata metadata = MetadataFile.parse("metadata", text);
        assertThat(metadata.trace()).isEqualTo(trace);
        assertThat(metadata.streams()).containsExactly(stream);
        assertThat(metadata.events()).containsExactly(Traces.allFieldClasses());
    }

    @Test
    void putsNamesOfTheEnvironmentInQuotesThatAreNone() throws CtfException {
        var environment = new LinkedHashMap<String, Object>();
        environment.put("a b", 1L);
        environment.put("int", "x");
        environment.put("", "q\"");
        var trace =
                new TraceClass(
                        Traces.UUID_OF_TRACE,
                        ByteOrder.LITTLE_ENDIAN,
                        LttngSchema.packetHeader(),
                        environment,
                        List.of(Traces.CLOCK));
        Metadata metadata = MetadataFile.parse("metadata", TsdlWriter.preamble(trace, List.of()));
        assertThat(metadata.trace().environment()).containsExactlyEntriesOf(environment);
    }

    @Test
    void writesAClockBeforeTheEpochAsSecondsBeforeAndTicksAfter() throws CtfException {
        var clock = new ClockClass("c", "", "", 1_000_000_000L, 3, 0, -1, true);
        var trace =
                new TraceClass(
                        Traces.UUID_OF_TRACE,
                        ByteOrder.LITTLE_ENDIAN,
                        LttngSchema.packetHeader(),
                        new LinkedHashMap<>(),
                        List.of(clock));
        Metadata metadata = MetadataFile.parse("metadata", TsdlWriter.preamble(trace, List.of()));
        assertThat(metadata.trace().clocks())
                .containsExactly(
                        new ClockClass("c", "", "", 1_000_000_000L, 3, -1, 999_999_999, true));
    }

    @Test
    void readsBackATraceThatSaysAsLittleAsPossible() throws CtfException {
        var trace =
                new TraceClass(
                        TraceClass.NO_UUID,
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        new LinkedHashMap<>(),
                        List.of());
        var stream =
                new StreamClass(0, Traces.struct(), StructureClass.ABSENT, StructureClass.ABSENT);
        var event = new EventClass(0, 0, "bare", -1, Traces.struct(), StructureClass.ABSENT);
        String text = TsdlWriter.preamble(trace, List.of(stream)) + TsdlWriter.event(event);
        assertThat(text).doesNotContain("uuid");
        Metadata metadata = MetadataFile.parse("metadata", text);
        assertThat(metadata.trace()).isEqualTo(trace);
        assertThat(metadata.streams()).containsExactly(stream);
        assertThat(metadata.streams().getFirst().packetContext().isAbsent()).isFalse();
        assertThat(metadata.streams().getFirst().eventHeader().isAbsent()).isTrue();
        assertThat(metadata.events()).containsExactly(event);
        assertThat(metadata.events().getFirst().context().isAbsent()).isFalse();
        assertThat(metadata.events().getFirst().fields().isAbsent()).isTrue();
    }
}
