// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.analysis.ListedPackets;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// The packets of a stream that lie in files, of which one is open while a packet is read.
///
/// A packet that has grown since it was listed is read as it was then.
public final class FilePackets implements ListedPackets {
    /// Packets up to this size are read into memory, larger ones are mapped.
    private static final int MAX_READ_BYTES = 16 << 20;

    /// Those of compressed files can only be read.
    private static final int MAX_UNPACKED_BYTES = 256 << 20;

    private static final End END = new End();

    /// A packet and the file that it is in.
    ///
    /// @param mayGrow whether somebody may write on in it
    public record Part(ListedStream of, int number, PacketLocation location, boolean mayGrow) {
        /// The file.
        public Path file() {
            return of.path();
        }
    }

    private final TracePlan plan;
    private final List<Part> parts;
    private final List<IndexEntry> entries;
    private final PacketMemory memory;
    private int next;
    private @Nullable StreamBytes file;
    private @Nullable Path path;
    private ByteBuffer buffer = PacketMemory.none();

    /// @param parts of one stream, in the order in which they are read; they do not change
    /// @param memory taken for packets, and given back
    public FilePackets(TracePlan plan, List<Part> parts, PacketMemory memory) {
        this.plan = plan;
        this.parts = parts;
        this.entries = new Entries(parts);
        this.memory = memory;
    }

    /// What is known of each packet, made when it is asked for.
    private static final class Entries extends AbstractList<IndexEntry> implements RandomAccess {
        private final List<Part> parts;

        private Entries(List<Part> parts) {
            this.parts = parts;
        }

        @Override
        public IndexEntry get(int number) {
            return parts.get(number).location().entry();
        }

        @Override
        public int size() {
            return parts.size();
        }
    }

    @Override
    public List<IndexEntry> entries() {
        return entries;
    }

    @Override
    public ListedPackets part(int from, int to) {
        return new FilePackets(plan, parts.subList(from, to), memory);
    }

    @Override
    public Arrival next() throws IOException {
        if (next == parts.size()) {
            return END;
        }
        Part part = parts.get(next);
        boolean isInterrupted = false;
        try {
            StreamBytes open = open(part);
            return part.mayGrow() ? grown(open, part) : read(open, part);
        } catch (CtfException e) {
            return new Unreadable(e.getMessage());
        } catch (ClosedChannelException e) {
            isInterrupted = true; // this thread is to end; another one may ask for the same
            throw e;
        } catch (IOException e) {
            return new Unreadable(UnreadableFile.of(part.file(), place(part), e).getMessage());
        } finally {
            if (!isInterrupted) {
                next++;
            }
            if (isInterrupted || part.of().compression() == Compression.NONE) {
                closeFile(); // descriptors are few
            }
        }
    }

    private static String place(Part part) {
        return ": packet %d at byte %d".formatted(part.number(), part.location().offsetBytes());
    }

    /// A compressed file stays open until a packet comes from another one.
    private StreamBytes open(Part part) throws IOException {
        StreamBytes open = file;
        if (open == null || !part.file().equals(path)) {
            closeFile();
            open = part.of().open();
            file = open;
            path = part.file();
        }
        return open;
    }

    private void closeFile() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    @Override
    public boolean isSeekable() {
        return parts.stream().allMatch(each -> each.of().compression() == Compression.NONE);
    }

    private Packet read(StreamBytes open, Part part) throws IOException, CtfException {
        long offset = part.location().offsetBytes();
        long rest = Math.max(0, open.size() - offset);
        ByteBuffer bytes = bytes(open, part, Math.min(rest, part.location().sizeBytes()));
        return new Packet(
                bytes, part.file().toString(), part.number(), offset, rest, Optional.empty());
    }

    /// A header that may be written at this moment is read again when it makes no sense.
    private Packet grown(StreamBytes open, Part part) throws IOException, CtfException {
        Packet read = read(open, part);
        try {
            return extended(open, read, part);
        } catch (CtfException e) {
            Packet again = read(open, part);
            try {
                return extended(open, again, part);
            } catch (CtfException stillThere) {
                return again; // who decodes it will tell
            }
        }
    }

    private Packet extended(StreamBytes open, Packet read, Part part)
            throws IOException, CtfException {
        IndexEntry now =
                PacketDecoder.interpreter(plan)
                        .begin(
                                read.bytes(),
                                read.place(),
                                read.number(),
                                read.offsetBytes(),
                                read.availableBytes());
        IndexEntry listed = part.location().entry();
        boolean isGrown =
                now.isGrownFrom(listed) && now.packetBits() / 8 <= open.size() - read.offsetBytes();
        return isGrown
                ? new Packet(
                        read.bytes(),
                        read.place(),
                        read.number(),
                        read.offsetBytes(),
                        read.availableBytes(),
                        Optional.of(listed))
                : read;
    }

    private ByteBuffer bytes(StreamBytes open, Part part, long length)
            throws IOException, CtfException {
        long offset = part.location().offsetBytes();
        if (length > Integer.MAX_VALUE) {
            throw new CtfException(
                    part.file() + place(part),
                    "packet of %d bytes, want less than 2^31".formatted(length));
        }
        if (length > MAX_READ_BYTES) {
            Optional<ByteBuffer> mapped = open.map(offset, length);
            if (mapped.isPresent()) {
                return mapped.get();
            }
        }
        if (length > MAX_UNPACKED_BYTES) {
            throw new CtfException(
                    part.file() + place(part),
                    "packet of %d bytes in a compressed file, want at most %d: unpack the file"
                            .formatted(length, MAX_UNPACKED_BYTES));
        }
        if (buffer.capacity() < length) {
            memory.giveBack(buffer);
            buffer = memory.take((int) length);
        }
        buffer.clear().limit((int) length);
        open.read(buffer, offset);
        return buffer;
    }

    @Override
    public void close() throws IOException {
        closeFile();
        memory.giveBack(buffer);
        buffer = PacketMemory.none();
    }
}
