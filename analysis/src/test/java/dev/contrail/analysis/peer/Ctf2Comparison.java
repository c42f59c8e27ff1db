// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.ctf2.Ctf2Writer;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.ctf.translate.Ctf2Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What must be the same of a trace, however it is declared and written: its metadata read, written
/// and read again; the same stream files with the metadata of the other version; copies in both
/// versions, and of the one of CTF 1.8 also what babeltrace2 2.0.4 says, which reads no other.
final class Ctf2Comparison {
    private static final List<String> TEXT = List.of("--clock-gmt", "--clock-date");
    private static final List<String> VALUES = List.of("--clock-gmt", "--names=none");
    private static final List<String> DETAILS = List.of("-c", "sink.text.details");
    private static final List<String> MESSAGES =
            List.of("-c", "sink.text.details", "-p", "with-metadata=no,with-uuid=no");

    private final Path work;
    private final SideBySide readers;
    private int compared;

    Ctf2Comparison(Path work, SideBySide readers) {
        this.work = work;
        this.readers = readers;
    }

    /// How many copies and translations there were.
    int compared() {
        return compared;
    }

    /// The first thing that is not the same, or that is no answer.
    Optional<String> find(Path trace) throws IOException, InterruptedException {
        Reading text = read(TEXT, trace);
        Reading details = read(DETAILS, trace);
        for (Reading each : List.of(text, details)) {
            if (each.hasDied()) {
                return Optional.of("our reader has died\n" + each.err());
            }
            if (each.status() != 0 && !each.err().contains("ERROR: ")) {
                return Optional.of("no word of why\n" + each.err());
            }
        }
        if (details.err().contains(": the packet's ")) {
            return Optional.empty(); // has a time that cannot be shown, and text does not show it
        }
        if (text.status() != details.status()) {
            return different("status, of text and details", text, details);
        }
        Metadata metadata;
        try {
            metadata = MetadataFile.read("metadata", trace.resolve("metadata"));
            TracePlan.of("metadata", metadata);
        } catch (CtfException e) {
            return text.status() != 0
                    ? Optional.empty()
                    : Optional.of("read once, but not twice\n" + e);
        }
        if (!metadata.damage().isEmpty()) {
            return Optional.empty(); // what is written anew is whole
        }
        Optional<String> found =
                metadata.trace().version() == CtfVersion.CTF_2
                        ? rewritten(trace, metadata, details)
                        : translated(trace, metadata, text);
        return text.status() != 0 ? found : found.or(() -> unchecked(() -> copied(trace, text)));
    }

    private interface Check {
        Optional<String> find() throws IOException, InterruptedException;
    }

    private static Optional<String> unchecked(Check check) {
        try {
            return check.find();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reading read(List<String> options, Path trace) {
        var arguments = new ArrayList<>(options);
        arguments.add(trace.toString());
        return Ours.read(arguments);
    }

    /// Without what only one of two folders has: their names.
    private static String plain(String text, Path folder) {
        return text.replace(folder.toString(), "FOLDER");
    }

    private static Reading with(UnaryOperator<String> change, Reading reading) {
        return new Reading(
                reading.status(), change.apply(reading.out()), reading.err(), reading.hasDied());
    }

    private static Reading plain(Reading reading, Path folder) {
        return new Reading(
                reading.status(),
                plain(reading.out(), folder),
                plain(reading.err(), folder),
                reading.hasDied());
    }

    static Optional<String> different(String what, Reading one, Reading other) {
        List<String> lines = one.out().lines().toList();
        List<String> others = other.out().lines().toList();
        int at = 0;
        while (at < Math.min(lines.size(), others.size()) && lines.get(at).equals(others.get(at))) {
            at++;
        }
        return Optional.of(what + told(one, lines, at) + told(other, others, at));
    }

    /// What a reader printed from just before a line on, and its errors.
    private static String told(Reading reading, List<String> lines, int from) {
        List<String> some = lines.subList(Math.max(0, from - 3), Math.min(lines.size(), from + 5));
        return "\n--- status %d\n%s\n%s"
                .formatted(reading.status(), String.join("\n", some), reading.err());
    }

    private static Optional<String> compare(
            String what, Path trace, Reading one, Path folder, Reading other) {
        boolean isSame =
                !other.hasDied()
                        && one.status() == other.status()
                        && plain(one.out(), trace).equals(plain(other.out(), folder));
        return isSame ? Optional.empty() : different(what, plain(one, trace), plain(other, folder));
    }

    /// The trace's stream files with another metadata text.
    private Path with(String metadata, Path trace) throws IOException {
        Path folder = work.resolve("other");
        DifferentialFuzz.delete(folder);
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(trace)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.copy(each, folder.resolve(each.getFileName().toString()));
            }
        }
        Files.writeString(folder.resolve("metadata"), metadata);
        compared++;
        return folder;
    }

    private Optional<String> rewritten(Path trace, Metadata metadata, Reading details)
            throws IOException {
        Path folder = with(Ctf2Writer.metadata(metadata), trace);
        return compare("metadata written anew", trace, details, folder, read(DETAILS, folder));
    }

    private Optional<String> translated(Path trace, Metadata metadata, Reading text)
            throws IOException {
        String other;
        try {
            other = Ctf2Writer.metadata(Ctf2Translation.of("metadata", metadata));
        } catch (CtfException e) {
            return e.getMessage().endsWith("which CTF 2 cannot say")
                    ? Optional.empty()
                    : Optional.of("not translated\n" + e);
        }
        Path folder = with(other, trace);
        return compare(
                        "translated metadata",
                        trace,
                        with(Ctf1Values::plain, text),
                        folder,
                        with(Ctf1Values::plain, read(TEXT, folder)))
                .or(() ->
                        compare(
                                "messages by translated metadata",
                                trace,
                                with(Ctf1Values::plainMessages, read(MESSAGES, trace)),
                                folder,
                                with(Ctf1Values::plainMessages, read(MESSAGES, folder))));
    }

    /// What babeltrace2 and ours read otherwise.
    Optional<String> besidePeer(Path trace, List<String> options)
            throws IOException, InterruptedException {
        return readers.compare(List.of(trace), List.of(options))
                .map(found -> "beside babeltrace2\n" + found);
    }

    /// Writes a trace anew.
    static Reading copy(Path trace, Path folder, String version) {
        String parameters = "quiet=yes,assume-single-trace=yes,ctf-version=\"" + version + "\"";
        return read(List.of("-o", "ctf", "-w", folder.toString(), "-p", parameters), trace);
    }

    private Optional<String> copied(Path trace, Reading text)
            throws IOException, InterruptedException {
        if (text.out().isEmpty()) {
            return Optional.empty();
        }
        for (String version : List.of("2", "1.8")) {
            Path folder = work.resolve("copy");
            DifferentialFuzz.delete(folder);
            Reading copying = copy(trace, folder, version);
            if (copying.hasDied() || copying.status() != 0) {
                boolean isRefused = copying.err().contains("which CTF 2 cannot say");
                if (isRefused && !copying.hasDied()) {
                    continue;
                }
                return Optional.of("no copy as " + version + "\n" + copying.err());
            }
            compared++;
            Reading values = read(VALUES, trace);
            Reading copy = read(VALUES, folder);
            boolean isSame =
                    copy.status() == 0
                            && Ctf1Values.plain(values.out()).equals(Ctf1Values.plain(copy.out()));
            if (!isSame) {
                return different("copy as " + version, values, copy);
            }
            if (version.equals("1.8")) {
                Optional<String> found = besidePeer(folder, TEXT);
                if (found.isPresent()) {
                    return found;
                }
                found = besidePeer(folder, DETAILS);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
