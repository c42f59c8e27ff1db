// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.EPOCH;
import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.source.Progress;
import dev.contrail.analysis.source.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where babeltrace2 2.0.4 stops and we go on, what is shown is true, and standard error says where
/// it is odd: time that goes back, rings saved raw, clocks of two machines.
class OddOrderTest {
    private static final String BOOT = "e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c";

    @TempDir private Path folder;

    private String out = "";
    private String err = "";

    private int view(Notices.Words words, Path... traces) {
        var text = new ByteArrayOutputStream();
        var notices = new ByteArrayOutputStream();
        int status =
                View.run(
                        List.of(traces),
                        ViewOptions.DEFAULT,
                        text,
                        new Notices(new PrintStream(notices, true), words),
                        new Progress());
        out = text.toString(StandardCharsets.UTF_8);
        err = notices.toString(StandardCharsets.UTF_8);
        return status;
    }

    @Test
    void timeThatGoesBackHasASignAndAPlace() throws IOException {
        write(64, 10, 30, 20, 40, 15);
        assertThat(view(Notices.CONTRAIL, folder)).isZero();
        assertThat(out.lines()).hasSize(5);
        assertThat(out).contains("(-0.010000000)", "(-0.025000000)").doesNotContain("1844");
        assertThat(err)
                .contains("packet 0 at byte 0, event 2: event `e` at 0.020000000 s")
                .contains("the one before it, at 0.030000000 s")
                .contains("time goes back 2 times in all");
        assertThat(err.lines()).hasSize(2);
    }

    @Test
    void theEntryPointBabeltracePrintsWhatItsVersion22Does() throws IOException {
        write(64, 10, 30, 20);
        assertThat(view(Notices.BABELTRACE, folder)).isZero();
        assertThat(out).contains("(+18446744073.699551616)");
        assertThat(err).startsWith("WARNING: ").contains("is earlier than the one before it");
    }

    @Test
    void aRingSavedRawIsReadInTheOrderOfItsNumbers() throws IOException {
        new SmallTrace(folder)
                .file(
                        "c_0",
                        packet(0, 7, 0, 70, 79),
                        packet(0, 8, 0, 80, 89),
                        packet(0, 5, 0, 50, 59),
                        packet(0, 6, 0, 60, 69));
        assertThat(view(Notices.CONTRAIL, folder)).isZero();
        assertThat(out.lines().map(line -> line.replaceAll(".*n = (-?\\d+),.*", "$1")))
                .containsExactly("-50", "-59", "-60", "-69", "-70", "-79", "-80", "-89");
        assertThat(err.lines()).hasSize(1);
        assertThat(err).contains("c_0: packets do not lie in the order of their sequence numbers");
        assertThat(out).doesNotContain("(-");
    }

    @Test
    void numbersThatContradictTheTimesAreNoOrder() throws IOException {
        new SmallTrace(folder).file("c_0", packet(0, 8, 0, 10, 19), packet(0, 5, 0, 20, 29));
        assertThat(view(Notices.CONTRAIL, folder)).isZero();
        assertThat(out.lines().findFirst().orElseThrow()).contains("n = -10,");
        assertThat(err).doesNotContain("sequence numbers");
    }

    @Test
    void aSummarySpansPacketsInAnyOrder() throws IOException {
        new SmallTrace(folder).file("c_0", packet(0, 8, 0, 30, 39), packet(0, 8, 0, 10, 19));
        Summary.OneTrace trace = Summary.of(List.of(folder), false).traces().getFirst();
        assertThat(trace.range().orElseThrow()).containsExactly(EPOCH + 10, EPOCH + 39);
    }

    @Test
    void aSummaryOfPacketsWithoutTimesReadsTheirEvents() throws IOException {
        write(8, 3, 5, 9);
        Summary.OneTrace trace = Summary.of(List.of(folder), false).traces().getFirst();
        assertThat(trace.range().orElseThrow()).containsExactly(3_000_000, 9_000_000);
    }

    @Test
    void clocksWithNothingInCommonAreNotMergedSilently() throws IOException {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        new SmallTrace(one).file("c_0", packet(0, 0, 0, 10, 30));
        new SmallTrace(other).file("c_0", packet(0, 0, 0, 20, 40));
        change(other, SmallTrace.TRACE.toString(), "20212223-1415-1617-1819-1a1b1c1d1e1f");
        byte[] stream = Files.readAllBytes(other.resolve("c_0"));
        System.arraycopy(new byte[] {0x20, 0x21, 0x22, 0x23}, 0, stream, 4, 4);
        Files.write(other.resolve("c_0"), stream);

        assertThat(view(Notices.CONTRAIL, one, other)).isZero();
        assertThat(out.lines()).hasSize(4);
        assertThat(err).isEmpty();

        change(other, BOOT, "f5bfba5b-d66c-48b5-83b2-54b01fe2cf3c");
        assertThat(view(Notices.CONTRAIL, one, other)).isZero();
        assertThat(out.lines()).hasSize(4);
        assertThat(err)
                .startsWith("Warning: ")
                .contains("one/c_0", "other/c_0", "have nothing in common");
        assertThat(err.lines()).hasSize(1);
    }

    @Test
    void shortTimesComeAfterTheEndOfThePacketBefore() throws IOException {
        Files.writeString(
                folder.resolve("metadata"),
                """
                /* CTF 1.8 */
                trace { major = 1; minor = 8; byte_order = be; };
                clock { name = c; freq = 1000000000; };
                stream { packet.context := struct {
                        integer { size = 16; } packet_size;
                        integer { size = 32; map = clock.c.value; } timestamp_end; };
                    event.header :=
                        struct { integer { size = 8; map = clock.c.value; } timestamp; }; };
                event { name = e; fields := struct { }; };
                """);
        ByteBuffer packets = ByteBuffer.allocate(14);
        packets.putShort((short) 56).putInt(534).put((byte) 155);
        packets.putShort((short) 56).putInt(700).put((byte) 167);
        Files.write(folder.resolve("s"), packets.array());
        assertThat(view(Notices.CONTRAIL, folder)).isZero();
        assertThat(out.lines().map(line -> line.replaceAll(".*\\(\\+(.*?)\\).*", "$1")))
                .containsExactly("?.?????????", "0.000000524"); // 155, 679 = 0x2A7
    }

    /// A trace whose packets say nothing, and whose events have a time in milliseconds.
    private void write(int bits, long... times) throws IOException {
        Files.writeString(
                folder.resolve("metadata"),
                """
                /* CTF 1.8 */
                trace { major = 1; minor = 8; byte_order = be; };
                clock { name = c; freq = 1000; };
                stream { event.header :=
                    struct { integer { size = %d; map = clock.c.value; } timestamp; }; };
                event { name = e; fields := struct { integer { size = 8; } a; }; };
                """
                        .formatted(bits));
        ByteBuffer events = ByteBuffer.allocate(times.length * (bits / 8 + 1));
        for (long time : times) {
            events = bits == 8 ? events.put((byte) time) : events.putLong(time);
            events.put((byte) 1);
        }
        Files.write(folder.resolve("s"), events.array());
    }

    private static void change(Path trace, String from, String to) throws IOException {
        Path metadata = trace.resolve("metadata");
        String text = Files.readString(metadata);
        assertThat(text).contains(from);
        Files.writeString(metadata, text.replace(from, to));
    }
}
