// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import java.util.concurrent.atomic.AtomicLong;

/// How much of the relay's memory replies have that viewers have not yet read: many viewers that
/// read slowly get small replies, which hold up nobody but themselves.
final class ReplyBudget {
    /// Bytes of a packet or of metadata in one reply.
    static final int MAX_BYTES = 1024 * 1024;

    /// Replies that viewers have not yet read, from which on the next ones are small.
    static final long MAX_UNREAD_BYTES = 64L * 1024 * 1024;

    /// Bytes in a small one.
    static final int MAX_SMALL_BYTES = 16 * 1024;

    private final AtomicLong unread = new AtomicLong();

    /// How long a reply may be now.
    int mostBytes() {
        return unread.get() < MAX_UNREAD_BYTES ? MAX_BYTES : MAX_SMALL_BYTES;
    }

    void begin(int bytes) {
        unread.addAndGet(bytes);
    }

    void end(int bytes) {
        unread.addAndGet(-bytes);
    }
}
