// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.contrail.kernel.Captured;
import dev.contrail.kernel.TraceEvents;
import dev.contrail.kernel.buffer.SubBuffer;
import dev.contrail.kernel.trace.CapturedKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConverterTest {
    private static final int PAGE = 4096;
    private static final Pattern SHOWN =
            Pattern.compile(" +(.*)-(\\d+) +\\[000] \\S+ +(\\d+)\\.(\\d{6}): (\\w+): (.*)");
    @TempDir Path directory;

    @Test
    void convertsEveryRecordThatTheKernelShows() throws Exception {
        var kernel = process();
        Map<String, Integer> shown = new TreeMap<>();
        var shownMicros = new ArrayList<Long>();
        for (String line : Captured.text("process.txt").lines().toList()) {
            Matcher parts = SHOWN.matcher(line);
            assertThat(parts.matches()).as(line).isTrue();
            String name = parts.group(5).replaceFirst("sys_(enter|exit)", "syscall");
            shown.merge(name, 1, Integer::sum);
            shownMicros.add(Long.parseLong(parts.group(3) + parts.group(4)));
        }
        Map<String, Integer> converted = new TreeMap<>();
        var micros = new ArrayList<Long>();
        for (TraceEvents.Event event : kernel.events()) {
            converted.merge(event.name().replaceFirst("syscall_.*", "syscall"), 1, Integer::sum);
            micros.add(Math.round(event.ticks() / 1000.0));
        }
        assertThat(converted).isEqualTo(shown);
        assertThat(micros).isEqualTo(shownMicros);
        assertThat(kernel.writer.converter().damaged()).isZero();
        assertThat(kernel.writer.converter().unselected()).isZero();
    }

    @Test
    void showsTheFieldsThatTheKernelShows() throws Exception {
        List<TraceEvents.Event> switches = TraceEvents.named(process().events(), "sched_switch");
        Pattern fields =
                Pattern.compile(
                        "prev_comm=(.*) prev_pid=(\\d+) prev_prio=(\\d+) prev_state=\\S+ ==>"
                                + " next_comm=(.*) next_pid=(\\d+) next_prio=(\\d+)");
        var shown = new ArrayList<List<Object>>();
        for (String line : Captured.text("process.txt").lines().toList()) {
            Matcher parts =
                    fields.matcher(
                            line.substring(line.indexOf(": ") + 2)
                                    .replaceFirst(".*sched_switch: ", ""));
            if (parts.matches()) {
                shown.add(
                        List.of(
                                parts.group(1),
                                Long.valueOf(parts.group(2)),
                                Long.parseLong(parts.group(3)) - 100,
                                parts.group(4),
                                Long.valueOf(parts.group(5)),
                                Long.parseLong(parts.group(6)) - 100));
            }
        }
        assertThat(shown).isNotEmpty();
        assertThat(switches)
                .extracting(event ->
                        List.of(
                                event.text("prev_comm"),
                                event.number("prev_tid"),
                                event.number("prev_prio"),
                                event.text("next_comm"),
                                event.number("next_tid"),
                                event.number("next_prio")))
                .isEqualTo(shown);
    }

    @Test
    void pairsAnExitWithTheArgumentsOfItsEntry() throws Exception {
        List<TraceEvents.Event> events = process().events();
        long buffer = 0;
        int pairs = 0;
        for (TraceEvents.Event event : events) {
            if (event.name().equals("syscall_exit_read") && event.number("buf") != 0) {
                pairs++;
            }
            if (event.name().equals("syscall_exit_newfstatat")) {
                buffer = event.number("statbuf");
            }
        }
        assertThat(pairs).isPositive();
        assertThat(buffer).isNotZero();
    }

    @Test
    void takesTextFromALocationInTheRecord() throws Exception {
        List<TraceEvents.Event> events = process().events();
        assertThat(TraceEvents.named(events, "sched_process_exec"))
                .singleElement()
                .extracting(event -> event.text("filename"))
                .isEqualTo("/bin/true");
        TraceEvents.Event fork = TraceEvents.named(events, "sched_process_fork").getFirst();
        assertThat(fork.text("parent_comm")).isEqualTo("python3");
        assertThat(fork.number("child_tid")).isEqualTo(fork.number("child_pid"));
        assertThat(fork.fields().get("vtids")).isEqualTo(List.of(fork.number("child_tid")));
    }

    @Test
    void continuesOverEveryCut() throws Exception {
        byte[] data =
                new Captured.Data()
                        .marker(5, 1)
                        .marker(7, 2)
                        .word(30, 1)
                        .u32(3)
                        .marker(1, 3)
                        .toBytes();
        for (int cut : new int[] {16, 32, 40}) {
            var kernel = markers(directory.resolve("cut" + cut));
            var memory = Captured.memory(data);
            long ticks =
                    kernel.writer.write(
                            kernel.sink, kernel.stream, memory, 0, cut, 1000, Long.MIN_VALUE, 0);
            kernel.writer.write(
                    kernel.sink, kernel.stream, memory, cut, data.length, ticks, Long.MIN_VALUE, 0);
            assertThat(ticksOf(kernel)).containsExactly(1005L, 1012L, 1012 + 1 + (3L << 27) + 1);
        }
    }

    @Test
    void addsATimeExtendToTheTime() throws Exception {
        long far = 5L << 32;
        var data =
                new Captured.Data()
                        .marker(1, 1)
                        .word(30, far & 0x7FFFFFF)
                        .u32(far >>> 27)
                        .marker(2, 2);
        var kernel = markers(directory).convert(data.toBytes(), 1000);
        assertThat(ticksOf(kernel)).containsExactly(1001L, 1003 + far);
    }

    @Test
    void takesAnAbsoluteTimeWithTheTopBitsOfTheSubBuffer() throws Exception {
        long base = (3L << 59) + 1000;
        long low = 123_456_789_012L;
        var data = new Captured.Data().word(31, low & 0x7FFFFFF).u32(low >>> 27).marker(2, 1);
        var kernel = markers(directory).convert(data.toBytes(), base);
        assertThat(ticksOf(kernel)).containsExactly((3L << 59) + low + 2);
    }

    @Test
    void readsALongRecord() throws Exception {
        var data = new Captured.Data().word(0, 9).u32(4 + 20).u32(19).u32(99).u32(7).u32(8).u32(9);
        var kernel = markers(directory).convert(data.marker(1, 8).toBytes(), 1000);
        assertThat(kernel.events()).extracting(event -> event.number("id")).containsExactly(7L, 8L);
        assertThat(kernel.events().getFirst().fields().get("buf"))
                .isEqualTo(LongStream.of(8, 0, 0, 0, 9, 0, 0, 0).boxed().toList());
    }

    @Test
    void passesOverADiscardedRecordAndEndsAtEmptyPadding() throws Exception {
        var data =
                new Captured.Data()
                        .marker(1, 1)
                        .word(29, 4)
                        .u32(8)
                        .u32(0xDEAD)
                        .marker(1, 2)
                        .word(29, 0)
                        .u32(0)
                        .marker(1, 3);
        var kernel = markers(directory).convert(data.toBytes(), 1000);
        assertThat(ticksOf(kernel)).containsExactly(1001L, 1006L);
        assertThat(kernel.writer.converter().damaged()).isZero();
    }

    @Test
    void endsAtARecordThatIsCutOff() throws Exception {
        byte[] whole = new Captured.Data().marker(1, 1).marker(1, 2).toBytes();
        for (int length = 17; length < whole.length; length++) {
            var kernel = markers(directory.resolve("cut" + length));
            kernel.convert(Arrays.copyOf(whole, length), 1000);
            assertThat(kernel.events()).extracting(event -> event.number("id")).containsExactly(1L);
            assertThat(kernel.writer.converter().damaged()).isEqualTo(length < 20 ? 0 : 1);
        }
    }

    @Test
    void leavesOutWhatIsStored() throws Exception {
        byte[] data = new Captured.Data().marker(1, 1).marker(1, 2).marker(1, 3).toBytes();
        var kernel = markers(directory).convert(data, 1000, 1002);
        assertThat(kernel.events()).extracting(event -> event.number("id")).containsExactly(3L);
    }

    @Test
    void neverGoesBackInTime() throws Exception {
        byte[] data = new Captured.Data().marker(1, 1).toBytes();
        var kernel = markers(directory).convert(data, 2000).convert(data, 1000);
        assertThat(ticksOf(kernel)).containsExactly(2001L, 2001L);
    }

    @Test
    void usesTheCompactHeaderUpTo32BitsOfTime() throws Exception {
        long far = (1L << 32) - 1;
        var near =
                new Captured.Data()
                        .marker(0, 1)
                        .word(30, far & 0x7FFFFFF)
                        .u32(far >>> 27)
                        .marker(0, 2);
        var further =
                new Captured.Data()
                        .marker(0, 1)
                        .word(30, (far + 1) & 0x7FFFFFF)
                        .u32((far + 1) >>> 27)
                        .marker(0, 2);
        var compact = markers(directory.resolve("a")).convert(near.toBytes(), 99);
        var extended = markers(directory.resolve("b")).convert(further.toBytes(), 99);
        long difference =
                extended.sink.packets("0").getFirst().contentBits()
                        - compact.sink.packets("0").getFirst().contentBits();
        assertThat(difference).isEqualTo(8 * (14 - 6));
        assertThat(ticksOf(compact)).containsExactly(99L, 99 + far);
        assertThat(ticksOf(extended)).containsExactly(99L, 100 + far);
    }

    @Test
    void survivesEveryDamagedByte() throws Exception {
        byte[] page = Arrays.copyOf(Captured.bytes("process.bin"), PAGE);
        var kernel = new CapturedKernel(directory).syscalls();
        kernel.tracepoint("sched", "sched_switch").tracepoint("sched", "sched_process_exec");
        kernel.tracepoint("sched", "sched_process_fork");
        ChannelEvents events = kernel.plans();
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = page.clone();
            for (int j = 0; j < 8; j++) {
                damaged[SubBuffer.DATA + random.nextInt(PAGE - SubBuffer.DATA)] =
                        (byte) random.nextInt();
            }
            var memory = Captured.memory(damaged);
            kernel.writer.converter().begin(0);
            kernel.writer
                    .converter()
                    .convert(memory, SubBuffer.DATA, PAGE, 0, Long.MIN_VALUE, events);
            if (i == 0) {
                assertThat(kernel.writer.converter().count()).isPositive();
            }
        }
    }

    @Test
    void splitsSystemCallsByNumberAndNeverIndexesATableWithMinusOne() throws Exception {
        var kernel = new CapturedKernel(directory).syscalls();
        byte[] data = new byte[3 * 28];
        ByteBuffer exits = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        int type = Captured.format("raw_syscalls", "sys_exit").id();
        for (long number : new long[] {0, -1, 9999}) {
            exits.putInt(6).putInt(type).putInt(77).putLong(number).putLong(-5);
        }
        kernel.convert(data, 1000);
        assertThat(kernel.events())
                .extracting(TraceEvents.Event::name)
                .containsExactly(
                        "syscall_exit_read", "syscall_exit_unknown", "syscall_exit_unknown");
        assertThat(kernel.events().get(1).fields()).contains(entry("id", -1L), entry("ret", -5L));
    }

    @Test
    void keepsTheRecordsOfASubBufferWithAMissedCountApartFromIt() throws Exception {
        var kernel = markers(directory).convertPage(Captured.bytes("missed-counted.bin"));
        List<Long> numbers = kernel.events().stream().map(event -> event.number("id")).toList();
        assertThat(numbers).hasSize(145);
        assertThat(numbers.getFirst()).isEqualTo(1595);
        assertThat(numbers)
                .isEqualTo(IntStream.range(1595, 1595 + 145).mapToObj(i -> (long) i).toList());
    }

    private CapturedKernel process() throws Exception {
        var kernel = new CapturedKernel(directory).syscalls();
        for (String event :
                List.of("switch", "waking", "process_fork", "process_exec", "process_exit")) {
            kernel.tracepoint("sched", "sched_" + event);
        }
        byte[] pages = Captured.bytes("process.bin");
        for (int start = 0; start < pages.length; start += PAGE) {
            kernel.convertPage(Arrays.copyOfRange(pages, start, start + PAGE));
        }
        return kernel;
    }

    private static CapturedKernel markers(Path directory) throws Exception {
        return new CapturedKernel(directory).tracepoint("ftrace", "raw_data");
    }

    private static List<Long> ticksOf(CapturedKernel kernel) throws Exception {
        return kernel.events().stream().map(TraceEvents.Event::ticks).toList();
    }
}
