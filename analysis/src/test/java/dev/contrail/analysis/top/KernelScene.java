// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.analysis.source.TraceReader;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A kernel trace that is made up event by event, in LTTng's names and fields.
final class KernelScene implements AutoCloseable {
    private static final Member CPU = new Member("cpu_id", unsigned(32));

    private final CtfWriter writer;
    private final StreamClass streamClass;
    private final Map<Integer, CtfStream> streams = new HashMap<>();
    private final Map<String, EventClass> classes = new HashMap<>();

    KernelScene(Path folder, String host, String clockUid) throws IOException {
        this(folder, host, clockUid, "kernel");
    }

    /// As of another tracer of the machine.
    KernelScene(Path folder, String host, String clockUid, String domain) throws IOException {
        ClockClass clock = ClockClass.monotonic(clockUid, 0);
        var environment = new LinkedHashMap<String, Object>();
        environment.put("hostname", host);
        environment.put("domain", domain);
        var trace =
                new TraceClass(
                        UUID.randomUUID(),
                        ByteOrder.LITTLE_ENDIAN,
                        StructureClass.ABSENT,
                        environment,
                        List.of(clock));
        streamClass =
                new StreamClass(
                        0,
                        Identity.NONE,
                        clock.id(),
                        new StructureClass(List.of(CPU), 1),
                        StructureClass.ABSENT,
                        StructureClass.ABSENT);
        writer = CtfWriter.create(folder, trace, CtfVersion.CTF_1_8, CtfWriter.PACKET_BYTES);
    }

    /// Appends an event with fields that are 64-bit integers or texts.
    void event(int cpu, long nanos, String name, Object... namesAndValues) throws IOException {
        CtfStream stream = stream(cpu);
        Object[] values = new Object[namesAndValues.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = namesAndValues[2 * i + 1];
        }
        EventClass known = classes.get(name);
        if (known == null) {
            known = declare(name, namesAndValues);
            classes.put(name, known);
        }
        stream.append(known, nanos, values);
    }

    private EventClass declare(String name, Object... namesAndValues) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.add(
                    new Member(
                            "_" + namesAndValues[i],
                            namesAndValues[i + 1] instanceof String
                                    ? new TextClass()
                                    : signed(64)));
        }
        return new EventClass(
                classes.size(),
                0,
                name,
                EventClass.NO_LOG_LEVEL,
                StructureClass.ABSENT,
                new StructureClass(members, 1));
    }

    private CtfStream stream(int cpu) throws IOException {
        CtfStream known = streams.get(cpu);
        if (known == null) {
            known = writer.stream(streamClass, "channel0_" + cpu, (long) cpu);
            streams.put(cpu, known);
        }
        return known;
    }

    /// A thread takes a processor from another; number 0 is the idle thread.
    void change(int cpu, long nanos, long previous, long state, long next) throws IOException {
        event(
                cpu,
                nanos,
                "sched_switch",
                "prev_comm",
                name(previous),
                "prev_tid",
                previous,
                "prev_prio",
                20L,
                "prev_state",
                state,
                "next_comm",
                name(next),
                "next_tid",
                next,
                "next_prio",
                20L);
    }

    private static String name(long tid) {
        return tid == 0 ? "swapper" : "task-" + tid;
    }

    void wake(int cpu, long nanos, long tid, int target) throws IOException {
        event(
                cpu,
                nanos,
                "sched_waking",
                "comm",
                name(tid),
                "tid",
                tid,
                "prio",
                20L,
                "target_cpu",
                (long) target);
    }

    /// Events were lost on a processor.
    void lose(int cpu, long count) throws IOException {
        stream(cpu).discardEvents(count);
    }

    void flush() throws IOException {
        for (CtfStream each : streams.values()) {
            each.flush();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /// What the folders' traces come to, in the end.
    static TopState state(Path... folders) throws IOException {
        return state(new TopState(), folders);
    }

    /// The same, in a state that there is.
    static TopState state(TopState state, Path... folders) throws IOException {
        try (TraceReader reader = TraceReader.open(List.of(folders))) {
            while (reader.next()) {
                state.accept(reader.current());
            }
        }
        return state;
    }
}
