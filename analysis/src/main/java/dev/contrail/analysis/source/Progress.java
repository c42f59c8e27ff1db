// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// How far reading has come, for those who wait for it. Any thread may look.
///
/// ```java
/// var progress = new Progress();
/// Thread.ofVirtual().start(() -> View.run(traces, options, out, err, progress));
/// System.err.println(progress.bytes() + " of " + progress.totalBytes());
/// ```
public final class Progress {
    /// How many events the reading thread passes before it tells.
    public static final int TOLD_EVENTS = 4096;

    private final LongAdder events = new LongAdder();
    private volatile long totalBytes;
    private volatile long bytes;

    /// Those that one thread reads; empty while slices are read by several.
    private List<StreamSource> sources = List.of();

    /// Of work that has not begun.
    public Progress() {}

    /// Events that were passed to the sink, to within some thousands.
    public long events() {
        return events.sum();
    }

    /// Bytes of the packets that were read.
    public long bytes() {
        return bytes;
    }

    /// Bytes of all packets; 0 while the traces are being opened.
    public long totalBytes() {
        return totalBytes;
    }

    /// The traces are open.
    public void begin(List<StreamSource> all) {
        totalBytes = all.stream().mapToLong(source -> source.packets().sizeBytes()).sum();
    }

    /// One thread, the caller, reads all.
    public void readBy(List<StreamSource> all) {
        sources = all;
    }

    /// Of the slices of time that several threads read some are done.
    public void slices(int done, int all) {
        bytes = (long) ((double) totalBytes * done / all);
    }

    /// So many more events were passed to the sink.
    public void passed(int count) {
        events.add(count);
        if (!sources.isEmpty()) {
            bytes = sources.stream().mapToLong(StreamSource::readBytes).sum();
        }
    }
}
