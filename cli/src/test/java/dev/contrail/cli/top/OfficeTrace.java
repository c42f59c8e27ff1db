// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.Identity;
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

/// A kernel trace of ten seconds: one processor, and threads of numbers from 101 on that have it by
/// turns, thread 100 + n for n ms of each round.
final class OfficeTrace {
    static final int THREADS = 40;

    private static final long MILLI = 1_000_000;
    private static final long END = 10_000 * MILLI;

    private OfficeTrace() {}

    static Path write(Path folder, String host) throws IOException {
        ClockClass clock =
                ClockClass.monotonic(
                        UUID.nameUUIDFromBytes(
                                        host.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .toString(),
                        0);
        var environment = new LinkedHashMap<String, Object>();
        environment.put("hostname", host);
        environment.put("domain", "kernel");
        var trace =
                new TraceClass(
                        UUID.randomUUID(),
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        environment,
                        List.of(clock));
        var stream =
                new StreamClass(
                        0,
                        Identity.NONE,
                        clock.id(),
                        new StructureClass(List.of(new Member("cpu_id", unsigned(32))), 1),
                        StructureClass.ABSENT,
                        StructureClass.ABSENT);
        var fields =
                new StructureClass(
                        List.of(
                                new Member("_prev_comm", new TextClass()),
                                new Member("_prev_tid", signed(32)),
                                new Member("_prev_state", signed(64)),
                                new Member("_next_comm", new TextClass()),
                                new Member("_next_tid", signed(32))),
                        1);
        var change =
                new EventClass(
                        0,
                        0,
                        "sched_switch",
                        EventClass.NO_LOG_LEVEL,
                        StructureClass.ABSENT,
                        fields);
        try (CtfWriter writer =
                CtfWriter.create(folder, trace, CtfVersion.CTF_1_8, CtfWriter.PACKET_BYTES)) {
            CtfStream cpu = writer.stream(stream, "channel0_0", 0L);
            long previous = 0;
            long now = 0;
            for (int i = 0; now < END; i++) {
                long next = 101 + i % THREADS;
                cpu.append(change, now, name(previous), previous, 1L, name(next), next);
                previous = next;
                now += (next - 100) * MILLI;
            }
            cpu.append(change, END, name(previous), previous, 1L, name(0), 0L);
        }
        return folder;
    }

    private static String name(long tid) {
        return tid == 0 ? "swapper/0" : "clerk-" + tid;
    }
}
