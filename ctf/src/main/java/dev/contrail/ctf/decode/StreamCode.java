// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.StreamPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The generated decoder of a stream class, and the account that decides when it is made and for
/// which event classes. Shared by all traces of equal layouts, see [SharedCode]; any thread.
final class StreamCode {
    /// One record in so many makes an event class worth its code; rarer ones stay interpreted.
    private static final int RARE = 1_000;

    private volatile @Nullable RecordDecoder decoder;

    /// Interpreted records by the event class's number. Threads count without a lock: a record that
    /// is not counted delays code, no more.
    private final int[] counts;

    private long interpreted;

    /// How many event classes the decoder was made for.
    private int frequentBefore;

    StreamCode(int eventClasses) {
        counts = new int[eventClasses];
    }

    /// Null for none yet, also when only the interpreter can decode the stream class.
    @Nullable RecordDecoder decoder() {
        return decoder;
    }

    /// Counts an interpreted event record.
    void count(EventPlan event) {
        counts[event.number()]++;
    }

    /// Adds to the number of interpreted event records; when there are enough, generates a decoder
    /// for the event classes seen often so far, unless it knows them all.
    ///
    /// @param stream any stream class that shares this
    synchronized void interpreted(int records, int recordsBeforeCode, StreamPlan stream) {
        interpreted += records;
        if (interpreted < recordsBeforeCode) {
            return;
        }
        interpreted = 0;
        List<EventPlan> frequent = new ArrayList<>();
        for (int number = 0; number < counts.length; number++) {
            if (counts[number] > recordsBeforeCode / RARE) {
                frequent.add(stream.numbered(number));
            }
        }
        if (frequent.size() > frequentBefore) {
            frequentBefore = frequent.size();
            RecordCompiler.compile(stream, frequent).ifPresent(made -> decoder = made);
        }
    }
}
