// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.ClockOrigin;
import dev.contrail.ctf.Ctf2Traces;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ctf2MetadataTest {

    private static Metadata parse(String... fragments) throws CtfException {
        return MetadataFile.parse("m", Ctf2Traces.sequence(fragments));
    }

    @Test
    void readsWhatATraceSaysOfItself() throws CtfException {
        Metadata metadata = parse(Ctf2Traces.ALL);
        TraceClass trace = metadata.trace();
        assertThat(trace.version()).isEqualTo(CtfVersion.CTF_2);
        assertThat(trace.uuid()).isEqualTo(UUID.fromString("00010203-0405-0607-0809-0a0b0c0d0eff"));
        assertThat(trace.identity())
                .isEqualTo(new Identity(Optional.of("n"), Optional.of(""), Optional.of("u")));
        assertThat(trace.environment())
                .containsExactly(
                        java.util.Map.entry("hostname", "h"), java.util.Map.entry("low", -5L));
        assertThat(trace.clocks())
                .containsExactly(
                        new ClockClass(
                                "c",
                                new Identity(
                                        Optional.empty(),
                                        Optional.of("monotonic"),
                                        Optional.of("boot")),
                                "",
                                1000,
                                -1,
                                7,
                                -1,
                                999,
                                new ClockOrigin.UnixEpoch()));
        EventClass event = metadata.events().getFirst();
        assertThat(event.identity().name()).isEmpty();
        assertThat(event.logLevel()).isEqualTo(13);
        assertThat(event.emfUri()).isEqualTo("http://x");
        assertThat(metadata.attributes()).containsKeys(trace, event);
    }

    @Test
    void keepsTheAttributesOfFieldClassesByTheirIdentity() throws CtfException {
        Metadata metadata =
                parse(
                        Ctf2Traces.PREAMBLE,
                        "{'type': 'data-stream-class'}",
                        Ctf2Traces.event(
                                "{'name': 'a', 'attributes': {'x': 1}, 'field-class': {'type':"
                                        + " 'static-length-blob', 'length': 3, 'attributes': {'y':"
                                        + " 2}}}"));
        var member = metadata.events().getFirst().fields().members().getFirst();
        assertThat(metadata.attributes()).containsOnlyKeys(member, member.fieldClass());
    }

    @Test
    void findsAnAliasOnlyBehindItsDeclaration() throws CtfException {
        String alias =
                "{'type': 'field-class-alias', 'name': 'u8', 'field-class': {'type':"
                        + " 'fixed-length-unsigned-integer', 'length': 8, 'byte-order':"
                        + " 'big-endian'}}";
        String use = Ctf2Traces.event("{'name': 'a', 'field-class': 'u8'}");
        String stream = "{'type': 'data-stream-class'}";
        StructureClass fields =
                parse(Ctf2Traces.PREAMBLE, alias, stream, use).events().getFirst().fields();
        assertThat(fields.members().getFirst().fieldClass())
                .isInstanceOfSatisfying(
                        IntegerClass.class, u8 -> assertThat(u8.alignmentBits()).isEqualTo(1));
        assertThatThrownBy(() -> parse(Ctf2Traces.PREAMBLE, stream, use, alias))
                .isInstanceOf(CtfException.class)
                .hasMessageMatching(
                        "m: fragment 2 at byte \\d+, byte \\d+: field class alias `u8` is not"
                                + " declared before");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "'length': 65                                    | `length` is 65, want 1 to 64",
                "'length': 8, 'alignment': 3                     | `alignment` is 3, want a power of two",
                "'length': 8, 'bit-order': 'x'                   | `bit-order` is `x`, want first-to-last or last-to-first",
                "'length': '8'                                   | found \"8\", want an integer: `length`",
                "'length': 8, 'preferred-display-base': 7        | `preferred-display-base` is 7, want 2, 8, 10 or 16",
                "'length': 8, 'mappings': {'a': []}              | found no range, want one or more",
                "'length': 8, 'mappings': {'a': [[2, 1]]}        | `range` is 1, want 2 to",
                "'length': 8, 'mappings': {'a': [[-1, 1]]}       | a range of an unsigned integer begins at -1",
                "'length': 8, 'roles': ['x']                     | role `x` is unknown",
                "'length': 8, 'roles': ['packet-sequence-number'] | role `packet-sequence-number` has no place in `payload-field-class`",
                "'length': 8, 'extensions': {'n': {}}            | extensions of `n` are declared, and this reader knows none",
                "'length': 8, 'x': 1                             | property `x` is unknown",
            })
    void refusesAFieldClassThatTheFormatDoesNotHave(String properties, String message) {
        String field =
                "{'name': 'a', 'field-class': {'type': 'fixed-length-unsigned-integer',"
                        + " 'byte-order': 'little-endian', "
                        + properties
                        + "}}";
        assertThatThrownBy(() ->
                        parse(
                                Ctf2Traces.PREAMBLE,
                                "{'type': 'data-stream-class'}",
                                Ctf2Traces.event(field)))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining(message);
    }

    @Test
    void boundsWhatAliasesOfAliasesAmountTo() {
        String[] fragments = new String[40];
        fragments[0] = Ctf2Traces.PREAMBLE;
        fragments[1] =
                "{'type': 'field-class-alias', 'name': 'a1', 'field-class': {'type': 'structure'}}";
        for (int i = 2; i < fragments.length; i++) {
            fragments[i] =
                    ("{'type': 'field-class-alias', 'name': 'a%d', 'field-class': {'type':"
                                    + " 'structure', 'member-classes': [{'name': 'x', 'field-class':"
                                    + " 'a%d'}, {'name': 'y', 'field-class': 'a%d'}]}}")
                            .formatted(i, i - 1, i - 1);
        }
        assertThatThrownBy(() -> parse(fragments))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("a field class of 524287 fields");
    }

    @Test
    void takesALastFragmentThatIsCutAsDamage() throws CtfException {
        byte[] whole = Ctf2Traces.sequence(Ctf2Traces.ALL);
        Metadata cut = MetadataFile.parse("m", Arrays.copyOf(whole, whole.length - 3));
        assertThat(cut.events()).hasSize(Ctf2Traces.EVENTS - 1);
        assertThat(cut.damage()).singleElement().asString().contains("found the end, want");
    }

    @Test
    void endsInMetadataOrACheckedExceptionHoweverItIsCut() {
        byte[] whole = Ctf2Traces.sequence(Ctf2Traces.ALL);
        int accepted = 0;
        for (int length = 1; length < whole.length; length++) {
            accepted += isAccepted(Arrays.copyOf(whole, length)) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, whole.length - 1);
    }

    @Test
    void endsInAPlanOrACheckedExceptionHoweverItIsDamaged() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] whole = Ctf2Traces.sequence(Ctf2Traces.ALL);
        int accepted = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[1 + random.nextInt(whole.length - 1)] =
                        random.nextBoolean()
                                ? (byte) random.nextInt(256)
                                : whole[random.nextInt(whole.length)];
            }
            accepted += isAccepted(damaged) ? 1 : 0;
        }
        assertThat(accepted).as("seed %d", seed).isLessThan(5000);
    }

    private static boolean isAccepted(byte[] metadata) {
        try {
            TracePlan.of("m", MetadataFile.parse("m", metadata));
            return true;
        } catch (CtfException e) {
            assertThat(e.getMessage()).startsWith("m");
            return false;
        }
    }

    @Test
    void wantsAPreambleOfVersion2First() {
        assertThatThrownBy(() -> parse("{'type': 'trace-class'}"))
                .hasMessage("m: fragment 0 at byte 1, byte 1: the first fragment is no preamble");
        assertThatThrownBy(() -> parse("{'type': 'preamble', 'version': 3}"))
                .hasMessage("m: fragment 0 at byte 1, byte 1: version 3 of CTF, want 2");
        assertThatThrownBy(() -> MetadataFile.parse("m", new byte[] {0x1E}))
                .hasMessage("m: no preamble");
    }
}
