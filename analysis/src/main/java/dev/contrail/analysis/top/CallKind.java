// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.HashMap;
import java.util.Map;

/// What a system call does with files.
enum CallKind {
    READ,
    WRITE,
    /// From one descriptor to another.
    COPY,
    SYNC,
    OPEN,
    SOCKET,
    /// Another descriptor for the same.
    DUPLICATE,
    CLOSE,
    NONE;

    private static final Map<String, CallKind> KINDS = new HashMap<>();

    static {
        put(READ, "read", "pread64", "pread", "readv", "preadv", "preadv2", "recvfrom", "recvmsg");
        put(READ, "recv");
        put(WRITE, "write", "pwrite64", "pwrite", "writev", "pwritev", "pwritev2", "sendto");
        put(WRITE, "sendmsg", "send");
        put(COPY, "sendfile", "sendfile64", "splice", "copy_file_range");
        put(SYNC, "fsync", "fdatasync", "sync_file_range", "syncfs", "sync");
        put(OPEN, "open", "openat", "openat2", "creat");
        put(SOCKET, "socket", "accept", "accept4");
        put(DUPLICATE, "dup", "dup2", "dup3", "fcntl", "fcntl64");
        put(CLOSE, "close");
    }

    private static void put(CallKind kind, String... calls) {
        for (String each : calls) {
            KINDS.put(each, kind);
        }
    }

    static CallKind of(String call) {
        return KINDS.getOrDefault(call, NONE);
    }

    /// Whether it moves bytes, or waits until they are moved.
    boolean isTransfer() {
        return ordinal() <= SYNC.ordinal();
    }
}
