// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// An open file of a [SimulatedDisk].
final class SimulatedChannel extends FileChannel {
    private final SimulatedDisk disk;
    private final SimulatedFile file;
    private final String path;
    private final boolean isAppending;
    private long position;
    private boolean isLocked;

    SimulatedChannel(SimulatedDisk disk, SimulatedFile file, String path, boolean isAppending) {
        this.disk = disk;
        this.file = file;
        this.path = path;
        this.isAppending = isAppending;
    }

    private void check() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = read(into, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        check();
        return file.read(into, at);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        return read(into[offset]);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = write(from, isAppending ? file.size() : position);
        position += count;
        return count;
    }

    /// As much as there is room for.
    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        check();
        disk.step();
        disk.mayFail(path);
        if (!from.hasRemaining()) {
            return 0;
        }
        long grown = Math.max(0, at + from.remaining() - file.size());
        int count = (int) (from.remaining() - Math.max(0, grown - disk.free()));
        if (count <= 0) {
            throw SimulatedDisk.full(path);
        }
        file.write(from, count, at);
        return count;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            while (from[i].hasRemaining()) {
                sum += write(from[i]);
            }
        }
        return sum;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long to) {
        position = to;
        return this;
    }

    @Override
    public long size() throws IOException {
        check();
        return file.size();
    }

    @Override
    public FileChannel truncate(long to) throws IOException {
        check();
        disk.step();
        file.cut(to);
        return this;
    }

    @Override
    public void force(boolean isWithMetadata) throws IOException {
        check();
        disk.step();
        disk.mayFail(path);
        file.sync();
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment map(MapMode mode, long at, long size, Arena arena) {
        file.settle();
        return MemorySegment.ofArray(file.bytes()).asSlice(at, size);
    }

    @Override
    public FileLock lock(long at, long size, boolean isShared) {
        throw new UnsupportedOperationException();
    }

    /// Of the whole file.
    @Override
    public FileLock tryLock(long at, long size, boolean isShared) throws IOException {
        check();
        disk.step();
        SimulatedProcess owner = SimulatedProcess.current().orElseThrow();
        if (!file.lock(owner)) {
            return null;
        }
        isLocked = true;
        return new FileLock(this, at, size, isShared) {
            @Override
            public boolean isValid() {
                return isLocked && isOpen();
            }

            @Override
            public void release() {
                unlock();
            }
        };
    }

    private void unlock() {
        if (isLocked) {
            isLocked = false;
            file.unlock();
        }
    }

    @Override
    protected void implCloseChannel() {
        unlock();
    }
}
