// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.PointType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// With a process that makes known system calls.
@ExtendWith(TracefsCondition.class)
@Timeout(1200)
class KernelRecordingTest {
    private static final Pattern SHOWN =
            Pattern.compile(".*?-\\d+ +\\[\\d+] \\S+ +\\d+\\.\\d+: (\\w+)(\\(| ->|:).*");
    @TempDir Path directory;

    @Test
    void recordsWhatTheKernelShows() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session()) {
            session.rule(PointType.SYSCALL, "*").rule(PointType.TRACEPOINT, "sched_switch");
            session.rule(PointType.TRACEPOINT, "sched:sched_process_ex*");
            recordCat(session);
            Map<String, Integer> shown = new TreeMap<>();
            for (String line : Files.readAllLines(session.instance().resolve("trace"))) {
                Matcher parts = SHOWN.matcher(line);
                if (parts.matches()) {
                    shown.merge(parts.group(1).replaceFirst("^sys_.*", "syscall"), 1, Integer::sum);
                }
            }
            session.ring().drain(sink, true);
            List<TraceEvents.Event> events = TraceEvents.read(sink);
            Map<String, Integer> recorded = new TreeMap<>();
            for (TraceEvents.Event event : events) {
                if (!event.name().startsWith("lttng_statedump_")) {
                    recorded.merge(
                            event.name().replaceFirst("syscall_.*", "syscall"), 1, Integer::sum);
                }
            }
            assertThat(recorded).isEqualTo(shown).containsEntry("sched_process_exec", 1);
            assertThat(sink.recordCount()).isEqualTo(session.ring().account().recorded());
            assertThat(InstalledBabeltrace.read(directory))
                    .noneMatch(line -> line.startsWith("WARNING"))
                    .hasSize(events.size());
            catWroteItsFile(events);
        }
    }

    @Test
    void recordsOnlyTheSystemCallsThatWereChosen() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session()) {
            session.rule(PointType.SYSCALL, "exit_group").rule(PointType.SYSCALL, "write*");
            recordCat(session);
            session.ring().drain(sink, true);
            List<TraceEvents.Event> events = TraceEvents.read(sink);
            assertThat(events)
                    .extracting(TraceEvents.Event::name)
                    .filteredOn(name -> !name.startsWith("lttng_statedump_"))
                    .contains("syscall_entry_exit_group", "syscall_entry_write")
                    .allMatch(name -> name.matches("syscall_(entry|exit)_(exit_group|writev?)"));
            assertThat(session.ring().account().recorded()).isEqualTo(sink.recordCount());
            assertThat(TraceEvents.named(events, "syscall_entry_write"))
                    .anyMatch(event -> event.number("fd") == 1);
        }
    }

    /// Machine code: `getpid`, then `pause` for ever, by 32-bit numbers. The 64-bit calls of these
    /// numbers are `writev` and `shmget`.
    @Test
    void keepsThe32BitCallsApart() throws Exception {
        Path program =
                program32Bit(
                        new byte[] {
                            (byte) 0xB8,
                            20,
                            0,
                            0,
                            0, // mov eax, getpid
                            (byte) 0xCD,
                            (byte) 0x80,
                            (byte) 0xB8,
                            29,
                            0,
                            0,
                            0, // pause
                            (byte) 0xCD,
                            (byte) 0x80,
                            (byte) 0xEB,
                            (byte) 0xF7, // and again
                        });
        var sink = new DirectorySink(directory);
        try (var session = session().rule(PointType.SYSCALL, "*")) {
            Process shell = new ProcessBuilder("/bin/sh", "-c", "read go; exec " + program).start();
            session.recording().follow(shell.pid());
            session.apply(true);
            shell.outputWriter().append("\n").close();
            awaitCall(shell, "29 ");
            session.apply(false).ring().drain(sink, true);
            shell.destroyForcibly().waitFor();
            List<TraceEvents.Event> events = TraceEvents.read(sink);
            assertThat(TraceEvents.named(events, "compat_syscall_entry_unknown"))
                    .extracting(event -> event.number("id"))
                    .contains(20L, 29L)
                    .doesNotContain(59L);
            assertThat(TraceEvents.named(events, "syscall_entry_execve")).hasSize(1);
            assertThat(TraceEvents.named(events, "compat_syscall_exit_unknown"))
                    .anyMatch(event ->
                            event.number("id") == 20 && event.number("ret") == shell.pid());
            assertThat(TraceEvents.named(events, "syscall_entry_writev")).isEmpty();
            assertThat(TraceEvents.named(events, "syscall_entry_shmget")).isEmpty();
        }
    }

    /// The program ends before its records are converted: its file can no longer be looked at. On
    /// one CPU, whose records are converted in their order.
    @Test
    void knowsAnEnded32BitProgramByItsExec() throws Exception {
        Path program =
                program32Bit(
                        new byte[] {
                            (byte) 0xB8,
                            20,
                            0,
                            0,
                            0, // mov eax, getpid (64-bit: writev)
                            (byte) 0xCD,
                            (byte) 0x80,
                            (byte) 0xB8,
                            36,
                            0,
                            0,
                            0, // sync (64-bit: getitimer)
                            (byte) 0xCD,
                            (byte) 0x80,
                            (byte) 0xB8,
                            1,
                            0,
                            0,
                            0, // exit (64-bit: write)
                            0x31,
                            (byte) 0xDB, // xor ebx, ebx
                            (byte) 0xCD,
                            (byte) 0x80,
                        });
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session().rule(PointType.SYSCALL, "*")) {
            String script = "read go; " + program + "; exec " + program;
            Process shell =
                    new ProcessBuilder("taskset", "-c", "0", "/bin/sh", "-c", script).start();
            session.recording().follow(shell.pid());
            session.apply(true);
            shell.outputWriter().append("\n").close();
            assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
            session.apply(false).ring().drain(sink, true);
            List<TraceEvents.Event> events = TraceEvents.read(sink);
            assertThat(TraceEvents.named(events, "compat_syscall_entry_unknown"))
                    .extracting(event -> event.number("id"))
                    .contains(20L, 36L, 1L);
            assertThat(TraceEvents.named(events, "syscall_entry_writev")).isEmpty();
            assertThat(TraceEvents.named(events, "syscall_entry_getitimer")).isEmpty();
            assertThat(TraceEvents.named(events, "syscall_exit_munmap"))
                    .hasSameSizeAs(TraceEvents.named(events, "syscall_entry_munmap"));
            assertThat(TraceEvents.named(events, "syscall_entry_execve")).hasSize(2);
        }
    }

    /// A program file of one segment, of headers and this machine code.
    private Path program32Bit(byte[] code) throws Exception {
        int headerBytes = 84;
        int bytes = headerBytes + code.length;
        ByteBuffer file = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) 3).putInt(1).putInt(0x08048054).putInt(52);
        file.putInt(0).putInt(0).putShort((short) 52).putShort((short) 32).putShort((short) 1);
        file.position(52).putInt(1).putInt(0).putInt(0x08048000).putInt(0x08048000);
        file.putInt(bytes).putInt(bytes).putInt(5).putInt(0x1000);
        file.put(code);
        Path program = Files.write(directory.resolve("program32"), file.array());
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static void awaitCall(Process process, String call) throws Exception {
        while (!Files.readString(Path.of("/proc/" + process.pid() + "/syscall")).startsWith(call)) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(5);
        }
    }

    @Test
    void refusesAnEventThatTheKernelDoesNotHave() throws Exception {
        try (var session = session().rule(PointType.TRACEPOINT, "sched_nonsense")) {
            assertThatThrownBy(() -> session.apply(true))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("this kernel has no such event");
            assertThat(session.instance()).doesNotExist();
            assertThat(session.recording().rings()).isEmpty();
        }
    }

    @Test
    void refusesAnEventAlsoAfterARestart() throws Exception {
        try (var session = session().markers().apply(true)) {
            session.takeOver();
            session.apply(true).rule(PointType.TRACEPOINT, "sched_nonsense");
            assertThatThrownBy(() -> session.apply(true)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void goesOnWithoutAnEventThatVanished() throws Exception {
        try (var session = session().markers().apply(true)) {
            session.rule(PointType.TRACEPOINT, "gone_with_its_module");
            session.takeOver();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> session.apply(true))
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("[Event gone_with_its_module: this kernel has no such event]");
            }
            assertThat(session.mark(0, 1)).isZero();
        }
    }

    @Test
    void refusesNamesThatAreNotNames() throws Exception {
        for (String name :
                List.of("../sched:sched_switch", "sched:../sched_switch", ":", "a:", "")) {
            try (var session =
                    new KernelSession(directory, false, true).rule(PointType.TRACEPOINT, name)) {
                assertThatThrownBy(() -> session.apply(true)).isInstanceOf(RefusedException.class);
            }
        }
    }

    @Test
    void declaresTheSameAfterARestart() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().markers().apply(true)) {
            session.mark(0, 3);
            session.ring().drain(sink, true);
            session.takeOver();
            session.rule(PointType.TRACEPOINT, "irq_softirq_*").apply(true);
            session.mark(3, 3);
            session.apply(false).ring().drain(sink, true);
            assertThat(KernelRingTest.markersIn(sink)).isEqualTo(KernelRingTest.range(0, 6));
        }
    }

    @Test
    void setsTheInstanceUpAsAsked() throws Exception {
        try (var session = session().overwriting().sized(16 << 10, 8).markers().apply(false)) {
            Path instance = session.instance();
            assertThat(Files.readString(instance.resolve("trace_clock"))).contains("[mono]");
            assertThat(Files.readString(instance.resolve("options/overwrite"))).isEqualTo("1\n");
            assertThat(Files.readString(instance.resolve("buffer_subbuf_size_kb")))
                    .isEqualTo("16\n");
            assertThat(
                            Integer.parseInt(
                                    Files.readString(instance.resolve("buffer_size_kb")).strip()))
                    .isBetween(128, 160);
        }
    }

    @Test
    void removesItsInstance() throws Exception {
        var session = session().markers().apply(true);
        assertThat(session.instance()).isDirectory();
        session.recording().destroy();
        assertThat(session.instance()).doesNotExist();
        assertThat(directory.resolve("state")).isEmptyDirectory();
    }

    @Test
    void removesOnlyInstancesThatNobodyClaimsOrHasASessionFor() throws Exception {
        try (var session = session().markers().apply(true)) {
            assertThat(session.domain().removeOrphans(_ -> false)).isEmpty();
            assertThat(Files.readString(session.instance().resolve("tracing_on")).strip())
                    .as("a living recording goes on")
                    .isEqualTo("1");
            Path instance = session.instance();
            session.letGo();
            assertThat(session.domain().removeOrphans(id -> id == 7)).isEmpty();
            assertThat(instance).isDirectory();
            session.domain().removeOrphans(_ -> false);
            assertThat(instance).doesNotExist();
        }
    }

    @Test
    void leavesAnotherDaemonsInstanceAloneAndNamesIt() throws Exception {
        try (var session = session().markers().apply(true);
                var other = new KernelSession(directory.resolve("other"), false, true)) {
            session.letGo();
            String name = session.instance().getFileName().toString();
            assertThat(other.domain().removeOrphans(_ -> false)).contains(name);
            assertThat(Files.readString(session.instance().resolve("tracing_on")).strip())
                    .isEqualTo("1");
            session.takeOver();
            session.apply(true);
        }
    }

    @Test
    void refusesAnInstanceThatAnotherDaemonHas() throws Exception {
        var daemon = UUID.randomUUID();
        try (var session = new KernelSession(directory, false, true, daemon, 0).markers();
                var other =
                        new KernelSession(directory.resolve("other"), false, true, daemon, 0)
                                .markers()) {
            session.apply(true);
            assertThatThrownBy(() -> other.apply(true))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("in use by another session daemon");
        }
    }

    @Test
    void listsPointsUnderTheNamesOfLttng() throws Exception {
        try (var session = session()) {
            List<String> tracepoints = names(session, PointType.TRACEPOINT);
            assertThat(tracepoints)
                    .contains(
                            "sched_switch", "irq_softirq_entry", "timer_hrtimer_start", "skb_kfree")
                    .doesNotContain("softirq_entry", "raw_syscalls_sys_enter")
                    .isSorted();
            assertThat(names(session, PointType.SYSCALL))
                    .contains("openat", "read", "newfstatat")
                    .doesNotContain("sys_openat");
        }
    }

    /// Records what a process does that becomes `cat`, and nothing else.
    private static void recordCat(KernelSession session) throws Exception {
        Process shell =
                new ProcessBuilder("/bin/sh", "-c", "read go; exec cat /proc/self/comm").start();
        session.recording().follow(shell.pid());
        session.apply(true);
        shell.outputWriter().append("\n").close();
        assertThat(shell.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(shell.getInputStream().readAllBytes())).isEqualTo("cat\n");
        session.apply(false);
    }

    /// `openat` gives a descriptor, `read` fills a buffer, `write` empties the same.
    private static void catWroteItsFile(List<TraceEvents.Event> events) {
        TraceEvents.Event write =
                TraceEvents.named(events, "syscall_entry_write").stream()
                        .filter(event -> event.number("fd") == 1)
                        .findFirst()
                        .orElseThrow();
        assertThat(write.number("count")).isEqualTo(4);
        assertThat(TraceEvents.named(events, "syscall_exit_read"))
                .anyMatch(read ->
                        read.number("ret") == 4 && read.number("buf") == write.number("buf"));
        assertThat(TraceEvents.named(events, "syscall_entry_openat"))
                .isNotEmpty()
                .allMatch(open -> open.text("filename").matches("0x[0-9a-f]+"));
        assertThat(TraceEvents.named(events, "sched_process_exec"))
                .singleElement()
                .matches(exec -> exec.text("filename").endsWith("/cat"));
    }

    private static List<String> names(KernelSession session, PointType type) throws Exception {
        return session.domain().points(DomainName.KERNEL, type).stream()
                .map(InstrumentationPoint::name)
                .toList();
    }

    private KernelSession session() throws Exception {
        return new KernelSession(directory, false, true);
    }
}
