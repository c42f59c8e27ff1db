// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JvmSchemaTest {
    @Test
    void cutsAProcessNameBetweenCharacters() {
        for (int before = 20; before <= 28; before++) {
            String name = "x".repeat(before) + "ä€😀";
            byte[] cut = JvmSchema.procname(name);
            assertThat(cut).hasSize(JvmSchema.PROCNAME_BYTES);
            String text = new String(cut, StandardCharsets.UTF_8).replace("\0", "");
            assertThat(text).hasSizeGreaterThanOrEqualTo(before);
            assertThat(name).startsWith(text);
        }
    }

    @Test
    void writesAsMuchAsPacketsHaveBeforeTheirRecords() {
        ByteBuffer out = ByteBuffer.allocate(JvmSchema.PACKET_START_BYTES);
        var entry = new IndexEntry(0, 0, 0, 0, 0, 0, 0, 0, 0);
        PacketStart.write(out, TraceClass.NO_UUID, entry);
        JvmSchema.writeProcess(out, 7, JvmSchema.procname("java"));
        assertThat(out.hasRemaining()).isFalse();
    }

    @Test
    void putsFurtherContextsBehindTheThread() {
        ClockClass clock = ClockClass.monotonic("", 0);
        var added = new Member("_cpu", FieldClass.unsigned(16));
        assertThat(JvmSchema.stream(1, clock, added).eventContext().members())
                .extracting(Member::name)
                .containsExactly("_vtid", "_cpu");
        assertThatThrownBy(() -> JvmSchema.field("u7")).hasMessageContaining("u7");
    }
}
