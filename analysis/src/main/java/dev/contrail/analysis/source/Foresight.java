// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ClockTime;
import dev.contrail.ctf.decode.PacketDecoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When the next events of a packet come, of those that its decoder has decoded already: a merge
/// then only steps on. It ends before an event whose time goes back, of which more is to be said.
final class Foresight {
    private final PacketDecoder decoder;
    private final TimeOrder order;

    /// Null when the stream has none.
    private final @Nullable ClockTime clock;

    /// The present event's, which nobody asks for, and those after it.
    private final long[] times = new long[1 + PacketDecoder.MOST_AHEAD];

    private int present;
    private int end;

    Foresight(PacketDecoder decoder, TimeOrder order, Optional<ClockTime> clock) {
        this.decoder = decoder;
        this.order = order;
        this.clock = clock.orElse(null);
    }

    /// Looks at the events after the one that the decoder is at.
    void look() {
        int ahead = decoder.ahead();
        int next = 1;
        while (next <= ahead) {
            long time = clock == null ? Long.MIN_VALUE : clock.nanos(decoder.ticksAhead(next));
            if (order.goesBack(time)) {
                break;
            }
            times[next++] = time;
        }
        present = 0;
        end = next;
    }

    /// Whether the next event was seen.
    boolean hasNext() {
        return present + 1 < end;
    }

    /// Moves the decoder on by some events, not more than were seen.
    ///
    /// @return when the last of them comes
    long skip(int events) {
        present += events;
        decoder.skip(events);
        return times[present];
    }

    /// How many of the next events are seen to come before a time.
    int before(long time) {
        int last = end - 1;
        while (last > present && times[last] >= time) {
            last--;
        }
        return Math.max(0, last - present);
    }
}
