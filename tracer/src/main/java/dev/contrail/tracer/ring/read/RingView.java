// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.contrail.tracer.ring.Layout;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;

/// Another process's ring file in our memory. Offsets given here have been checked against its
/// size.
///
/// If the file is cut, an access is an [InternalError], at once or at the next safepoint; so all
/// work on a view runs inside [#guarded], which turns it into a [RingException]. There is no atomic
/// instruction here: in the interpreter one ends the process.
final class RingView implements AutoCloseable {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, LITTLE_ENDIAN);

    /// What is done with a view.
    interface Work<T> {
        T run() throws IOException;
    }

    private final Path file;
    private final FileChannel channel;
    private final Mapping mapping;
    private final ByteBuffer map;
    private boolean isRing;

    RingView(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        long untrustedSize = channel.size();
        if (untrustedSize < Layout.MIN_FILE || untrustedSize > Layout.MAX_FILE) {
            throw new RingException(
                    file,
                    "not a whole ring: its size is %d bytes, want %d to %d. It was cut, is the copy of a part, or something else"
                            .formatted(untrustedSize, Layout.MIN_FILE, Layout.MAX_FILE));
        }
        mapping = new Mapping(channel, untrustedSize);
        map = mapping.bytes();
    }

    /// Gives memory and descriptor back.
    @Override
    public void close() throws IOException {
        channel.close(); // first: [#guarded] lets nobody in any more
        mapping.close();
    }

    /// The magic number has been seen, and stays.
    void isRing() {
        isRing = true;
    }

    Path file() {
        return file;
    }

    long size() {
        return map.capacity();
    }

    <T> T guarded(Work<T> work) throws IOException {
        try {
            checkUncut();
            T result = work.run();
            checkUncut(); // a call into the kernel delivers a fault that is still pending
            return result;
        } catch (InternalError e) {
            throw fault(e);
        }
    }

    RingException fault(InternalError e) {
        return new RingException(file, "memory fault: the file was cut", e);
    }

    /// Makes sure that what was read until now was in the file. A writer that finds its ring cut
    /// takes the magic number away.
    void checkUncut() throws IOException {
        if (channel.size() < size()) {
            throw new RingException(
                    file, "cut to %d bytes, want %d".formatted(channel.size(), size()));
        }
        if (isRing && getLongAcquire(Layout.H_MAGIC) != Layout.MAGIC) {
            throw new RingException(file, "given up by its process: it was cut, or deleted");
        }
    }

    int getShort(long at) {
        return map.getShort((int) at) & 0xffff;
    }

    int getInt(long at) {
        return map.getInt((int) at);
    }

    int getIntAcquire(long at) {
        return (int) INT.getAcquire(map, (int) at);
    }

    long getLong(long at) {
        return map.getLong((int) at);
    }

    /// In its written order.
    UUID getUuid(long at) {
        return new UUID(Long.reverseBytes(getLong(at)), Long.reverseBytes(getLong(at + 8)));
    }

    long getLongAcquire(long at) {
        return (long) LONG.getAcquire(map, (int) at);
    }

    long getLongOpaque(long at) {
        return (long) LONG.getOpaque(map, (int) at);
    }

    void putInt(long at, int value) {
        INT.setOpaque(map, (int) at, value);
    }

    void putLong(long at, long value) {
        LONG.setOpaque(map, (int) at, value);
    }

    void putLongRelease(long at, long value) {
        LONG.setRelease(map, (int) at, value);
    }

    void putIntRelease(long at, int value) {
        INT.setRelease(map, (int) at, value);
    }

    /// Copies `length` bytes to the start of `target`.
    void copy(long at, ByteBuffer target, int length) {
        target.put(0, map, (int) at, length);
    }

    /// The value of the `u32` or `u64` field at `at`, if it lies in `[least, most]`.
    long checked(String what, long at, long untrusted, long least, long most) throws RingException {
        if (untrusted < least || untrusted > most) {
            throw RingException.at(file, at, what, least + " to " + most, untrusted);
        }
        return untrusted;
    }
}
