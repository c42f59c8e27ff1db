// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.label;

import dev.contrail.relay.file.SafeNames;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.label.SessionLabel.Chunk;
import dev.contrail.relay.label.SessionLabel.Metadata;
import dev.contrail.relay.label.SessionLabel.Part;
import dev.contrail.relay.label.SessionLabel.Run;
import dev.contrail.relay.label.SessionLabel.Stream;
import dev.contrail.relay.label.SessionLabel.Trace;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The file of a [SessionLabel], which is replaced as a whole: a crash at any time leaves none, the
/// old one or the new one.
///
/// Big-endian: `u64` [#MAGIC], `u32` CRC-32C of what follows; the session daemon's UUID, `u64`
/// session id, `u64` creation time, `u32` live timer, `u32` trace format, host, name; and lists,
/// each a `u32` count and so many of: chunk (place, later place), trace (path, `u32` generation,
/// `u32` chunk, file, `u64` bytes), stream (`u32` trace, channel, `u64` last number, `u64` dropped
/// packets, list of parts). A part is `u32` chunk, file, `u64` bytes, `u64` entries and a list of
/// runs (`u64` entry, `u64` number). Texts have their `u16` length before them.
public final class LabelFile {
    /// Hidden: readers of traces pass over it.
    public static final String NAME = ".contrail-label";

    /// A session with more to say is not remembered: 10,000 files of streams have some 800 KiB.
    static final int MAX_BYTES = 4 << 20;

    /// Sessions of one directory: consumer daemons of one recording session have one each.
    static final int MAX_OF_ONE_DIRECTORY = 64;

    /// `CTRLLBL1` in ASCII.
    private static final long MAGIC = 0x4354_524c_4c42_4c31L;

    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

    /// Held while one is chosen that is free, and written.
    private static final Object CHOICE = new Object();

    private LabelFile() {}

    /// Whether a file has the name of one.
    public static boolean isOne(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.matches("\\.contrail-label(-\\d{1,2})?");
    }

    /// Writes the label of a session that has its directory for itself.
    ///
    /// @param isSynced whether it survives a loss of power
    public static void write(Path directory, SessionLabel label, boolean isSynced)
            throws IOException {
        write(directory, NAME, encoded(label), isSynced);
    }

    /// Writes the label of a session that others may have that directory with.
    public static void writeBeside(Path directory, SessionLabel label) throws IOException {
        ByteBuffer bytes = encoded(label);
        synchronized (CHOICE) {
            for (int number = 1; number <= MAX_OF_ONE_DIRECTORY; number++) {
                String name = NAME + "-" + number;
                if (!Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    write(directory, name, bytes, false);
                    return;
                }
            }
        }
        throw new IOException(directory + " has too many of them");
    }

    private static void write(Path directory, String name, ByteBuffer bytes, boolean isSynced)
            throws IOException {
        Path next = directory.resolve(name + ".new");
        try (FileChannel made = StoredFiles.create(next)) {
            StoredFiles.write(made, bytes, 0);
            if (isSynced) {
                made.force(true);
            }
        } catch (IOException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        if (isSynced) {
            StoredFiles.syncDirectory(directory);
        }
    }

    /// Removes the label of a session that has its directory for itself.
    public static void remove(Path directory) throws IOException {
        if (Files.deleteIfExists(directory.resolve(NAME))) {
            StoredFiles.syncDirectory(directory);
        }
    }

    /// Reads one.
    ///
    /// @throws IOException also when it is damaged, or none of ours
    public static SessionLabel read(Path file) throws IOException {
        ByteBuffer untrusted;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() > MAX_BYTES) {
                throw damaged(file, "it has %d bytes".formatted(channel.size()));
            }
            untrusted = ByteBuffer.allocate((int) channel.size());
            while (untrusted.hasRemaining() && channel.read(untrusted, untrusted.position()) > 0) {}
        }
        untrusted.flip();
        if (untrusted.remaining() < HEAD_BYTES
                || untrusted.getLong() != MAGIC
                || untrusted.getInt() != checksum(untrusted)) {
            throw damaged(file, "it is not as it was written");
        }
        try {
            return decoded(untrusted);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(file, "it says what cannot be");
        }
    }

    private static IOException damaged(Path file, String why) {
        return new IOException("%s is damaged: %s".formatted(file, why));
    }

    private static int checksum(ByteBuffer bytes) {
        var sum = new CRC32C();
        sum.update(bytes.duplicate());
        return (int) sum.getValue();
    }

    private static ByteBuffer encoded(SessionLabel label) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeInt(0);
        CreateSession request = label.request();
        out.writeLong(request.daemonUuid().getMostSignificantBits());
        out.writeLong(request.daemonUuid().getLeastSignificantBits());
        out.writeLong(request.sessionId());
        out.writeLong(request.createdSeconds());
        out.writeInt((int) request.liveTimerMicros());
        out.writeInt(request.traceFormat());
        put(out, request.host());
        put(out, request.name());
        out.writeInt(label.chunks().size());
        for (Chunk each : label.chunks()) {
            put(out, CString.of(each.place()));
            put(out, CString.of(each.later()));
        }
        out.writeInt(label.traces().size());
        for (Trace each : label.traces()) {
            put(out, each.path());
            out.writeInt(each.generation());
            out.writeInt(each.metadata().chunk());
            put(out, CString.of(each.metadata().file().toString()));
            out.writeLong(each.metadata().wholeBytes());
        }
        out.writeInt(label.streams().size());
        for (Stream each : label.streams()) {
            put(out, each);
        }
        ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
        return whole.putInt(Long.BYTES, checksum(whole.duplicate().position(HEAD_BYTES)));
    }

    private static void put(DataOutputStream out, Stream stream) throws IOException {
        out.writeInt(stream.trace());
        put(out, stream.channel());
        out.writeLong(stream.lastNumber());
        out.writeLong(stream.droppedPackets());
        out.writeInt(stream.parts().size());
        for (Part part : stream.parts()) {
            out.writeInt(part.chunk());
            put(out, CString.of(part.file().toString()));
            out.writeLong(part.bytes());
            out.writeLong(part.entries());
            out.writeInt(part.runs().size());
            for (Run run : part.runs()) {
                out.writeLong(run.entry());
                out.writeLong(run.number());
            }
            if (out.size() > MAX_BYTES) {
                throw new IOException("there is more to say than %d bytes".formatted(MAX_BYTES));
            }
        }
    }

    private static void put(DataOutputStream out, CString text) throws IOException {
        if (text.length() > 0xFFFF) {
            throw new IOException("a text of %d bytes".formatted(text.length()));
        }
        var bytes = ByteBuffer.allocate(text.length());
        text.putTo(bytes);
        out.writeShort(text.length());
        out.write(bytes.array());
    }

    private static SessionLabel decoded(ByteBuffer untrusted) {
        var daemon = new UUID(untrusted.getLong(), untrusted.getLong());
        long sessionId = untrusted.getLong();
        long createdSeconds = untrusted.getLong();
        long liveTimer = Integer.toUnsignedLong(untrusted.getInt());
        int format = untrusted.getInt();
        CString host = text(untrusted);
        var request =
                new CreateSession(
                        text(untrusted),
                        host,
                        CString.EMPTY,
                        liveTimer,
                        false,
                        false,
                        daemon,
                        sessionId,
                        createdSeconds,
                        false,
                        0,
                        format);
        return new SessionLabel(
                request,
                list(untrusted, LabelFile::chunk),
                list(untrusted, LabelFile::trace),
                list(untrusted, LabelFile::stream));
    }

    /// Reads an element of a list.
    private interface Reading<T> {
        T from(ByteBuffer untrusted);
    }

    private static <T> List<T> list(ByteBuffer untrusted, Reading<T> reading) {
        int count = untrusted.getInt();
        if (count < 0 || count > untrusted.remaining()) {
            throw new BufferUnderflowException();
        }
        var all = new ArrayList<T>();
        for (int i = 0; i < count; i++) {
            all.add(reading.from(untrusted));
        }
        return all;
    }

    private static Chunk chunk(ByteBuffer untrusted) {
        return new Chunk(place(text(untrusted)), place(text(untrusted)));
    }

    /// Below the session's directory, or that itself.
    private static String place(CString untrusted) {
        return untrusted.isEmpty() ? "" : below(untrusted).toString();
    }

    private static Path below(CString untrusted) {
        return SafeNames.below(untrusted)
                .orElseThrow(() -> new IllegalArgumentException("path " + untrusted));
    }

    private static Trace trace(ByteBuffer untrusted) {
        CString path = text(untrusted);
        int generation = untrusted.getInt();
        int chunk = untrusted.getInt();
        Path file = below(text(untrusted));
        return new Trace(path, generation, new Metadata(chunk, file, untrusted.getLong()));
    }

    private static Stream stream(ByteBuffer untrusted) {
        return new Stream(
                untrusted.getInt(),
                text(untrusted),
                untrusted.getLong(),
                untrusted.getLong(),
                list(untrusted, LabelFile::part));
    }

    private static Part part(ByteBuffer untrusted) {
        return new Part(
                untrusted.getInt(),
                below(text(untrusted)),
                untrusted.getLong(),
                untrusted.getLong(),
                list(untrusted, LabelFile::run));
    }

    private static Run run(ByteBuffer untrusted) {
        return new Run(untrusted.getLong(), untrusted.getLong());
    }

    private static CString text(ByteBuffer untrusted) {
        int length = Short.toUnsignedInt(untrusted.getShort());
        if (length > untrusted.remaining()) {
            throw new BufferUnderflowException();
        }
        CString text = CString.of(untrusted.slice(untrusted.position(), length));
        untrusted.position(untrusted.position() + length);
        return text;
    }
}
