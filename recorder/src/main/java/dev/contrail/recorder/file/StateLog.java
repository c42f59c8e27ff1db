// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/// State that a next daemon goes on from: a file to which records are appended, each with its
/// checksum, after a first line with format version and boot.
///
/// A line is eight hexadecimal digits, CRC-32C of what follows, a blank, and the record, in which
/// `\n` stands for a line feed and `\\` for a backslash. The first is `contrail-state VERSION
/// BOOT-ID`.
///
/// It is never a reason not to start. A last line that was cut, by a kill, a power failure or a
/// full disk, was not acted upon: it is cut off. Records that are damaged otherwise are left out,
/// and the file as it was is kept beside it under a name that begins with `damaged-`; one that is
/// no state of ours at all, or of a version that we do not know, is put aside under a name that
/// begins with `unreadable-`, and a new one begun. [#problem] says so.
///
/// A record is in the file when [#append] returns; it outlives the process at once, and a power
/// failure as soon as the system writes it back: appending does not wait for a disk. [#replace]
/// does, so that the name always leads to a whole file.
///
/// ```java
/// StateLog log = StateLog.open(stateDirectory.resolve("things"));
/// log.records().forEach(this::replay);
/// log.append("thing\t1");
/// ```
///
/// It holds no descriptor between two calls. Owned by one thread.
public final class StateLog {
    /// Bytes of one record: an event class with as many fields as there may be.
    public static final int MAX_RECORD_BYTES = 1 << 20;

    /// Bytes of one file: beyond it nothing is appended.
    public static final long MAX_FILE_BYTES = 64L << 20;

    private static final String KIND = "contrail-state";
    private static final int VERSION = 1;
    private static final int CHECKSUM_DIGITS = 8;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path file;
    private final String boot;
    private final List<String> records;
    private final String problem;
    private final boolean mayLackRecords;
    private long size;

    private StateLog(
            Path file,
            String boot,
            List<String> records,
            String problem,
            boolean mayLackRecords,
            long size) {
        this.file = file;
        this.mayLackRecords = mayLackRecords;
        this.boot = boot;
        this.records = List.copyOf(records);
        this.problem = problem;
        this.size = size;
    }

    /// Opens the file, or begins it.
    ///
    /// @throws IOException when it can neither be read nor put aside
    public static StateLog open(Path file) throws IOException {
        String now = currentBoot();
        Optional<Content> found = Files.exists(file) ? read(file) : Optional.empty();
        String problem = "";
        if (Files.exists(file) && found.isEmpty()) {
            Path aside = besides(file, "unreadable");
            Files.move(file, aside);
            problem = file + " is no state of this version: it was put aside as " + aside;
        } else if (found.isPresent() && found.get().damaged > 0) {
            Path aside = besides(file, "damaged");
            Files.copy(file, aside);
            problem =
                    "%d records of %s were damaged; as it was it is kept as %s"
                            .formatted(found.get().damaged, file, aside);
        }
        if (found.isEmpty() || found.get().damaged > 0) {
            List<String> kept = found.map(Content::records).orElse(List.of());
            String boot = found.map(Content::boot).orElse(now);
            write(file, boot, kept);
            return new StateLog(file, boot, kept, problem, !problem.isEmpty(), Files.size(file));
        }
        Content content = found.get();
        boolean isCut = Files.size(file) > content.wholeBytes;
        try (FileChannel channel = channel(file)) {
            channel.truncate(content.wholeBytes);
        }
        return new StateLog(
                file, content.boot, content.records, problem, isCut, content.wholeBytes);
    }

    /// Whether the file begins as a state does that [#open] can read.
    public static boolean isOne(Path file) throws IOException {
        return read(file).isPresent();
    }

    /// What is in the file, for who does not go on from it; nothing when it is no state of ours.
    public static List<String> recordsIn(Path file) throws IOException {
        return read(file).map(Content::records).orElse(List.of());
    }

    /// Whether the file was begun, and no record was ever in it that counts.
    public static boolean isWithoutRecord(Path file) throws IOException {
        return read(file)
                .map(found -> found.records().isEmpty() && found.damaged() == 0)
                .orElse(false);
    }

    /// Puts a state with these records in the place of what a daemon of an earlier version has
    /// left; whole or not at all.
    public static void begin(Path file, List<String> records) throws IOException {
        write(file, currentBoot(), records);
    }

    /// What was in the file when it was opened, in order.
    public List<String> records() {
        return records;
    }

    /// The boot in which the file was begun or last replaced.
    public String boot() {
        return boot;
    }

    /// Whether the machine has been restarted since: what it says of memory, processes and clocks
    /// is then history.
    public boolean isOfEarlierBoot() throws IOException {
        return !boot.equals(currentBoot());
    }

    /// What was found wrong with the file, for the user; empty for nothing.
    public String problem() {
        return problem;
    }

    /// Whether there may have been more records than there are: it was damaged, or cut, and nobody
    /// knows how far.
    public boolean mayLackRecords() {
        return mayLackRecords;
    }

    /// Bytes of the file, for who compacts it.
    public long sizeBytes() {
        return size;
    }

    /// Appends a record, whole or not at all.
    public void append(String record) throws IOException {
        ByteBuffer line = line(record);
        if (line.remaining() > MAX_RECORD_BYTES) {
            throw new IOException(
                    "%s: a record of %d bytes, at most %d"
                            .formatted(file, line.remaining(), MAX_RECORD_BYTES));
        }
        if (size + line.remaining() > MAX_FILE_BYTES) {
            throw new IOException(file + " is full: it has " + size + " bytes");
        }
        try (FileChannel channel = channel(file)) {
            long at = size;
            try {
                while (line.hasRemaining()) {
                    at += channel.write(line, at);
                }
            } catch (IOException e) {
                channel.truncate(size); // Cutting needs no space.
                throw e;
            }
            size = at;
        }
    }

    /// Makes the file hold these records and no others, of the present boot; whole or not at all.
    public void replace(List<String> newRecords) throws IOException {
        write(file, currentBoot(), newRecords);
        size = Files.size(file);
    }

    /// The identity of this boot of the machine.
    public static String currentBoot() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }

    /// A name beside the file's that says what became of it, with the time.
    public static Path besides(Path file, String what) {
        Path path = file;
        String name = what + "-" + DATE.format(Instant.now()) + "." + file.getFileName();
        for (int i = 1; i == 1 || Files.exists(path); i++) {
            path = file.resolveSibling(i == 1 ? name : name + "-" + i);
        }
        return path;
    }

    private record Content(String boot, List<String> records, long wholeBytes, int damaged) {}

    /// Empty when it is not ours.
    private static Optional<Content> read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            return Optional.empty();
        }
        byte[] untrusted = Files.readAllBytes(file);
        var records = new ArrayList<String>();
        int damaged = 0;
        int begin = 0;
        int end = end(untrusted, begin);
        Optional<String> head = end < 0 ? Optional.empty() : record(untrusted, begin, end);
        String[] words = head.orElse("").split(" ", 3);
        if (words.length < 3 || !words[0].equals(KIND) || !words[1].equals(VERSION + "")) {
            return Optional.empty();
        }
        begin = end + 1;
        for (end = end(untrusted, begin); end >= 0; end = end(untrusted, begin)) {
            Optional<String> record = record(untrusted, begin, end);
            record.ifPresent(records::add);
            damaged += record.isPresent() ? 0 : 1;
            begin = end + 1;
        }
        return Optional.of(new Content(words[2], records, begin, damaged));
    }

    private static int end(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Optional<String> record(byte[] bytes, int begin, int end) {
        int text = begin + CHECKSUM_DIGITS + 1;
        if (text > end || bytes[text - 1] != ' ') {
            return Optional.empty();
        }
        String sum = new String(bytes, begin, CHECKSUM_DIGITS, StandardCharsets.ISO_8859_1);
        return sum.equals(checksum(bytes, text, end - text))
                ? Optional.of(
                        unescaped(new String(bytes, text, end - text, StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    private static ByteBuffer line(String record) {
        byte[] text =
                record.replace("\\", "\\\\").replace("\n", "\\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(CHECKSUM_DIGITS + 2 + text.length)
                .put(checksum(text, 0, text.length).getBytes(StandardCharsets.ISO_8859_1))
                .put((byte) ' ')
                .put(text)
                .put((byte) '\n')
                .flip();
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                plain.append(next == 'n' ? '\n' : next);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String checksum(byte[] bytes, int begin, int length) {
        var sum = new CRC32C();
        sum.update(bytes, begin, length);
        return "%08x".formatted(sum.getValue());
    }

    private static void write(Path file, String boot, List<String> records) throws IOException {
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (FileChannel out =
                PrivateFiles.open(
                        next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            writeWhole(out, line(KIND + " " + VERSION + " " + boot));
            for (String record : records) {
                writeWhole(out, line(record));
            }
            out.force(false);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void writeWhole(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        return PrivateFiles.open(file, Set.of(StandardOpenOption.WRITE));
    }
}
