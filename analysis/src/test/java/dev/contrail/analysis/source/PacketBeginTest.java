// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketBeginTest {
    @TempDir private Path folder;

    @Test
    void isTheTimeOfItsFieldThoughAnotherMovesTheClock() throws IOException {
        String time = "integer { size = 64; align = 8; map = clock.c.value; }";
        Files.writeString(
                folder.resolve("metadata"),
                """
                /* CTF 1.8 */
                trace { major = 1; minor = 8; byte_order = be; };
                clock { name = c; freq = 1000; };
                stream { packet.context := struct { %s timestamp_begin; %s other; }; };
                event { name = "e"; fields := struct { integer { size = 8; } n; }; };
                """
                        .formatted(time, time));
        ByteBuffer packet = ByteBuffer.allocate(17).putLong(5).putLong(9).put((byte) 1);
        Files.write(folder.resolve("s"), packet.array());
        var out = new ByteArrayOutputStream();
        String[] arguments = {"-c", "sink.text.details", folder.toString()};
        assertThat(View.main(arguments, out, new PrintStream(new ByteArrayOutputStream())))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("[5 cycles", "[9 cycles")
                .containsSubsequence("[5 cycles", "Packet beginning", "[9 cycles", "Event");
    }
}
