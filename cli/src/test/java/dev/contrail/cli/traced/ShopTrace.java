// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.traced;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.ClockClass;
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
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// A small trace of which each byte is known: two streams, six events within a second of the year
/// 2001.
public final class ShopTrace {
    private static final long BEGIN = 1_000_000_000_000_000_000L;
    private static final long MILLI = 1_000_000;

    private ShopTrace() {}

    /// Writes it into a new folder.
    public static Path write(Path folder) throws IOException {
        return write(folder, 2);
    }

    /// @param number that tells this trace from others
    public static Path write(Path folder, long number) throws IOException {
        ClockClass clock = ClockClass.monotonic("00000000-0000-0000-0000-000000000000", 0);
        var environment = new LinkedHashMap<String, Object>();
        environment.put("hostname", "till");
        environment.put("domain", "ust");
        environment.put("tracer_name", "lttng-ust");
        var trace =
                new TraceClass(
                        new UUID(1, number),
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
        EventClass ordered = event(0, "shop:ordered", fields);
        EventClass paid = event(1, "shop:paid", fields);
        try (CtfWriter writer =
                CtfWriter.create(folder, trace, CtfVersion.CTF_1_8, CtfWriter.PACKET_BYTES)) {
            CtfStream first = writer.stream(new StreamClass(0, clock.id()), "channel0_0");
            first.append(ordered, BEGIN, 1L, 250, "tea");
            first.append(paid, BEGIN + 200 * MILLI, 1L, 250, "tea");
            first.append(ordered, BEGIN + 900 * MILLI, 3L, -5, "refund");
            CtfStream second = writer.stream(new StreamClass(0, clock.id()), "channel0_1");
            second.append(ordered, BEGIN + 100 * MILLI, 2L, 1999, "a \"book\"");
            second.append(paid, BEGIN + 500 * MILLI, 2L, 1999, "a \"book\"");
            second.append(paid, BEGIN + 1000 * MILLI, 3L, -5, "refund");
        }
        return folder;
    }

    private static EventClass event(long id, String name, StructureClass fields) {
        return new EventClass(id, 0, name, 6, StructureClass.ABSENT, fields);
    }
}
