// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import dev.contrail.wire.net.TimeSource;
import java.util.concurrent.ThreadFactory;

/// What the threads of a session have of the machine that they run on; tests may have another.
///
/// @param threads daemon threads, which are named by who asks for them
public record RecorderHost(TimeSource clock, ThreadFactory threads) {
    /// This machine.
    public static RecorderHost real() {
        return new RecorderHost(TimeSource.SYSTEM, Thread.ofPlatform().daemon().factory());
    }

    /// A thread of that name, which has not begun.
    public Thread thread(String name, Runnable work) {
        Thread made = threads.newThread(work);
        made.setName(name);
        return made;
    }
}
