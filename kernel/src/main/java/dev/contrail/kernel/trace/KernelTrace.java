// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.tsdl.TsdlWriter;
import dev.contrail.recorder.domain.SessionFacts;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// What all kernel traces of a session say about themselves (`lttng-kernel-schema.md` section 1).
final class KernelTrace {
    /// Where kernel traces lie; lttng-analyses wants this name.
    static final String DIRECTORY = "kernel";

    /// The version of lttng-modules whose layout is written. Readers choose by it.
    private static final List<Long> LAYOUT = List.of(2L, 13L, 9L);

    private final SessionFacts session;
    private final LinkedHashMap<String, Object> environment = new LinkedHashMap<>();
    private UUID lastUuid = TraceClass.NO_UUID;
    private String lastBody = "";
    private String lastText = "";

    KernelTrace(SessionFacts session) throws IOException {
        this.session = session;
        environment.put("hostname", session.hostname());
        environment.put("domain", "kernel");
        environment.put("sysname", "Linux");
        environment.put("kernel_release", kernelFact("osrelease"));
        environment.put("kernel_version", kernelFact("version"));
        environment.put("tracer_name", "lttng-modules");
        environment.put("tracer_major", LAYOUT.get(0));
        environment.put("tracer_minor", LAYOUT.get(1));
        environment.put("tracer_patchlevel", LAYOUT.get(2));
        environment.put("trace_buffering_scheme", "global");
        environment.put("trace_name", session.name());
        environment.put("trace_creation_datetime", session.created());
        environment.put("producer_name", "contrail");
    }

    /// The stream class of a channel.
    StreamClass stream(int channel) {
        return new StreamClass(
                channel,
                LttngSchema.packetContext(session.clock(), new Member("cpu_id", unsigned(32))),
                LttngSchema.largeEventHeader(session.clock()),
                StructureClass.ABSENT);
    }

    /// The metadata of one trace. The text before `body` depends on nothing that changes.
    synchronized String metadata(UUID uuid, String body) {
        if (!uuid.equals(lastUuid) || body != lastBody) {
            var trace =
                    new TraceClass(
                            uuid,
                            ByteOrder.LITTLE_ENDIAN,
                            LttngSchema.packetHeader(),
                            environment,
                            List.of(session.clock()));
            lastText = TsdlWriter.preamble(trace, List.of()) + body;
            lastUuid = uuid;
            lastBody = body;
        }
        return lastText;
    }

    private static String kernelFact(String name) throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/" + name)).strip();
    }
}
