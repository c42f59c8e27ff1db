// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How many event classes a ring describes.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MetadataAreaSystemTest {
    private static final int CLASSES = 16_384;

    @TempDir(factory = SharedMemory.class)
    Path directory;

    /// In a process of its own, whose ring no other test has written into: describes as many event
    /// classes as it is told, or until there is no room, once and again.
    static final class Describer {
        private Describer() {}

        public static void main(String[] arguments) throws Exception {
            RingWriter ring = RingWriter.open();
            System.out.println(ring.file());
            int most = Integer.parseInt(arguments[0]);
            for (int round = 0; round < 2; round++) {
                WriterPool pool = ring.openPool(round, 0, PoolMode.DISCARD, 4096, 2);
                System.out.println(describe(ring, pool, most));
                System.in.read();
                ring.dropPool(pool);
            }
        }

        private static int describe(RingWriter ring, WriterPool pool, int most) throws Exception {
            for (int i = 0; i < most; i++) {
                try {
                    ring.describe(pool, event(i));
                } catch (PoolRefusedException e) {
                    return i;
                }
            }
            return most;
        }
    }

    private static EventDescription event(int id) {
        return new EventDescription(id, "many:event" + id, 13, Flood.FIELDS);
    }

    private Process start(String... arguments) throws Exception {
        return Flood.start(directory, Describer.class, List.of(arguments));
    }

    @Test
    void describesAllTheEventClassesThatASessionMayWant() throws Exception {
        Process process = start("" + CLASSES);
        BufferedReader out = process.inputReader();
        Path file = Path.of(out.readLine());
        assertThat(out.readLine()).isEqualTo("" + CLASSES);
        try (RingFile ring = RingFile.open(file, -1)) {
            List<EventDescription> wanted = new ArrayList<>();
            for (int i = 0; i < CLASSES; i++) {
                wanted.add(event(i));
            }
            assertThat(ring.events(ring.pools().get(0))).isEqualTo(wanted);
        }
        process.destroyForcibly().waitFor();
    }

    @Test
    void hasRoomAgainWhenNoPoolIsLeft() throws Exception {
        Process process = start("-Dcontrail.ring.size=" + 2 * Layout.MIN_FILE, "" + CLASSES);
        BufferedReader out = process.inputReader();
        Path file = Path.of(out.readLine());
        int first = Integer.parseInt(out.readLine());
        assertThat(first).isBetween(1000, CLASSES - 1);
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        assertThat(Integer.parseInt(out.readLine())).isBetween(first - 1, first + 1);
        try (RingFile ring = RingFile.open(file, -1)) {
            assertThat(ring.events(ring.pools().get(0))).hasSizeBetween(first - 1, first + 1);
        }
        process.destroyForcibly().waitFor();
    }
}
