// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.StreamClass;
import dev.contrail.kernel.trace.Declarations.Kind;
import dev.contrail.kernel.tracefs.KernelEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarationsTest {
    private static final KernelEvent SWITCH = new KernelEvent("sched", "sched_switch");
    @TempDir Path directory;

    @Test
    void giveTheSameNumbersAndTextToANextDaemon() throws Exception {
        Declarations first = made(directory.resolve("log"));
        Declarations next = Declarations.open(directory.resolve("log"));
        assertThat(next.body()).isEqualTo(first.body());
        assertThat(next.of(0)).isEqualTo(first.of(0));
        assertThat(next.of(3)).isEqualTo(first.of(3));
        assertThat(next.firstChannel()).isEqualTo(3);
        declare(next, 3, "third");
        assertThat(next.find(3, Kind.TRACEPOINT, "third").orElseThrow().id()).isEqualTo(2);
        assertThat(next.body()).startsWith(first.body());
        assertThat(next.save()).isTrue();
        assertThat(Declarations.open(directory.resolve("log")).body()).isEqualTo(next.body());
    }

    @Test
    void declareAnEventOnce() throws Exception {
        Declarations declarations = made(directory.resolve("log"));
        String body = declarations.body();
        declare(declarations, 3, "first");
        assertThat(declarations.body()).isEqualTo(body);
        assertThat(declarations.save()).isFalse();
    }

    @Test
    void cutOffWhatWasNotWhollyWritten() throws Exception {
        Path whole = directory.resolve("log");
        String body = made(whole).body();
        byte[] bytes = Files.readAllBytes(whole);
        int header = new String(bytes, StandardCharsets.UTF_8).indexOf('\n') + 1; // made as a whole
        for (int length = header; length < bytes.length; length++) {
            Path cut = directory.resolve("cut");
            Files.write(cut, Arrays.copyOf(bytes, length));
            Declarations read = Declarations.open(cut);
            assertThat(body).startsWith(read.body());
            String kept = read.body();
            if (read.hasChannel(3)) {
                declare(read, 3, "again");
                read.save();
                assertThat(Declarations.open(cut).body()).startsWith(kept).isEqualTo(read.body());
            }
        }
    }

    /// With other numbers for its events the trace would say what never happened.
    @Test
    void refuseToGoOnFromADamagedFile() throws Exception {
        Path file = directory.resolve("log");
        Declarations declarations = made(file);
        declare(declarations, 3, "third");
        declarations.save();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Declarations.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("what its events are is not known");
    }

    private static Declarations made(Path file) throws Exception {
        Declarations declarations = Declarations.open(file);
        for (int channel : new int[] {3, 0}) {
            declarations.stream(
                    new StreamClass(
                            channel,
                            LttngSchema.packetContext(ClockClass.monotonic("", 0)),
                            LttngSchema.largeEventHeader(ClockClass.monotonic("", 0)),
                            StructureClass.ABSENT));
            declare(declarations, channel, "first");
            declare(declarations, channel, "second");
        }
        declarations.save();
        return declarations;
    }

    private static void declare(Declarations declarations, int channel, String name) {
        declarations.event(channel, Kind.TRACEPOINT, SWITCH, name, name, StructureClass.ABSENT);
    }
}
