// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.top.EventShape.Meaning;
import dev.contrail.analysis.top.Files.FileRow;
import dev.contrail.analysis.top.Tally.Sum;
import dev.contrail.ctf.decode.PacketDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// System calls from their begin to their end, and what they do with files.
final class Calls {
    private static final int FD = Meaning.ENTRY.field("fd");
    private static final int FILDES = Meaning.ENTRY.field("fildes");
    private static final int OLD_FD = Meaning.ENTRY.field("oldfd");
    private static final int NEW_FD = Meaning.ENTRY.field("newfd");
    private static final int FILE_NAME = Meaning.ENTRY.field("filename");
    private static final int COMMAND = Meaning.ENTRY.field("cmd");
    private static final int IN_FD = Meaning.ENTRY.field("in_fd");
    private static final int OUT_FD = Meaning.ENTRY.field("out_fd");
    private static final int FD_IN = Meaning.ENTRY.field("fd_in");
    private static final int FD_OUT = Meaning.ENTRY.field("fd_out");
    private static final int RESULT = Meaning.RETURN.field("ret");
    private static final int DUMPED_PID = Meaning.DESCRIPTOR.field("pid");
    private static final int DUMPED_FD = Meaning.DESCRIPTOR.field("fd");
    private static final int DUMPED_NAME = Meaning.DESCRIPTOR.field("filename");

    /// Results from here to -1 are error numbers.
    private static final long LAST_ERROR = -4095;

    /// Commands of `fcntl` that duplicate a descriptor.
    private static final long F_DUPFD = 0;

    private static final long F_DUPFD_CLOEXEC = 1030;

    private static final int LONGEST_PATH = 4096;

    private final Files files;

    Calls(Files files) {
        this.files = files;
    }

    /// The thread that has the processor enters a system call.
    void enter(Task task, EventShape shape, PacketDecoder decoder, int first, long now) {
        task.call = shape.call();
        task.callBegin = now;
        task.callDescriptor = -1;
        task.callOther = -1;
        task.callFile = null;
        switch (CallKind.of(task.call)) {
            case READ, WRITE, SYNC, CLOSE -> task.callDescriptor = at(shape, decoder, first, FD);
            case COPY -> {
                task.callDescriptor = at(shape, decoder, first, shape.has(IN_FD) ? IN_FD : FD_IN);
                task.callOther = at(shape, decoder, first, shape.has(OUT_FD) ? OUT_FD : FD_OUT);
            }
            case OPEN -> task.callFile = path(shape.text(decoder, first, FILE_NAME));
            case SOCKET -> task.callFile = "socket";
            case DUPLICATE -> {
                long old = at(shape, decoder, first, OLD_FD);
                old = old < 0 ? at(shape, decoder, first, FILDES) : old;
                old = old < 0 ? at(shape, decoder, first, FD) : old;
                task.callFile = files.name(task.pid(), old, now);
                task.callDescriptor = at(shape, decoder, first, NEW_FD);
                if (shape.has(COMMAND)) {
                    long command = shape.number(decoder, first, COMMAND);
                    boolean isCopy = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
                    task.callOther = isCopy ? 0 : 1;
                }
            }
            case NONE -> {}
        }
    }

    private static long at(EventShape shape, PacketDecoder decoder, int first, int field) {
        return shape.has(field) ? shape.number(decoder, first, field) : -1;
    }

    /// A path; null for the address of one, which is all that tracefs knows.
    private static @Nullable String path(byte[] bytes) {
        return bytes.length == 0 || bytes.length > LONGEST_PATH || isAddress(bytes)
                ? null
                : new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isAddress(byte[] text) {
        if (text.length < 3 || text[0] != '0' || text[1] != 'x') {
            return false;
        }
        for (int i = 2; i < text.length; i++) {
            if (Character.digit(text[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /// The thread leaves its system call.
    void leave(Task task, EventShape shape, PacketDecoder decoder, int first, long now) {
        if (task.call.isEmpty()) {
            return; // it had begun before anybody looked
        }
        long result = shape.number(decoder, first, RESULT);
        long error = result < 0 && result >= LAST_ERROR ? -result : 0;
        long nanos = now - task.callBegin;
        task.addCall(task.call, nanos, error);
        CallKind kind = CallKind.of(task.call);
        if (kind.isTransfer()) {
            transfer(task, kind, result, error, now);
        } else if (error == 0) {
            change(task, kind, result);
        }
        task.call = "";
        task.callFile = null;
    }

    private void change(Task task, CallKind kind, long result) {
        switch (kind) {
            case OPEN, SOCKET -> files.open(task.pid(), result, task.callFile);
            case CLOSE -> files.close(task.pid(), task.callDescriptor);
            case DUPLICATE -> {
                if (task.callOther != 1) {
                    files.open(task.pid(), result, task.callFile);
                }
            }
            default -> {}
        }
    }

    private void transfer(Task task, CallKind kind, long result, long error, long now) {
        long nanos = now - task.callBegin;
        long bytes = error == 0 ? result : 0;
        long read = kind == CallKind.READ || kind == CallKind.COPY ? bytes : 0;
        long written = kind == CallKind.WRITE || kind == CallKind.COPY ? bytes : 0;
        add(task.sums, read, written, error, nanos);
        task.transfers.add(nanos, error);
        if (kind == CallKind.COPY) {
            count(task, task.callDescriptor, read, 0, error, now);
            count(task, task.callOther, 0, written, error, now);
        } else if (task.callDescriptor >= 0) {
            count(task, task.callDescriptor, read, written, error, now);
        }
    }

    private void count(Task task, long descriptor, long read, long written, long error, long now) {
        long nanos = now - task.callBegin;
        String name = files.name(task.pid(), descriptor, now);
        if (name == null) {
            name = "fd " + descriptor + " of " + task.name() + " (" + task.pid() + ")";
        }
        FileRow file = files.file(name);
        add(file.sums, read, written, error, nanos);
        file.transfers.add(nanos, error);
    }

    private static void add(Tally sums, long read, long written, long error, long nanos) {
        sums.add(Sum.TRANSFERS, 1);
        sums.add(Sum.READ_BYTES, read);
        sums.add(Sum.WRITTEN_BYTES, written);
        sums.add(Sum.TRANSFER_NANOS, nanos);
        if (error != 0) {
            sums.add(Sum.TRANSFER_ERRORS, 1);
        }
    }

    /// The state dump tells of an open file.
    void dump(EventShape shape, PacketDecoder decoder, int first) {
        files.open(
                shape.number(decoder, first, DUMPED_PID),
                shape.number(decoder, first, DUMPED_FD),
                path(shape.text(decoder, first, DUMPED_NAME)));
    }
}
