// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;

/// Lets through only the events that a filter accepts, and all other messages.
final class FilteredMessages implements MessageIterator {
    private final MessageIterator upstream;
    private final EventFilter filter;

    private FilteredMessages(MessageIterator upstream, EventFilter filter) {
        this.upstream = upstream;
        this.filter = filter;
    }

    /// The messages behind the options' filter; without one, all of them.
    static MessageIterator of(MessageIterator upstream, ViewOptions options) {
        return options.filter().isPresent()
                ? new FilteredMessages(upstream, options.filter().get())
                : upstream;
    }

    @Override
    public boolean next() throws IOException {
        while (upstream.next()) {
            if (!(upstream.current() instanceof EventRecord event) || filter.accepts(event)) {
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
