// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.Schedules;
import dev.contrail.recorder.consumer.QueuedPacket.Kind;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// One thread puts packets, another takes them: each once, in order, and all memory is given back.
/// The files are as large as two packets, so that they are used again.
public final class PacketQueueSchedule {
    private static final int PACKETS = 4;
    private static final int BYTES = 600 << 10;
    private static final StreamKey STREAM = Packets.key(0, 0);

    private PacketQueueSchedule() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("contrail-schedule");
        var budget = new SpillBudget(64 << 20);
        try {
            PacketQueue queue = PacketQueue.open(directory, "packets", budget);
            Thread puts = Thread.ofPlatform().start(() -> put(queue));
            long taken = 0;
            while (taken < PACKETS) {
                var first = queue.first();
                if (first.isPresent()) {
                    Schedules.check(first.get().entry().sequence() == taken, "in order");
                    Schedules.check(first.get().packet().remaining() == BYTES, "whole");
                    queue.taken();
                    taken++;
                } else {
                    Thread.yield();
                }
            }
            puts.join();
            Schedules.check(queue.isEmpty() && queue.waitingBytes() == 0, "nothing waits");
            queue.close();
            Schedules.check(budget.take(budget.bytes()), "all memory is given back");
        } finally {
            PrivateFiles.deleteTree(directory);
        }
    }

    private static void put(PacketQueue queue) {
        try {
            for (int i = 0; i < PACKETS; i++) {
                IndexEntry entry = Packets.entry(i, BYTES, 1, 0);
                queue.end().put(Kind.PACKET, STREAM, entry, Packets.packet(new UUID(1, 2), entry));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
