// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.ctf.ClockClass;
import dev.contrail.kernel.Captured;
import dev.contrail.kernel.DirectorySink;
import dev.contrail.kernel.TraceEvents;
import dev.contrail.kernel.buffer.SubBuffer;
import dev.contrail.kernel.convert.ChannelEvents;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.schema.LttngEvents;
import dev.contrail.kernel.schema.SyscallNumbers;
import dev.contrail.kernel.tracefs.KernelEvent;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.domain.StreamKey;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Converts captured bytes on any machine: the format files make up a tracefs of their own.
public final class CapturedKernel {
    private static final SyscallNumbers NUMBERS = new SyscallNumbers(56, 59, 322);
    private static final List<String> EVENTS =
            List.of(
                    "block.block_rq_issue",
                    "ftrace.raw_data",
                    "irq.irq_handler_entry",
                    "irq.softirq_entry",
                    "raw_syscalls.sys_enter",
                    "raw_syscalls.sys_exit",
                    "sched.sched_migrate_task",
                    "sched.sched_process_exec",
                    "sched.sched_process_exit",
                    "sched.sched_process_fork",
                    "sched.sched_switch",
                    "sched.sched_waking",
                    "skb.kfree_skb");

    public final DirectorySink sink;
    final Declarations declarations;
    final EventDeclarer declarer;
    final EventNames names;
    public final PacketWriter writer;
    public final CpuStream stream =
            new CpuStream(new StreamKey("kernel", "channel0", "0", 0, 0, 0), 0, 0);
    private final Tracefs tracefs;
    private ChannelEvents events;

    public CapturedKernel(Path directory) throws Exception {
        for (String event : EVENTS) {
            int dot = event.indexOf('.');
            Path folder =
                    directory.resolve(
                            "events/" + event.substring(0, dot) + "/" + event.substring(dot + 1));
            Files.createDirectories(folder);
            Files.write(folder.resolve("format"), Captured.bytes(event + ".format"));
        }
        tracefs = new Tracefs(directory);
        var trace =
                new KernelTrace(
                        new SessionFacts(
                                1,
                                "test",
                                false,
                                "",
                                "host",
                                0,
                                ClockClass.monotonic("", 0),
                                directory));
        names = new EventNames(tracefs);
        declarations = Declarations.open(directory.resolve("declarations"));
        declarer = new EventDeclarer(tracefs, names, declarations);
        declarations.stream(trace.stream(0));
        sink = new DirectorySink(directory.resolve("trace"));
        writer =
                new PacketWriter(
                        () -> events, uuid -> trace.metadata(uuid, declarations.body()), NUMBERS);
        stream.resume(sink);
    }

    public CapturedKernel tracepoint(String system, String event) throws Exception {
        var source = new KernelEvent(system, event);
        String name =
                names.lttng()
                        .byEvent(source)
                        .map(LttngEvents.Row::name)
                        .orElse(event.startsWith(system + "_") ? event : system + "_" + event);
        declarer.tracepoints(0, Map.of(name, source));
        events = declarer.plans(0);
        return this;
    }

    public CapturedKernel syscalls() throws Exception {
        declarer.syscalls(0, names.syscalls().byName().values(), true);
        events = declarer.plans(0);
        return this;
    }

    /// Converts data that begins at time `startTicks`.
    public CapturedKernel convert(byte[] data, long startTicks) throws Exception {
        return convert(data, startTicks, Long.MIN_VALUE);
    }

    public CapturedKernel convert(byte[] data, long startTicks, long storedTicks) throws Exception {
        MemorySegment memory = Captured.memory(data);
        writer.write(sink, stream, memory, 0, data.length, startTicks, storedTicks, 0);
        return this;
    }

    /// Converts a captured sub-buffer.
    public CapturedKernel convertPage(byte[] page) throws Exception {
        MemorySegment memory = Captured.memory(page);
        ByteBuffer header = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        long time = header.getLong(0);
        int end = SubBuffer.DATA + (header.getInt(8) & 0xFFFFF);
        writer.write(sink, stream, memory, SubBuffer.DATA, end, time, Long.MIN_VALUE, 0);
        return this;
    }

    /// How what is declared is converted.
    public ChannelEvents plans() {
        return events;
    }

    public List<TraceEvents.Event> events() throws Exception {
        return TraceEvents.read(sink);
    }
}
