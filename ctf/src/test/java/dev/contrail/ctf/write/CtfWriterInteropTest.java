// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import static dev.contrail.ctf.FieldClass.unsigned;
import static dev.contrail.ctf.Traces.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.ClockOrigin;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.BooleanClass;
import dev.contrail.ctf.FieldClass.DynamicBlobClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.Option;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.Range;
import dev.contrail.ctf.FieldClass.RangeVariantClass;
import dev.contrail.ctf.FieldClass.StaticTextClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariableIntegerClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TextEncoding;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.Traces;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [CtfWriter] writes, read by babeltrace2.
class CtfWriterInteropTest {
    @TempDir private Path temporary;
    private Path folder;

    @BeforeEach
    void needsBabeltrace() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/babeltrace2")),
                "babeltrace2 is not installed");
        folder = temporary.resolve("trace");
    }

    private String babeltrace(String... options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("babeltrace2", "--clock-gmt"));
        command.addAll(List.of(options));
        command.add(folder.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text;
        }
    }

    @Test
    void readsEveryFieldClassOfCtf18() throws IOException, InterruptedException {
        EventClass all = Traces.allFieldClasses();
        var event =
                new EventClass(
                        0, 0, all.name(), 13, all.emfUri(), StructureClass.ABSENT, all.fields());
        var streamClass =
                new StreamClass(
                        0,
                        Identity.NONE,
                        Traces.CLOCK.id(),
                        struct(new Member("cpu_id", unsigned(32))),
                        StructureClass.ABSENT,
                        struct(new Member("_vtid", unsigned(32))));
        TraceClass trace = Traces.trace();
        var ours =
                new TraceClass(
                        trace.uuid(),
                        ByteOrder.BIG_ENDIAN,
                        StructureClass.ABSENT,
                        trace.environment(),
                        trace.clocks());
        try (CtfWriter writer = CtfWriter.create(folder, ours)) {
            CtfStream stream = writer.stream(streamClass, "ch_0", 3);
            stream.appendScopes(
                    event,
                    1000,
                    Map.of(
                            Scope.COMMON_CONTEXT,
                            Map.of("vtid", 4242),
                            Scope.PAYLOAD,
                            Arrays.asList(
                                    -2,
                                    List.of(List.of(1, 2), List.of(3, 4), List.of(5, 6)),
                                    0xABCD,
                                    2,
                                    List.of(7, -8),
                                    "pro",
                                    "héllo",
                                    1.5,
                                    -0.25,
                                    Map.of("x", 9),
                                    "_int",
                                    -5)));
            stream.flush();
            stream.skipPackets(1);
            stream.discardEvents(4);
            stream.begin(2000);
            stream.flush(3000);
        }
        assertThat(babeltrace("--fields=loglevel"))
                .contains(
                        """
                        [08:07:13.249188890] (+?.?????????) TRACE_DEBUG_LINE (13) \
                        my:"event": { cpu_id = 3 }, { vtid = 4242 }, \
                        { e = ( "a \\"x\\"; \\\\ }" : container = -2 ), \
                        a = [ [0] = [ [0] = 1, [1] = 2 ], [1] = [ [0] = 3, [1] = 4 ], [2] = [ [0] = 5, [1] = 6 ] ], \
                        be = 0xABCD, _s_length = 2, s = [ [0] = 7, [1] = -8 ], t = "pro", z = "héllo", \
                        d = 1.5, f = -0.25, st = { x = 9 }, tag = ( "_int" : container = 0 ), v = { -5 } }
                        """)
                .contains("WARNING: Tracer discarded 4 events between [08:07:13.249188890] and")
                .contains("WARNING: Tracer discarded 1 packet between [08:07:13.249188890] and");
    }

    @Test
    void readsFieldClassesOfCtf2SaidInCtf18() throws IOException, InterruptedException {
        var sel = new FieldLocation.Relative(0, List.of("sel"));
        var payload =
                struct(
                        new Member("is", new BooleanClass(8, 8, ByteOrder.LITTLE_ENDIAN, false)),
                        new Member(
                                "opt",
                                new OptionalClass(
                                        new TextClass(),
                                        new FieldLocation.Relative(0, List.of("is")),
                                        List.of())),
                        new Member("sel", new VariableIntegerClass(false, 10, Set.of())),
                        new Member(
                                "var",
                                new RangeVariantClass(
                                        sel,
                                        List.of(
                                                option("int", unsigned(8), 0, 2),
                                                option("", new TextClass(), 3, 9)))),
                        new Member("blob", new DynamicBlobClass(sel, "x/y")),
                        new Member("wide $", new StaticTextClass(8, TextEncoding.UTF_16LE)));
        var event = new EventClass(0, 0, "e", -1, StructureClass.ABSENT, payload);
        var clock =
                new ClockClass(
                        "1",
                        Identity.NONE,
                        "",
                        1_000_000_000L,
                        -1,
                        -1,
                        5,
                        0,
                        new ClockOrigin.UnixEpoch());
        var trace =
                new TraceClass(
                        CtfVersion.CTF_2,
                        Identity.NONE,
                        TraceClass.NO_UUID,
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        new LinkedHashMap<>(),
                        List.of(clock));
        try (CtfWriter writer = CtfWriter.create(folder, trace, CtfVersion.CTF_1_8, 1000)) {
            CtfStream stream = writer.stream(new StreamClass(0, "1"), "ch_0");
            stream.append(event, 1, true, "yes", 3, "text", new byte[] {1, 2, -1}, "ü");
            stream.append(event, 2, false, null, 1, 7, new byte[] {1}, "");
        }
        assertThat(babeltrace())
                .isEqualTo(
                        """
                        [00:00:05.000000001] (+?.?????????) e: { is = ( "some" : container = 1 ), \
                        opt = { "yes" }, sel = ( "some" : container = 3 ), var = { "text" }, \
                        blob = [ [0] = 1, [1] = 2, [2] = 255 ], wide__ = "ü" }
                        [00:00:05.000000002] (+0.000000001) e: { is = ( "none" : container = 0 ), \
                        opt = { { } }, sel = ( "_int" : container = 1 ), var = { 7 }, \
                        blob = [ [0] = 1 ], wide__ = "" }
                        """);
    }

    private static Option option(String name, FieldClass fieldClass, long lower, long upper) {
        return new Option(
                name,
                fieldClass,
                List.of(new Range(BigInteger.valueOf(lower), BigInteger.valueOf(upper))));
    }
}
