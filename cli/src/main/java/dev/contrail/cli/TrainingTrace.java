// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.analysis.convert.View;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.write.CtfStream;
import dev.contrail.ctf.write.CtfWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// A trace that is read while the start-up cache is filled: long enough for the reader to generate
/// its decoders.
final class TrainingTrace {
    private static final int EVENTS = 150_000;
    private static final List<String[]> READINGS =
            List.of(new String[] {"-o", "dummy"}, new String[] {}, new String[] {"-o", "json"});

    private TrainingTrace() {}

    static void read(Path folder, PrintStream err) throws IOException {
        try {
            write(folder);
        } catch (CtfException e) {
            throw new IOException(e);
        }
        for (String[] options : READINGS) {
            String[] words = new String[options.length + 1];
            System.arraycopy(options, 0, words, 0, options.length);
            words[options.length] = folder.toString();
            View.main(words, OutputStream.nullOutputStream(), err);
        }
    }

    private static void write(Path folder) throws IOException, CtfException {
        ClockClass clock = ClockClass.monotonic("00000000-0000-0000-0000-000000000000", 0);
        var environment = new LinkedHashMap<String, Object>();
        environment.put("hostname", "training");
        var trace =
                new TraceClass(
                        new UUID(1, 1),
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        environment,
                        List.of(clock));
        var fields =
                new StructureClass(
                        List.of(
                                new Member("_order", unsigned(64)),
                                new Member("_cents", signed(32)),
                                new Member("_what", new TextClass())),
                        1);
        var paid =
                new EventClass(
                        0,
                        0,
                        "training:paid",
                        EventClass.NO_LOG_LEVEL,
                        StructureClass.ABSENT,
                        fields);
        try (CtfWriter writer =
                CtfWriter.create(folder, trace, CtfVersion.CTF_1_8, CtfWriter.PACKET_BYTES)) {
            for (int number = 0; number < 2; number++) {
                CtfStream stream =
                        writer.stream(new StreamClass(0, clock.id()), "channel0_" + number);
                for (int i = 0; i < EVENTS / 2; i++) {
                    stream.append(paid, 1_000L * i, 1L << i % 60, i, "a thing");
                }
            }
        }
    }
}
