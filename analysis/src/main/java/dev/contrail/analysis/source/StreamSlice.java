// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import java.io.IOException;

/// The messages of one stream that belong to a slice of time, in the places that they have in the
/// whole.
///
/// A message belongs where the latest time of the stream up to it lies, so that slices laid end to
/// end are the whole, also where time goes back within a packet. This holds as long as packets and
/// events are where the index has them; [#isIrregular] tells.
public final class StreamSlice implements MessageIterator {
    private final StreamSource source;
    private final long fromNanos;
    private final long toNanos;
    private long latest;

    /// How many of the next events are known to belong here.
    private int known;

    private boolean isIrregular;

    /// @param source from the first packet on that reaches into the slice
    /// @param latest the latest end of the packets before
    private StreamSlice(StreamSource source, long fromNanos, long toNanos, long latest) {
        this.source = source;
        this.fromNanos = fromNanos;
        this.toNanos = toNanos;
        this.latest = latest;
    }

    /// The part of a stream that lies in a slice of time, read anew. Only for streams that have a
    /// [KnownPackets#range]. Any thread.
    ///
    /// @param toNanos where the next slice begins; [Long#MAX_VALUE] when there is none
    public static StreamSlice of(StreamSource whole, long fromNanos, long toNanos) {
        KnownPackets packets = whole.packets();
        int first = packets.firstEndingFrom(fromNanos);
        int end = packets.firstBeginningFrom(first, toNanos);
        // One more tells whether packets are missing before it.
        end = Math.min(packets.entries().size(), end + 1);
        long latest = packets.latestEnd(first);
        return new StreamSlice(whole.part(first, end), fromNanos, toNanos, latest);
    }

    /// The rest of a stream from some time on, where nobody reads what is before: the packets that
    /// an index has before that time and next to it are left out only if they say so themselves.
    public static StreamSlice ending(StreamSource whole, long fromNanos) throws IOException {
        KnownPackets packets = whole.packets();
        int first = packets.firstEndingFrom(fromNanos);
        while (first > 0 && !whole.isAsListed(first - 1)) {
            first--;
        }
        return new StreamSlice(
                whole.part(first, packets.entries().size()),
                fromNanos,
                Long.MAX_VALUE,
                packets.latestEnd(first));
    }

    StreamSource source() {
        return source;
    }

    /// Whether something came that slices cannot place: damage, a remark, or what the index does
    /// not know.
    public boolean isIrregular() {
        return isIrregular;
    }

    @Override
    public boolean next() throws IOException {
        if (known > 0) {
            known--;
            boolean isThere = source.next();
            latest = Math.max(latest, source.nanos());
            return isThere;
        }
        while (source.next()) {
            // Also of what lies outside: it may be what keeps something from coming here.
            isIrregular |= source.isMisplaced();
            latest = Math.max(latest, source.nanos());
            if (latest >= toNanos && toNanos != Long.MAX_VALUE) {
                return false;
            }
            // What a packet that reaches in here has lost may be from here.
            boolean isDamage = source.current() instanceof Message.Damage;
            if (latest >= fromNanos || isDamage) {
                isIrregular |= isDamage || source.current() instanceof Message.Remark;
                known = source.foreseenBefore(toNanos);
                return true;
            }
            int before = source.foreseenBefore(fromNanos);
            if (before > 0) {
                source.skip(before);
                latest = Math.max(latest, source.nanos());
            }
        }
        return false;
    }

    @Override
    public Message current() {
        return source.current();
    }

    @Override
    public long nanos() {
        return source.nanos();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
