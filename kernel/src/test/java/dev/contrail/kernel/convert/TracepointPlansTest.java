// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.Captured;
import dev.contrail.kernel.TraceEvents;
import dev.contrail.kernel.trace.CapturedKernel;
import dev.contrail.kernel.tracefs.EventFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The conversions that are no copies, on records made after captured format files.
class TracepointPlansTest {
    private static final int THREAD = 4242;
    @TempDir Path directory;
    private final ByteBuffer record = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @CsvSource({
        "W, 1",
        "WS, 33",
        "R, 4",
        "RA, 12",
        "RM, 68",
        "FWS, 1057",
        "WFS, 545",
        "FWFS, 1569",
        "F, 256",
        "D, 2",
        "DE, 130",
        "N, 0",
        "FN, 1024",
        "FF, 768",
        "'', 0"
    })
    void turnsTheLettersOfABlockOperationIntoAMask(String letters, long mask) throws Exception {
        put(34, letters);
        put(44, "kworker/0:1");
        record.putInt(8, 0x00800001).putLong(16, 1L << 40).putInt(24, 8).putInt(28, 4096);
        TraceEvents.Event event = convert("block", "block_rq_issue", 64);
        assertThat(event.number("rwbs")).isEqualTo(mask);
        assertThat(event.number("dev")).isEqualTo(0x00800001);
        assertThat(event.number("sector")).isEqualTo(1L << 40);
        assertThat(event.number("tid")).isEqualTo(THREAD);
        assertThat(event.text("comm")).isEqualTo("kworker/0:1");
        assertThat(event.fields().keySet())
                .containsExactly("dev", "sector", "nr_sector", "bytes", "tid", "rwbs", "comm");
    }

    @Test
    void narrowsASoftInterruptAndNamesIt() throws Exception {
        record.putInt(8, 3);
        TraceEvents.Event event = convert("irq", "softirq_entry", 12);
        assertThat(event.name()).isEqualTo("irq_softirq_entry");
        assertThat(event.number("vec")).isEqualTo(3);
        assertThat(event.number("name")).isEqualTo(3);
    }

    @Test
    void takesAHundredFromAPriorityAndFillsANameUp() throws Exception {
        EventFormat format = Captured.format("sched", "sched_migrate_task");
        int comm = format.field("comm").orElseThrow().offset();
        int end = 64;
        record.putInt(comm, 4 << 16 | end);
        put(end, "abc");
        record.putInt(format.field("pid").orElseThrow().offset(), 77);
        record.putInt(format.field("prio").orElseThrow().offset(), 120);
        TraceEvents.Event event = convert("sched", "sched_migrate_task", end + 4);
        assertThat(event.text("comm")).isEqualTo("abc");
        assertThat(event.number("tid")).isEqualTo(77);
        assertThat(event.number("prio")).isEqualTo(20);
    }

    @Test
    void cutsANameThatIsTooLongAndNoOther() throws Exception {
        EventFormat format = Captured.format("sched", "sched_migrate_task");
        int comm = format.field("comm").orElseThrow().offset();
        record.putInt(comm, 40 << 16 | 64);
        put(64, "0123456789abcdefghijklmnopqrstuvwxyz");
        record.putInt(format.field("pid").orElseThrow().offset(), 77);
        TraceEvents.Event event = convert("sched", "sched_migrate_task", 104);
        assertThat(event.text("comm")).isEqualTo("0123456789abcdef");
        assertThat(event.number("tid")).isEqualTo(77);
    }

    @Test
    void givesAnEmptyTextForALocationOutsideOfTheRecord() throws Exception {
        record.putInt(8, 7).putInt(12, 100 << 16 | 60);
        TraceEvents.Event event = convert("irq", "irq_handler_entry", 16);
        assertThat(event.number("irq")).isEqualTo(7);
        assertThat(event.text("name")).isEmpty();
    }

    @Test
    void writesANetworkProtocolBigEndian() throws Exception {
        EventFormat format = Captured.format("skb", "kfree_skb");
        record.putShort(format.field("protocol").orElseThrow().offset(), (short) 0x0800);
        record.putInt(format.field("reason").orElseThrow().offset(), 5);
        TraceEvents.Event event = convert("skb", "kfree_skb", 64);
        assertThat(event.name()).isEqualTo("skb_kfree");
        assertThat(event.number("protocol")).isEqualTo(0x0800);
        assertThat(event.number("reason")).isEqualTo(5);
        assertThat(event.number("rx_skaddr")).isZero();
    }

    private void put(int offset, String text) {
        record.put(offset, text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Puts a head of type 0 before the record: its length has a word of its own.
    private TraceEvents.Event convert(String system, String event, int bytes) throws Exception {
        record.putShort(0, (short) Captured.format(system, event).id());
        record.putInt(EventFormat.COMMON_PID, THREAD);
        ByteBuffer data = ByteBuffer.allocate(8 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0).putInt(4 + bytes).put(record.array(), 0, bytes);
        var kernel = new CapturedKernel(directory).tracepoint(system, event);
        kernel.convert(data.array(), 1000);
        return kernel.events().getFirst();
    }
}
