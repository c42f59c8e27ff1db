// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.write.Cell;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.Text;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Writes and checks records that prove themselves: `s64 n`, `s32 writer`, `s64 checksum`, string.
public final class Flood {
    static final int EVENT_ID = 7;
    static final List<EventField> FIELDS =
            List.of(
                    new EventField("n", FieldType.S64),
                    new EventField("writer", FieldType.S32),
                    new EventField("checksum", FieldType.S64),
                    new EventField("text", FieldType.STRING));
    private static final String TEXT = "the quick brown fox jumps over";

    private Flood() {}

    /// Writes one record.
    ///
    /// @return whether it was recorded
    public static boolean write(WriterPool pool, int writer, long n) {
        String text = TEXT.substring(0, (int) (n % 31));
        Cell cell = take(pool);
        if (cell == null || !cell.open(12 + 20 + Text.room(text))) {
            return false;
        }
        int at = cell.header(EVENT_ID);
        Memory.putLong(at + 12, n);
        Memory.putInt(at + 20, writer);
        Memory.putLong(at + 24, checksum(n, writer));
        cell.end(Text.put(at + 32, text));
        return true;
    }

    /// The same as generated code would.
    public static Cell take(WriterPool pool) {
        try {
            return pool.take();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long checksum(long n, int writer) {
        long mixed = (n * 31 + writer) * 0x9e3779b97f4a7c15L;
        return mixed ^ mixed >>> 29;
    }

    /// Checks every record of a packet and that times in it do not go back.
    ///
    /// @param lastOf the last `n` of each writer in this cell so far; must go up. Updated.
    /// @return what is wrong, or null
    public static String check(RingPacket packet, Map<Integer, Long> lastOf) {
        ByteBuffer bytes = packet.records().duplicate().order(packet.records().order());
        long time = packet.beginTicks();
        for (int i = 0; i < packet.recordCount(); i++) {
            int start = bytes.position();
            long word = bytes.getLong();
            bytes.getInt();
            long n = bytes.getLong();
            int writer = bytes.getInt();
            long checksum = bytes.getLong();
            String text = TEXT.substring(0, (int) Math.floorMod(n, 31L));
            for (int j = 0; j < text.length(); j++) {
                if (bytes.get() != text.charAt(j)) {
                    return at(packet, start) + "text of " + n;
                }
            }
            if (bytes.get() != 0) {
                return at(packet, start) + "end of text of " + n;
            }
            if ((word & 0xffff) != EVENT_ID) {
                return at(packet, start) + "id " + (word & 0xffff);
            }
            if (checksum != checksum(n, writer)) {
                return at(packet, start) + "checksum of " + n;
            }
            long next = Layout.widen(time, word);
            if (next - time > 1L << 46) {
                return at(packet, start) + "time goes back";
            }
            time = next;
            Long last = lastOf.put(writer, n);
            if (last != null && n <= last) {
                return at(packet, start) + n + " after " + last;
            }
        }
        if (bytes.hasRemaining()) {
            return at(packet, bytes.position()) + "bytes after the last record";
        }
        if (packet.recordCount() > 0 && time != packet.endTicks()) {
            return at(packet, 0) + "ends at " + time + ", says " + packet.endTicks();
        }
        return null;
    }

    private static String at(RingPacket packet, int offset) {
        return "cell %d packet %d byte %d: "
                .formatted(packet.cell(), packet.packetNumber(), offset);
    }

    /// The ring of this process, which goes when the process ends.
    public static RingWriter ownRing() throws IOException, PoolRefusedException {
        RingWriter ring = RingWriter.open();
        ring.file().toFile().deleteOnExit();
        return ring;
    }

    /// The program of a child process: `MODE BLOCK_SIZE BLOCKS THREADS EVENTS`; 0 events: until its
    /// standard input ends. Prints the ring's path, then, at the end, the number of events.
    public static void main(String[] args) throws Exception {
        PoolMode mode = PoolMode.valueOf(args[0]);
        int threads = Integer.parseInt(args[3]);
        long events = Long.parseLong(args[4]);
        RingWriter ring = RingWriter.open();
        WriterPool pool =
                ring.openPool(1, 0, mode, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        ring.describe(pool, new EventDescription(EVENT_ID, "test:flood", 13, FIELDS));
        System.out.println(ring.file());
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong emitted = new AtomicLong();
        Thread[] writers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int writer = i;
            writers[i] =
                    new Thread(() -> {
                        long n = 0;
                        for (; events == 0 ? !isOver.get() : n < events; n++) {
                            write(pool, writer, n);
                        }
                        emitted.addAndGet(n);
                    });
            writers[i].start();
        }
        if (events == 0) {
            while (System.in.read() >= 0) {}
        }
        isOver.set(true);
        for (Thread thread : writers) {
            thread.join();
        }
        System.out.println(emitted);
    }

    /// A child process that runs [#main].
    static Process start(Path directory, String... arguments) throws Exception {
        return start(directory, Flood.class, List.of(arguments));
    }

    /// A child process with rings in `directory`.
    ///
    /// @param arguments of the JVM, which begin with a dash, then those of the program
    static Process start(Path directory, Class<?> program, List<String> arguments)
            throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), "-XX:TieredStopAtLevel=4"));
        command.add("-Dcontrail.ring.directory=" + directory);
        for (String each : arguments) {
            if (each.startsWith("-")) {
                command.add(each);
            }
        }
        command.add(program.getName());
        for (String each : arguments) {
            if (!each.startsWith("-")) {
                command.add(each);
            }
        }
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    public static Map<Integer, Long> noRecords() {
        return new HashMap<>();
    }
}
