// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.context;

import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.Text;
import dev.contrail.tracer.ring.write.ThreadFacts;

/// The value of one context in the calling thread, as an [EventContext] writes it.
interface ContextValue {
    /// Bytes of a thread's name as the kernel has it, the zero byte included (`TASK_COMM_LEN`).
    int COMM_BYTES = 16;

    /// As LTTng-UST has it, the thread's name as far as the kernel keeps it; of a JVM's threads
    /// that is the beginning of their Java name.
    ContextValue PROCNAME = at -> Text.putCut(at, Thread.currentThread().getName(), COMM_BYTES);

    ContextValue THREAD_NAME =
            at -> Text.putCut(at, Thread.currentThread().getName(), EventContext.MAX_STRING_BYTES);

    ContextValue JAVA_THREAD_ID =
            at -> {
                Memory.putLong(at, ThreadFacts.javaId(Thread.currentThread()));
                return at + 8;
            };

    ContextValue VIRTUAL_THREAD =
            at -> {
                boolean isVirtual = ThreadFacts.isVirtual(Thread.currentThread());
                Memory.putByte(at, (byte) (isVirtual ? 1 : 0));
                return at + 1;
            };

    /// @return the position after it
    int put(int at);

    /// Always the same number.
    ///
    /// @param bytes 4 or 8
    static ContextValue number(int bytes, long value) {
        return at -> {
            if (bytes == 4) {
                Memory.putInt(at, (int) value);
            } else {
                Memory.putLong(at, value);
            }
            return at + bytes;
        };
    }
}
