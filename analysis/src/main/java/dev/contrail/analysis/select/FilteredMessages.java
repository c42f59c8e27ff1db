// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/// Lets through only the events that are wanted, and all other messages.
final class FilteredMessages implements MessageIterator {
    private final MessageIterator upstream;
    private final Predicate<EventRecord> isWanted;

    private FilteredMessages(MessageIterator upstream, Predicate<EventRecord> isWanted) {
        this.upstream = upstream;
        this.isWanted = isWanted;
    }

    /// The messages that pass the filter; without one, all of them.
    static MessageIterator of(MessageIterator upstream, Optional<EventFilter> filter) {
        return filter.isPresent()
                ? new FilteredMessages(upstream, filter.get()::accepts)
                : upstream;
    }

    /// The messages but for the kernel's state dump.
    static MessageIterator withoutStateDump(MessageIterator upstream) {
        return new FilteredMessages(upstream, event -> !Ending.isStateDump(event));
    }

    /// The messages but for the first `count` events.
    static MessageIterator after(int count, MessageIterator upstream) {
        if (count == 0) {
            return upstream;
        }
        int[] left = {count};
        return new FilteredMessages(
                upstream,
                _ -> {
                    if (left[0] == 0) {
                        return true;
                    }
                    left[0]--;
                    return false;
                });
    }

    @Override
    public boolean next() throws IOException {
        while (upstream.next()) {
            if (!(upstream.current() instanceof EventRecord event) || isWanted.test(event)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Message current() {
        return upstream.current();
    }

    @Override
    public long nanos() {
        return upstream.nanos();
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
