// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.UsageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Counts messages by kind, as babeltrace2's `sink.utils.counter`.
final class CounterSink implements Sink {
    private static final String[] ONE = {
        "Event message",
        "Stream beginning message",
        "Stream end message",
        "Packet beginning message",
        "Packet end message",
        "Discarded event message",
        "Discarded packet message",
        "Message iterator inactivity message"
    };

    /// What babeltrace2 2.0.4 does; its manual says 1000.
    private static final long STEP = 10_000;

    /// Messages come to babeltrace2's sinks in batches of this size: it looks after each.
    private static final int BATCH = 15;

    private final OutputStream out;
    private final long step;
    private final boolean isZeroHidden;
    private final long[] counts = new long[ONE.length];
    private long total;
    private long lookedAt;
    private long steppedAt;
    private long printedAt = -1;

    CounterSink(Component component, OutputStream out) throws UsageException {
        this.out = out;
        step = component.number("step", STEP);
        isZeroHidden = component.isSet("hide-zero", false);
    }

    @Override
    public void accept(Message message) throws IOException {
        switch (message) {
            case EventRecord _ -> counts[0]++;
            case Message.StreamBegin _ -> counts[1]++;
            case Message.StreamEnd _ -> counts[2]++;
            case Message.PacketBegin _ -> counts[3]++;
            case Message.PacketEnd _ -> counts[4]++;
            case Message.DiscardedEvents _ -> counts[5]++;
            case Message.DiscardedPackets _ -> counts[6]++;
            case Message.Inactivity _ -> counts[7]++;
            case Message.Damage _, Message.Remark _ -> {
                return;
            }
        }
        total++;
        if (total - lookedAt == BATCH) {
            printStep();
        }
    }

    @Override
    public void close() throws IOException {
        printStep();
        if (printedAt != total) {
            print();
        }
        out.flush();
    }

    private void printStep() throws IOException {
        lookedAt = total;
        if (step != 0 && total - steppedAt >= step) {
            steppedAt = total;
            print();
            out.write('\n');
        }
    }

    private void print() throws IOException {
        printedAt = total;
        var text = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0 || !isZeroHidden) {
                text.append("%15d %s%s%n".formatted(counts[i], ONE[i], counts[i] == 1 ? "" : "s"));
            }
        }
        text.append("%15d message%s (TOTAL)%n".formatted(total, total == 1 ? "" : "s"));
        out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
