// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.StreamFile;
import dev.contrail.ctf.tsdl.TsdlWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What we write, read by babeltrace2.
class BabeltraceInteropTest {
    @TempDir private Path folder;

    @Test
    void babeltraceReadsEveryFieldClassThatWeWrite() throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/babeltrace2")),
                "babeltrace2 is not installed");
        // babeltrace2 dies of a reference inside event.context, so this event has no such one
        EventClass all = Traces.allFieldClasses();
        var event =
                new EventClass(
                        0,
                        0,
                        all.name(),
                        all.logLevel(),
                        all.emfUri(),
                        StructureClass.ABSENT,
                        all.fields());
        StreamClass later = Traces.stream(7, LttngSchema.largeEventHeader(Traces.CLOCK));
        Files.writeString(
                folder.resolve("metadata"),
                TsdlWriter.preamble(
                                Traces.trace(),
                                java.util.List.of(
                                        Traces.stream(0, LttngSchema.jvmEventHeader(Traces.CLOCK))))
                        + TsdlWriter.event(event)
                        + TsdlWriter.stream(later));
        byte[] packet = withoutContext(Traces.packet(0, 1000, 1));
        Files.write(folder.resolve("ch_0"), packet);
        Files.createDirectories(folder.resolve("index"));
        StreamFile scanned;
        try (FileChannel channel = FileChannel.open(folder.resolve("ch_0"))) {
            scanned = StreamFile.scan(channel);
        }
        assertThat(scanned.packets()).hasSize(1);
        try (FileChannel index =
                FileChannel.open(
                        IndexFile.of(folder.resolve("ch_0")),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            index.write(IndexFile.header());
            index.write(IndexFile.entry(0, scanned.packets().getFirst().entry()));
        }
        Process process =
                new ProcessBuilder(
                                "babeltrace2",
                                "--clock-gmt",
                                "--fields=loglevel,emf",
                                folder.toString())
                        .redirectErrorStream(true)
                        .start();
        String text;
        try (InputStream out = process.getInputStream()) {
            text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor()).as(text).isZero();
        assertThat(text)
                .isEqualTo(
                        """
                        [08:07:13.249188890] (+?.?????????) TRACE_DEBUG_LINE (13):http://example.com/?a="b" \
                        my:"event": { cpu_id = 3 }, { vtid = 4242 }, \
                        { e = ( "a \\"x\\"; \\\\ }" : container = -2 ), \
                        a = [ [0] = [ [0] = 1, [1] = 2 ], [1] = [ [0] = 3, [1] = 4 ], [2] = [ [0] = 5, [1] = 6 ] ], \
                        be = 0xABCD, _s_length = 2, s = [ [0] = 7, [1] = -8 ], t = "pro", z = "héllo", \
                        d = 1.5, f = -0.25, st = { x = 9 }, tag = ( "_int" : container = 0 ), v = { -5 } }
                        """);
    }

    /// Cuts the three bytes of `event.context` out of a packet of one record, and as many of the
    /// padding after are added.
    private static byte[] withoutContext(byte[] packet) {
        int context = 84 + 12;
        ByteBuffer out = ByteBuffer.allocate(packet.length);
        out.put(packet, 0, context).put(packet, context + 3, packet.length - context - 3);
        out.order(java.nio.ByteOrder.LITTLE_ENDIAN);
        return out.putLong(48, (packet.length - 6) * 8L).array();
    }
}
